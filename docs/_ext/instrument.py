"""An instrument: C++ in the page, behind sliders. Where scripts or modules are off, the figure inside the directive
stands for it, with a word on how to have it.

.. instrument:: kl
   :title: What the reader is offered, one line.

   .. drawn:: 01_entropy_kl/two_humps   (or :figure: the name of one elsewhere on the page)
"""

from html import escape

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from root import ROOT

BUILT = ROOT / "build/docs/static/interactive/networks.wasm"
SERVE = "``./book docs --serve``"


class Instrument(SphinxDirective):
    required_arguments = 1
    has_content = True
    option_spec = {"title": directives.unchanged_required, "figure": directives.unchanged_required}

    def run(self):
        name, title = self.arguments[0], self.options.get("title", "")
        if not title or not (ROOT / f"docs/interactive/{name}.ts").exists():
            raise self.error(f"instrument {name}: wanted docs/interactive/{name}.ts and a :title:")
        if bool(self.content) == bool(self.options.get("figure")):
            raise self.error(f"instrument {name}: wanted a figure inside or the :figure: of one")
        self.env.note_dependency(str(BUILT))
        content = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, content)
        if self.env.app.builder.name == "html" and BUILT.exists():
            data = f' data-instrument="{escape(name)}" data-title="{escape(title)}"'
            why = f"It needs scripts, and a page that is served: {SERVE}."
        else:
            data, why = "", f"It needs the site, built with emscripten and served: {SERVE}."
        where = f" :numref:`{self.options['figure']}` shows the same at rest." if "figure" in self.options else ""
        words, _ = self.state.inline_text(f"Here stands an instrument: {title} {why}{where}", self.lineno)
        return [nodes.raw("", f'<div class="instrument"{data}>', format="html"), *content.children,
                nodes.paragraph("", "", *words, classes=["instead"]), nodes.raw("", "</div>", format="html")]


def tell(app):
    if app.builder.name == "html" and not BUILT.exists():
        logging.getLogger(__name__).info("Without emscripten: figures stand where the instruments would.")


def setup(app):
    app.add_directive("instrument", Instrument)
    app.connect("builder-inited", tell)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
