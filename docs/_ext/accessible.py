"""What the theme and docutils leave out for those who use a keyboard or a screen reader."""

import re


def headings(html):
    """A caption in the navigation is a heading; of which level, Sphinx does not say."""
    return html.replace('class="caption" role="heading"', 'class="caption" role="heading" aria-level="2"')


def mend(_app, _pagename, _template, context, _doctree):
    if "furo_navigation_tree" in context:
        context["furo_navigation_tree"] = headings(context["furo_navigation_tree"])
    body = context.get("body")
    if body:
        body = headings(body)
        if '<div class="citation"' in body and "citation-list" not in body:
            # docutils 0.19 closes the list of citations without opening it.
            body = body.replace('<div class="citation"', '<div class="citation-list">\n<div class="citation"', 1)
        body = body.replace(' role="doc-biblioentry"', "")  # withdrawn from the standard
        body = re.sub(r'<span class="pre">([^<]{1,24})</span>', r'<span class="pre short">\1</span>', body)
        body = re.sub(r"<pre>", '<pre tabindex="0">', body)  # it may scroll
        context["body"] = body


def setup(app):
    app.connect("html-page-context", mend, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
