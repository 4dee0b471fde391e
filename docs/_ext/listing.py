"""Code on the page is the code that runs: .. listing:: FILE MARK shows what stands between two
comments `// [MARK]`. A lost mark fails the build. Names that the reference knows become links."""

import re
import textwrap

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from root import ROOT


def between_marks(text, mark):
    """The lines between the first two marks, and the number of the first; ValueError if lost."""
    lines = text.split("\n")
    places = [i for i, line in enumerate(lines) if line.strip() in (f"// [{mark}]", f"# [{mark}]")]
    if len(places) != 2:
        raise ValueError(f"wanted two marks [{mark}], found {len(places)}")
    first, last = places
    return textwrap.dedent("\n".join(lines[first + 1:last])).strip("\n"), first + 2


class Listing(SphinxDirective):
    required_arguments = 2
    option_spec = {"run": directives.unchanged}

    def run(self):
        name, mark = self.arguments
        path = ROOT / name
        self.env.note_dependency(str(path))
        try:
            code, line = between_marks(path.read_text(encoding="utf-8"), mark)
        except (OSError, ValueError) as error:
            raise self.error(f"listing {name}: {error}") from error
        language = {".cpp": "cpp", ".hpp": "cpp", ".py": "python"}.get(path.suffix, "text")
        block = nodes.literal_block(code, code, language=language)
        self.set_source_info(block)
        caption = nodes.caption("", "", nodes.literal("", f"{name}:{line}"))
        command = self.options.get("run") or self.command(name)
        if command:
            caption += [nodes.Text(" · "), nodes.literal("", command)]
        wrapper = nodes.container("", classes=["literal-block-wrapper"], literal_block=True)
        wrapper += [caption, block]
        return [wrapper]

    @staticmethod
    def command(name):
        chapter = re.match(r"chapters/(\d\d)_", name)
        return f"./book run {chapter[1]}" if chapter else ""


def link_names(app, _pagename, _template, context, _doctree):
    """In C++ listings, a name of the library leads to its entry in the reference."""
    body = context.get("body")
    if not body or app.builder.format != "html" or app.builder.name == "epub":
        return
    places = known_names(app)

    def link(found):
        *where, is_function = places.get(found[2], (None,))
        called = found.string[found.end():].startswith(('<span class="p">(', '<span class="o">&lt;'))
        if not where or is_function and not called:
            return found[0]
        uri = app.builder.get_relative_uri(context["pagename"], where[0]) + "#" + where[1]
        return f'<span class="{found[1]}"><a class="known" href="{uri}">{found[2]}</a></span>'

    def block(found):
        # Not a member: after a dot.
        return re.sub(r'(?<!<span class="p">\.</span>)<span class="(n|nf|nc)">(\w+)</span>', link,
                      found[0])
    context["body"] = re.sub(r'<div class="highlight-cpp.*?</pre>', block, body, flags=re.DOTALL)


def known_names(app):
    if not hasattr(app, "known_names"):
        app.known_names = {}
        for name, _, kind, docname, place, _ in app.env.get_domain("cpp").get_objects():
            parts = name.split("::")
            if len(parts) == 2 and parts[0] == "elbo" and kind in ("class", "function", "type",
                                                                   "enum"):
                app.known_names.setdefault(parts[1], (docname, place, kind == "function"))
    return app.known_names


def setup(app):
    app.add_directive("listing", Listing)
    app.connect("html-page-context", link_names)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
