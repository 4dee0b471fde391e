// KaTeX names its spans at length; a page of formulas is twice as long for it. Here its classes get
// short names, in the style and in the page alike, and those that no rule mentions go.
const kept = new Set(['katex', 'katex-mathml', 'katex-html', 'katex-display', 'katex-error']);

function names(style) {
  const found = [...new Set([...style.matchAll(/\.([a-z][\w-]*)/gi)].map((match) => match[1]))];
  const classes = found.filter((name) => !kept.has(name) && !/^(woff2|ttf|woff)$/.test(name));
  return new Map(classes.map((name, i) => [name, `k${i.toString(36)}`]));
}

function inStyle(style, map) {
  return style.replace(/url\([^)]*\)|\d*\.\d+|\.([a-z][\w-]*)/gi, (all, name) => (map.has(name) ? `.${map.get(name)}` : all));
}

function inPage(html, map) {
  return html.replace(/ class="([^"]*)"/g, (_, list) => {
    const left = list.split(' ').flatMap((name) => (kept.has(name) ? [name] : map.get(name) ?? []));
    return left.length ? ` class="${left.join(' ')}"` : '';
  });
}

module.exports = { names, inStyle, inPage };
