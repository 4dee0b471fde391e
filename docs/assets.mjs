// What Debian's furo lacks in a browser: its styles compiled, its script bundled. And KaTeX's style
// with its fonts. Into the folder named by the second argument, from the theme in the first.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [theme, out] = process.argv.slice(2);
const modules = path.resolve(out, '../node_modules');
const require = createRequire(path.join(modules, 'x.js'));
const sass = require('sass');
const esbuild = require('esbuild');

const work = path.join(out, '../furo');
fs.rmSync(work, { recursive: true, force: true });
fs.rmSync(out, { recursive: true, force: true });
fs.cpSync(path.join(theme, 'assets'), work, { recursive: true });

const main = path.join(work, 'styles/furo.sass');
const normalize = fs.readFileSync(path.join(modules, 'normalize.css/normalize.css'), 'utf8');
fs.writeFileSync(path.join(work, 'styles/_normalize-own.scss'), normalize);
const source = fs.readFileSync(main, 'utf8');
const mended = source.replace(/@import .*normalize[^\n]*/, '@import "normalize-own"');
if (mended === source) throw new Error(`assets: ${main} imports no normalize.css; the theme has changed`);
fs.writeFileSync(main, mended);

fs.mkdirSync(path.join(out, 'styles'), { recursive: true });
fs.mkdirSync(path.join(out, 'scripts'), { recursive: true });
for (const name of ['furo', 'furo-extensions']) {
  const { css } = sass.compile(path.join(work, 'styles', `${name}.sass`), {
    style: 'compressed', quietDeps: true, logger: sass.Logger.silent,
    importers: [{ findFileUrl: (url) => (url.startsWith('~') ? pathToFileURL(path.join(modules, url.slice(1))) : null) }],
  });
  fs.writeFileSync(path.join(out, 'styles', `${name}.css`), css);
}
esbuild.buildSync({
  entryPoints: [path.join(work, 'scripts/furo.js')], outfile: path.join(out, 'scripts/furo.js'),
  bundle: true, minify: true, format: 'iife', nodePaths: [modules], logLevel: 'error',
});

const katex = path.join(modules, 'katex/dist');
fs.mkdirSync(path.join(out, 'katex/fonts'), { recursive: true });
for (const font of fs.readdirSync(path.join(katex, 'fonts'))) {
  if (font.endsWith('.woff2')) fs.copyFileSync(path.join(katex, 'fonts', font), path.join(out, 'katex/fonts', font));
}
const style = fs.readFileSync(path.join(katex, 'katex.min.css'), 'utf8');
const { names, inStyle } = createRequire(import.meta.url)('./katex_names.cjs');
const fonts = style.replace(/,url\([^)]*\.(woff|ttf)\) format\("[a-z]*"\)/g, '');
fs.writeFileSync(path.join(out, 'katex/katex.min.css'), inStyle(fonts, names(style)));
