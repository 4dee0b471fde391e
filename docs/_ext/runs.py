"""Numbers and tables from the kept runs: :result:, :claim:, .. printed::. A missing key fails."""

import re

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

from equations import table
from root import chapters, claims_of, kept_run, results_file


RAISED = str.maketrans("-0123456789", "\N{SUPERSCRIPT MINUS}⁰¹²³⁴⁵⁶⁷⁸⁹")


def minus(text):
    """As it is written by hand: 3.1e-09 is 3.1 × 10⁻⁹, without a line break inside."""
    digits, _, power = text.partition("e")
    if power:
        raised = str(int(power)).translate(RAISED)
        text = f"{digits}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10{raised}"
    return text.replace("-", "\N{MINUS SIGN}")


INDEX = re.compile(r"(?<!\w)([A-Za-z])_(\w+(?:-1)?)|\^(-?1/2|-?\w+)")


def typeset(statement):
    """What stands after _ goes below the line and after ^ above it: x_t, x_t-1, weight^2."""
    parts, end = [], 0
    for found in INDEX.finditer(statement):
        letter, below, above = found.groups()
        parts += [nodes.Text(statement[end:found.start()] + (letter or "")),
                  nodes.subscript("", below) if below else nodes.superscript("", minus(above))]
        end = found.end()
    return [*parts, nodes.Text(statement[end:])]


class NumberRole(SphinxRole):
    """A number of a kept run; `find` says which."""

    def run(self):
        try:
            number, *words = self.text.split()
            self.env.note_dependency(str(results_file(number)))
            value, style = self.find(number, words)
            text = minus(format(value, style))
        except (LookupError, ValueError) as error:
            message = self.inliner.reporter.error(f"{self.rawtext}: {error}", line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        return [nodes.inline(self.rawtext, text, classes=["result"])], []


class ResultRole(NumberRole):
    """:result:`05 test_elbo .2f`"""

    def find(self, number, words):
        name, style = (words + [".4g"])[:2]
        results = kept_run(number)["results"]
        if name not in results:
            raise LookupError(f"chapter {number} has no result {name}")
        return results[name], style


class ClaimRole(NumberRole):
    """:claim:`02 eq:jensen got .4g`, or :claim:`02 eq:jensen 2 got .4g` for the second of them."""

    def find(self, number, words):
        label, words = words[0], words[1:]
        place = int(words.pop(0)) if words[0].isdigit() else 1
        field, style = (words + [".4g"])[:2]
        claims = claims_of(number, label)
        if len(claims) < place:
            raise LookupError(f"chapter {number} has {len(claims)} claims {label}")
        return claims[place - 1][field], style


def short(value):
    """Seven digits of a number that is one, three of what rounding left over."""
    return minus(f"{value:.7g}" if abs(value) >= 1e-4 or value == 0 else f"{value:.2e}")


def expectation(claim):
    """As a bound where it is one."""
    bound = {"above": "≤ ", "below": "≥ "}.get(claim["fails_if"].split()[0], "")
    return bound + short(claim["expected"])


def refutation(claim):
    """What would make the claim fail, its number as the page writes numbers."""
    rule, _, number = claim["fails_if"].rpartition(" ")
    return f"{rule} {minus(number)}" if rule not in ("", "not") else claim["fails_if"]


class Printed(SphinxDirective):
    """.. printed:: 02 -- the claims that the kept run of a chapter printed."""

    required_arguments = 1
    option_spec = {"labels": directives.unchanged}

    def run(self):
        number = self.arguments[0]
        if number not in chapters():
            raise self.error(f"printed: no kept run of chapter {number}")
        self.env.note_dependency(str(results_file(number)))
        wanted = self.options.get("labels", "").split()
        claims = [claim for claim in kept_run(number)["claims"]
                  if not wanted or claim["label"] in wanted]
        missing = set(wanted) - {claim["label"] for claim in claims}
        if missing:
            raise self.error(f"printed: chapter {number} claims nothing of {sorted(missing)}")
        return [nodes.container("", table(
            ["Eq.", "Claim", "Expected", "Got", "Fails if"],
            [self.row(claim) for claim in claims], [9, 41, 16, 16, 18]), classes=["printed"])]

    def row(self, claim):
        link = addnodes.pending_xref("", refdomain="math", reftype="eq", reftarget=claim["label"],
                                     refdoc=self.env.docname, refexplicit=False)
        link += nodes.literal("", claim["label"])
        texts = [expectation(claim), short(claim["got"]), refutation(claim)]
        return [[nodes.paragraph("", "", link)],
                [nodes.paragraph("", "", *typeset(claim["statement"]))],
                *([nodes.paragraph(text=text)] for text in texts)]


def setup(app):
    app.add_role("result", ResultRole())
    app.add_role("claim", ClaimRole())
    app.add_directive("printed", Printed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
