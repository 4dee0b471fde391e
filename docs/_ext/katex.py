"""Formulas, set by KaTeX while the page is built: no script in it, MathML inside, bad TeX fails."""

import json
import re
import subprocess
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

import equations

log = logging.getLogger(__name__)
SERVER = Path(__file__).with_name("katex_server.cjs")
state = {"process": None, "done": {}}


def render(app, tex, display, node):
    """HTML of one formula; each is set once."""
    key = tex, display
    if key not in state["done"]:
        if state["process"] is None:
            state["process"] = subprocess.Popen(
                ["node", str(SERVER), app.config.katex_folder], text=True, encoding="utf-8",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        pipe = state["process"]
        pipe.stdin.write(json.dumps({"tex": tex, "display": display}) + "\n")
        pipe.stdin.flush()
        answer = json.loads(pipe.stdout.readline())
        if "error" in answer:
            log.warning("formula: %s", answer["error"], location=node)
        state["done"][key] = answer.get("html", "")
    return state["done"][key]


def inline(writer, node):
    """A short one stays in one piece, and the comma after it with it."""
    html = render(writer.builder.app, node.astext(), False, node)
    formula = f'<span class="math notranslate nohighlight">{html}</span>'
    mark = node.get("mark", "")
    if len(re.sub(r"<[^>]*>", "", html.split("</math>")[-1])) < 16:
        formula = f'<span class="together">{formula}{mark}</span>'
    else:
        formula += mark
    writer.body.append(formula)
    raise nodes.SkipNode


def block(writer, node):
    app = writer.builder.app
    tex = node.astext()
    if "\\\\" in tex and "\\begin{" not in tex:
        tex = "\\begin{aligned}" + tex + "\\end{aligned}"
    writer.body.append(writer.starttag(node, "div", CLASS="math notranslate nohighlight"))
    writer.body.append('<div class="formula" tabindex="0" role="group" aria-label="formula">'
                       f"{render(app, tex, True, node)}</div>")
    if node["number"]:
        number = get_node_equation_number(writer, node)
        writer.body.append(f'<span class="eqno">({number})')
        writer.body.append(equations.mark(app, writer.builder, node))
        writer.add_permalink_ref(node, "Permalink to this equation")
        writer.body.append("</span>")
    writer.body.append("</div>\n")
    raise nodes.SkipNode


def take_marks(_app, doctree, _name):
    """The comma after a formula goes with the formula."""
    for formula in list(doctree.findall(nodes.math)):
        after = formula.next_node(descend=False, siblings=True)
        if isinstance(after, nodes.Text) and after[:1] in tuple(",.;:!?)"):
            formula["mark"] = after[:1]
            after.parent.replace(after, nodes.Text(after[1:]))


def close(_app, _error):
    if state["process"]:
        state["process"].stdin.close()
        state["process"].wait()
        state["process"].stdout.close()
        state["process"] = None


def setup(app):
    app.add_config_value("katex_folder", "katex", "html")
    app.add_html_math_renderer("katex", (inline, None), (block, None))
    app.connect("doctree-resolved", take_marks)
    app.connect("build-finished", close)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
