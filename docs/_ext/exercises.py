"""The exercises of a chapter on its page: .. exercises:: NN shows each one's question (the stub itself),
command, and folded, its hints and its solution, all from the files that ./book exercise uses."""

import re
import sys

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from root import ROOT

sys.path.insert(0, str(ROOT / "cmake/exercise"))
from catalogue import catalogue  # noqa: E402

KINDS = {"formula": "a formula to fill in", "gradient": "a gradient to derive",
         "bug": "a bug to find", "extend": "something the chapter does not have",
         "open": "open: a score to beat"}


def plain(text):
    """A paragraph of plain text, where `this` is code."""
    paragraph = nodes.paragraph()
    for i, piece in enumerate(re.split(r"`([^`]+)`", text)):
        paragraph += nodes.literal(piece, piece) if i % 2 else nodes.Text(piece)
    return paragraph


def folded(kind, summary, *content):
    return [nodes.raw("", f'<details class="{kind}"><summary>{summary}</summary>', format="html"),
            *content, nodes.raw("", "</details>", format="html")]


def question_of(stub):
    """The comment that a stub begins with, as paragraphs, formulas as they stand; and the rest."""
    lines = stub.split("\n")
    count = next(i for i, line in enumerate(lines) if not line.startswith("//"))
    comment = [re.sub(r"^// ?", "", line) for line in lines[:count]]
    comment = [re.sub(r"\s*\(?\beq:[a-z0-9-]+\)?,?\s*$", "", line) for line in comment]
    found = []
    for block in re.split(r"\n\s*\n", "\n".join(comment).strip("\n")):
        rows = block.split("\n")
        if all(row.startswith("  ") for row in rows):
            found.append(nodes.literal_block(block, block, language="none"))
        elif any(re.match(r"- |  ", row) for row in rows):
            found.append(nodes.line_block("", *(nodes.line(row, row) for row in rows)))
        else:
            found.append(plain(" ".join(rows)))
    return found, "\n".join(lines[count:])


class Exercises(SphinxDirective):
    required_arguments = 1

    def run(self):
        chosen = [one for one in catalogue() if one.chapter.startswith(self.arguments[0] + "_")]
        if not chosen:
            raise self.error(f"exercises: chapter {self.arguments[0]} has none")
        catalogue_file = chosen[0].file().with_name("exercises.toml")
        self.env.note_dependency(str(catalogue_file))
        self.env.note_dependency(__file__)
        return [self.exercise(one) for one in chosen]

    def exercise(self, one):
        part = nodes.section("", nodes.title(one.title, one.title), classes=["exercise"],
                             ids=[nodes.make_id("exercise-" + one.name)], names=[one.name])
        question, stub = question_of(one.file().read_text(encoding="utf-8"))
        part += self.text([f"*{KINDS[one.kind]}* · :eq:`{one.label}`", "",
                           ".. code-block:: console", "", f"   $ ./book exercise {one.name}"])
        part += question
        part += self.code(one.file(), stub)
        for number, hint in enumerate(one.hints, 1):
            part += folded("hint", f"Hint {number}", plain(hint))
        solution = one.file("solution")
        part += folded("solution", "A solution",
                       *self.code(solution, solution.read_text(encoding="utf-8")))
        return part

    def text(self, lines):
        node = nodes.container()
        self.state.nested_parse(StringList(lines, "exercises"), self.content_offset, node)
        return node.children

    def code(self, path, code):
        self.env.note_dependency(str(path))
        code = code.strip("\n")
        block = nodes.literal_block(code, code, language="cpp")
        self.set_source_info(block)
        name = str(path.relative_to(ROOT))
        return [nodes.paragraph("", "", nodes.literal(name, name), classes=["file"]), block]


class ExerciseList(SphinxDirective):
    """.. exercise-list:: [NN] links to them, of a chapter or of all."""

    optional_arguments = 1

    def run(self):
        rows = [one for one in catalogue() if one.chapter[:2] in (self.arguments or one.chapter[:2])]
        return [nodes.bullet_list("", *(nodes.list_item("", self.line(one)) for one in rows))]

    def line(self, one):
        where = "exercises/" + one.chapter[:2]
        uri = self.env.app.builder.get_relative_uri(self.env.docname, where)
        anchor = nodes.make_id("exercise-" + one.name)
        link = nodes.reference("", "", nodes.literal(one.name, one.name), internal=True,
                               refuri=f"{uri}#{anchor}")
        return nodes.paragraph("", "", link, nodes.Text(f" {one.title} ({KINDS[one.kind].split(':')[0]})"))


def setup(app):
    app.add_directive("exercises", Exercises)
    app.add_directive("exercise-list", ExerciseList)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
