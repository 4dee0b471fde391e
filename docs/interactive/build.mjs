// The instruments' scripts, bundled: node build.mjs WASM OUT, from the folder of the modules into a
// folder of the site. The npm packages stand in OUT/../../node_modules.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const [wasm, out] = process.argv.slice(2).map((folder) => path.resolve(folder));
const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.resolve(out, '../../node_modules');
const esbuild = createRequire(path.join(modules, 'x.js'))('esbuild');

fs.rmSync(out, { recursive: true, force: true });
esbuild.buildSync({
  entryPoints: ['index.ts', 'worker.ts', 'instruments.css'].map((file) => path.join(here, file)), outdir: out,
  bundle: true, splitting: true, format: 'esm', target: 'es2022', minify: true, charset: 'utf8',
  nodePaths: [modules], logLevel: 'warning',
});
for (const file of ['models.js', 'models.wasm', 'networks.js', 'networks.wasm']) fs.copyFileSync(path.join(wasm, file), path.join(out, file));
// The models that pages fetch when they are asked for.
for (const file of ['two_codes', 'two_codes_autoencoder', 'two_codes_of_digits']) {
  fs.copyFileSync(path.join(here, `../../figures/leaderboard/${file}.safetensors`), path.join(out, `${file}.safetensors`));
}
