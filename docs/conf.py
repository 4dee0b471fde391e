"""How the site is made; ./book docs calls it. What it needs beside this folder it finds in build/docs."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / "build/docs"
sys.path.insert(0, str(HERE / "_ext"))

project = "elbo"
author = "The authors of elbo"
copyright = "2026, the authors of elbo"
release = version = "0.1.0"
language = "en"

extensions = ["reference", "sphinxcontrib.bibtex", "sphinx_copybutton", "myst_parser", "equations",
              "katex", "runs", "listing", "drawn", "instrument", "exercises", "accessible", "lean"]
exclude_patterns = ["_ext", "_static"]
nitpicky = True
# What no page of ours documents: the standard library, Eigen, template parameters.
nitpick_ignore_regex = [("cpp:identifier", r"(std|Eigen|T|F|Model|size_t|u?int\d+_t).*")]

numfig = True
numfig_secnum_depth = 1
numfig_format = {"figure": "Figure %s", "table": "Table %s", "code-block": "Listing %s",
                 "section": "Section %s"}
math_numfig = True
math_eqref_format = "({number})"
html_math_renderer = "katex"
katex_folder = str(BUILD / "node_modules/katex")
suppress_warnings = ["epub.unknown_project_files", "myst.header"]

breathe_projects = {"elbo": str(BUILD / "doxygen/xml")}
breathe_default_project = "elbo"
breathe_domain_by_extension = {"hpp": "cpp"}
breathe_default_members = ("members",)
breathe_show_include = False
cpp_index_common_prefix = ["elbo::"]

bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "plain"
bibtex_reference_style = "author_year"

copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True
copybutton_remove_prompts = True

pygments_style = "ink.Light"
pygments_dark_style = "ink.Dark"
html_theme = "furo"
templates_path = ["_templates"]
html_title = "elbo"
html_short_title = "elbo"
html_static_path = ["_static", str(BUILD / "static")]
html_favicon = "_static/favicon.svg"
html_css_files = ["katex/katex.min.css", "book.css"]
html_js_files = ["book.js"]
html_copy_source = False
html_show_sphinx = False
html_last_updated_fmt = None
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b5cad", "color-brand-content": "#0b5cad"},
    "dark_css_variables": {"color-brand-primary": "#6cb6ff", "color-brand-content": "#6cb6ff"},
}

epub_show_urls = "no"
epub_basename = "elbo"
epub_exclude_files = ["search.html"]
