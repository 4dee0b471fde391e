// Formulas in, one JSON line each; HTML with MathML inside out.
const fs = require('fs');
const path = require('path');
const { names, inPage } = require('../katex_names.cjs');

const katex = require(process.argv[2]);
const short = names(fs.readFileSync(path.join(process.argv[2], 'dist/katex.min.css'), 'utf8'));
const lines = require('readline').createInterface({ input: process.stdin });

function answer({ tex, display }) {
  try {
    const options = { displayMode: display, throwOnError: true, strict: 'error', output: 'htmlAndMathml' };
    return { html: inPage(katex.renderToString(tex, options), short) };
  } catch (error) {
    return { error: String(error.message) };
  }
}

lines.on('line', (line) => process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`));
