"""Verified equations: every displayed equation has a label, every label a test, every test's label an
equation. The mark beside a number leads to who checks it."""

import re
from collections import defaultdict
from xml.etree import ElementTree

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from root import ROOT, chapters, kept_run

log = logging.getLogger(__name__)
CASE = re.compile(r'TEST_CASE\(\s*"((?:[^"\\]|\\.)*)"\s*,\s*"([^"]*)"', re.DOTALL)
PAGE = "verified"
LAST_RUN = ROOT / "build/release/tests.xml"


class Check:
    """Who checks an equation: a test by file and name, or a claim of a chapter's run."""

    def __init__(self, kind, name, file, line):
        self.kind, self.name, self.file, self.line = kind, name, file, line


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def checks_in_tests():
    found = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("*_test.cpp")):
        text = path.read_text(encoding="utf-8")
        for case in CASE.finditer(text):
            for label in re.findall(r"\[(eq:[a-z0-9-]+)\]", case[2]):
                found[label].append(Check("test", case[1], path.relative_to(ROOT),
                                          line_of(text, case.start())))
    for path in sorted((ROOT / "tests/cli").glob("claims_of_*.py")):
        text = path.read_text(encoding="utf-8")
        for check in re.finditer(r"@checks\(([^)]*)\)\ndef (\w+)", text):
            for label in re.findall(r'"(eq:[a-z0-9-]+)"', check[1]):
                found[label].append(Check("second computation", check[2].replace("_", " "),
                                          path.relative_to(ROOT), line_of(text, check.start())))
    return found


def checks_in_runs():
    found = defaultdict(list)
    for number in chapters():
        run = kept_run(number)
        for claim in run["claims"]:
            if not claim["ok"]:
                raise ExtensionError(f"the kept run of chapter {number} has a claim that fails: "
                                     f"{claim['label']}")
            found[claim["label"]].append(Check("claim", claim["statement"],
                                               f"chapter {number}", None))
    return found


def failed_tests():
    """Names of tests that failed when ./book test ran last (none where it has not run)."""
    if not LAST_RUN.exists():
        return set()
    return {case.get("name") for case in ElementTree.parse(LAST_RUN).iter("testcase")
            if case.get("status") == "fail" or case.find("failure") is not None}


def all_checks(app):
    if not hasattr(app, "equation_checks"):
        checks = checks_in_tests()
        failed = failed_tests()
        for label, found in checks.items():
            for check in found:
                if check.name in failed:
                    raise ExtensionError(f"the test of {label} did not pass in the last run of "
                                         f"./book test: {check.name} ({check.file})")
        for label, found in checks_in_runs().items():
            checks[label] += found
        app.equation_checks = checks
    return app.equation_checks


def displayed(env):
    return {label: place for label, place in env.get_domain("math").equations.items()}


def consistent(app, env):
    """Both ways: no equation without a check, no check without an equation."""
    equations, checks = displayed(env), all_checks(app)
    for label, (docname, _) in sorted(equations.items()):
        if label not in checks:
            log.warning("equation %s has no test", label, location=docname)
    for label in sorted(checks.keys() - equations.keys()):
        log.warning("%s is checked by '%s' and displayed nowhere", label, checks[label][0].name)
    for docname in env.found_docs:
        for node in env.get_doctree(docname).findall(nodes.math_block):
            if not node.get("label"):
                log.warning("a displayed equation without a label", location=node)


def anchor(label):
    return label.replace(":", "-")


def mark(app, builder, node):
    """HTML beside an equation's number."""
    label = node["label"]
    found = all_checks(app).get(label)
    if not found or builder.format != "html":
        return ""
    where = f"{found[0].name} ({found[0].file})".replace("&", "&amp;").replace('"', "&quot;")
    here = builder.current_docname if hasattr(builder, "current_docname") else node["docname"]
    target = builder.get_relative_uri(here, PAGE)
    return (f'<a class="checked" href="{target}#check-{anchor(label)}" title="Checked: {where}">'
            f'<span aria-hidden="true">✓</span><span class="sr-only">checked: {label}</span></a>')


class verified_table(nodes.General, nodes.Element):
    """Stands where the table comes, once all numbers are known."""


class Verified(SphinxDirective):
    """.. verified:: -- all equations of the book and who checks them."""

    def run(self):
        return [verified_table("")]


def row(entries):
    line = nodes.row()
    for children in entries:
        entry = nodes.entry()
        entry += children
        line += entry
    return line


def table(heads, rows, widths):
    group = nodes.tgroup(cols=len(heads))
    for width in widths:
        group += nodes.colspec(colwidth=width)
    head = nodes.thead()
    head += row([nodes.paragraph(text=head_text)] for head_text in heads)
    group += head
    body = nodes.tbody()
    for entries in rows:
        body += row(entries)
    group += body
    whole = nodes.table(classes=["checks", "colwidths-given"])
    whole += group
    return whole


def described(check):
    text = nodes.paragraph()
    text += nodes.Text(check.name + " ")
    place = f"{check.file}:{check.line}" if check.line else str(check.file)
    text += nodes.inline("", f"{check.kind}, {place}", classes=["where"])
    return text


def fill(app, doctree, docname):
    for place in list(doctree.findall(verified_table)):
        checks = all_checks(app)
        by_chapter = defaultdict(list)
        for label, (where, _) in displayed(app.env).items():
            by_chapter[where.split("/")[-1][:2]].append((label, where))
        parts = []
        for number, labels in sorted(by_chapter.items()):
            section = nodes.section(ids=[f"checked-{number}"])
            home = f"Chapter {int(number)}" if number.isdigit() else "Other pages"
            section += nodes.title(text=f"{home}: {len(labels)} equations")
            rows = []
            for label, where in labels:
                link = nodes.reference("", label, internal=True,
                                       refuri=app.builder.get_relative_uri(docname, where)
                                       + "#equation-" + anchor(label))
                first = nodes.paragraph("", "", link, ids=[f"check-{anchor(label)}"])
                rows.append([[first], [described(check) for check in checks.get(label, [])]])
            section += nodes.container("", table(["Equation", "Checked by"], rows, [25, 75]),
                                       classes=["table-wrapper"])
            parts.append(section)
        place.replace_self(parts)


def setup(app):
    app.add_directive("verified", Verified)
    app.add_node(verified_table)
    app.connect("env-get-outdated", lambda *_: [PAGE])
    app.connect("env-check-consistency", consistent)
    app.connect("doctree-resolved", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
