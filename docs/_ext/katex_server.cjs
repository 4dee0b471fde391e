// Formulas in, one JSON line each; HTML with MathML inside out.
const katex = require(process.argv[2]);
const lines = require('readline').createInterface({ input: process.stdin });

function answer({ tex, display }) {
  try {
    const options = { displayMode: display, throwOnError: true, strict: 'error', output: 'htmlAndMathml' };
    return { html: katex.renderToString(tex, options) };
  } catch (error) {
    return { error: String(error.message) };
  }
}

lines.on('line', (line) => process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`));
