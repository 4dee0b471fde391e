"""The reference, header by header. Breathe declares a namespace anew in every file that opens it, which
Sphinx counts as a duplicate: here a namespace is what is in it and no more, and its functions say
where they are at home."""

from breathe.renderer.sphinxrenderer import SphinxRenderer, WithContext

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


def setup(app):
    app.setup_extension("breathe")
    SphinxRenderer.visit_namespace = contents_of_namespace
    SphinxRenderer.get_qualification = qualification
    return {"parallel_read_safe": True, "parallel_write_safe": True}
