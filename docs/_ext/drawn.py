"""Figures that a run drew, light and dark as one; and the boxes of a chapter page."""

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.parsers.rst.directives.admonitions import BaseAdmonition
from docutils.parsers.rst.directives.images import Figure

from root import ROOT, kept_run


class Drawn(Figure):
    """.. drawn:: 02_jensen_elbo/touching_bound -- with :alt: and a caption, both wanted; :synthetic: where
    nothing of the run's data set is in the picture."""

    option_spec = {"alt": directives.unchanged_required, "width": directives.unchanged,
                   "name": directives.unchanged, "synthetic": directives.flag}

    def run(self):
        name = self.arguments[0]
        folder = ROOT / "figures"
        if not self.options.get("alt") or not self.content:
            raise self.error(f"drawn {name}: wanted :alt: and a caption")
        images = [path for ending in (".svg", ".gif", ".png")
                  for path in ([folder / f"{name}_{tone}{ending}" for tone in ("light", "dark")],
                               [folder / f"{name}{ending}"]) if all(p.exists() for p in path)]
        if not images:
            raise self.error(f"drawn: figures/{name} is no figure of a kept run")
        uris = ["/../figures/" + str(path.relative_to(folder)) for path in images[0]]
        self.arguments[0] = uris[0]
        if images[0][0].suffix == ".png":  # a sheet of digits: each pixel as large as the page allows
            width = int.from_bytes(images[0][0].read_bytes()[16:20], "big")
            self.options.setdefault("width", f"{width * max(1, 700 // width)}px")
        (figure, *rest) = super().run()
        if not isinstance(figure, nodes.figure):
            return [figure, *rest]
        self.pair(figure, uris)
        self.origin(figure, name, "synthetic" in self.options)
        return [figure, *rest]

    @staticmethod
    def pair(figure, uris):
        light = next(iter(figure.findall(nodes.image)))
        if len(uris) == 2:
            dark = light.deepcopy()
            dark["uri"] = uris[1]
            light["classes"].append("only-light")
            dark["classes"].append("only-dark")
            light.parent.insert(light.parent.index(light) + 1, dark)

    @staticmethod
    def origin(figure, name, synthetic):
        number = name[:2]
        if not number.isdigit():
            return
        run = kept_run(number)
        text = f"Drawn by ./book run {number}, seed {run['seed']}"
        if run.get("data") and not synthetic:
            text += f", data: {run['data']['name']}"
        legend = next(iter(figure.findall(nodes.legend)), None)
        if legend is None:
            legend = nodes.legend()
            figure += legend
        legend += nodes.paragraph(text=text + ".", classes=["origin"])


class Box(BaseAdmonition):
    """An admonition whose title is always the same."""

    node_class = nodes.admonition
    title, kind = "", ""

    def run(self):
        self.options.setdefault("class", []).append(self.kind)
        self.assert_has_content()
        text = "\n".join(self.content)
        box = nodes.admonition(text, classes=[self.kind])
        box += nodes.title(self.title, self.title)
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


def box(kind, title):
    return type(kind.capitalize(), (Box,), {"kind": kind, "title": title})


def formula_sheet(app, docname, source):
    """A chapter's formula sheet and exercises stand behind it and share its number."""
    number = docname[:2]
    if number.isdigit() and "/" not in docname:
        source[0] += (f"\n\n.. toctree::\n   :hidden:\n\n   equations/{number}\n"
                      f"   exercises/{number}\n")


def setup(app):
    app.add_directive("drawn", Drawn)
    app.add_directive("language", box("language", "In the other language"))
    app.add_directive("slip", box("slip", "Where tutorials slip"))
    app.add_directive("try", box("try", "Try this"))
    app.connect("source-read", formula_sheet)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
