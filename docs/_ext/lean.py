"""What repeats on a page is said once: the styles of formulas become classes of the page, and blanks in
listings lose their spans. A page of formulas weighs a fifth less."""

import re
from collections import Counter

# A place in a formula: KaTeX writes these properties and no other part of a page does.
STYLED = re.compile(r'(?: class="([^"]*)")? style="((?:height|top|margin|vertical-align|width|left|'
                    r'min-width|padding-left|border|position|bottom|right)[^"]*em;)"')


def classes_for_styles(body):
    """The body with classes in the place of styles that repeat, and the rules of these."""
    counts = Counter(style for _, style in STYLED.findall(body))
    names = {style: f"s{i}" for i, (style, n) in enumerate(counts.most_common()) if n > 2}

    def replace(found):
        own, style = found[1], found[2]
        if style not in names:
            return found[0]
        return f' class="{own} {names[style]}"' if own else f' class="{names[style]}"'
    rules = "".join(f".katex .katex-html .{name}{{{style}}}" for style, name in names.items())
    return STYLED.sub(replace, body), rules


def mend(app, _pagename, _template, context, _doctree):
    body = context.get("body")
    if not body or app.builder.name == "epub":
        return
    body = re.sub(r'<span class="w">(\s*)</span>', r"\1", body)
    context["body"], rules = classes_for_styles(body)
    if rules:
        context["metatags"] = context.get("metatags", "") + f"<style>{rules}</style>"


def setup(app):
    app.connect("html-page-context", mend, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
