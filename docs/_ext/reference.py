"""The reference, header by header. Breathe declares a namespace anew in every file that opens it, which
Sphinx counts as a duplicate: here a namespace is what is in it and no more, and its functions say
where they are at home. In the docstrings `this` is code, and the label of an equation leads to it."""

import re

from breathe.renderer.sphinxrenderer import SphinxRenderer, WithContext
from docutils import nodes
from sphinx import addnodes

own_qualification = SphinxRenderer.get_qualification


def contents_of_namespace(renderer, node):
    data = renderer.compound_parser.parse(node.refid)
    for words in (data.compounddef.briefdescription, data.compounddef.detaileddescription):
        words.content_ = []  # said once, in types.hpp, and not again for every header
    parent = renderer.context.create_child_context(data)
    with WithContext(renderer, parent.create_child_context(data.compounddef)):
        return renderer.render(data, parent)


def qualification(renderer):
    """elbo for a function of the namespace; what Breathe finds for the rest."""
    names = own_qualification(renderer)
    stack = renderer.context.node_stack
    if names or renderer.nesting_level or stack[0].node_type != "memberdef":
        return names
    return next((node.compoundname.split("::") for node in stack
                 if node.node_type == "compounddef" and node.kind == "namespace"), [])


MARKED = re.compile(r"`([^`]+)`|\b(eq:[a-z0-9-]+)")


def marked(text, docname):
    """A docstring's text in pieces: plain, code, equations."""
    end = 0
    for found in MARKED.finditer(text):
        yield nodes.Text(text[end:found.start()])
        end = found.end()
        if found[1]:
            yield nodes.literal(found[1], found[1])
        else:
            words = nodes.literal(found[2], found[2], classes=["xref", "eq"])
            yield addnodes.pending_xref(found[2], words, refdomain="math", reftype="eq",
                                        refdoc=docname, reftarget=found[2], refexplicit=False,
                                        refwarn=True)
    yield nodes.Text(text[end:])


def mark(app, doctree):
    docname = app.env.docname
    if not docname.startswith("reference/"):
        return
    for text in list(doctree.findall(nodes.Text)):
        within = isinstance(text.parent, (nodes.paragraph, nodes.inline, nodes.emphasis))
        if within and MARKED.search(text) and not isinstance(text.parent, addnodes.pending_xref):
            text.parent.replace(text, list(marked(text, docname)))


def setup(app):
    app.setup_extension("breathe")
    SphinxRenderer.visit_namespace = contents_of_namespace
    SphinxRenderer.get_qualification = qualification
    app.connect("doctree-read", mark)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
