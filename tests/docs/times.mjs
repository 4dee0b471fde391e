// How fast the page is, beside the same C++ compiled for any processor of this kind:
//   cmake --build --preset release --target interactive_calls_sse
//   times.mjs SITE build/release/bin/interactive_calls_sse
// One thread each, registers of four floats each. In turns, and the best of each counts: what else
// the machine does can only slow either down.
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { launch, serve, watched } from './site.mjs';

const [root, program] = process.argv.slice(2).map((word) => path.resolve(word));
const rounds = 7, quiet = () => {};
// Training as it stands on the page. The first steps are left out: the browser is still compiling.
const lines = ['training_reset 0 2 1 1', 'training_steps 50', 'training_reset 0 2 1 1', 'training_steps 300', 'training_speed'];

const { base, close } = await serve(root);
const browser = await launch(root);

async function firstAnswer(page, name) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const tab = await watched(context, base, quiet);
  await tab.goto(base + page, { waitUntil: 'load' });
  const start = Date.now();
  await tab.locator(`[data-instrument="${name}"]`).first().scrollIntoViewIfNeeded();
  await tab.locator(`[data-instrument="${name}"] .bench[data-ready]`).first().waitFor();
  const milliseconds = Date.now() - start;
  await context.close();
  return milliseconds;
}

function natively() {
  const { stdout } = spawnSync(program, { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
  return Number(stdout.trim().split('\n').at(-1));
}

function inBrowser(tab) {
  return tab.evaluate(async (all) => {
    const worker = new Worker('/_static/interactive/worker.js?networks', { type: 'module' });
    let answer;
    for (const [id, line] of all.entries()) {
      const [name, ...numbers] = line.split(' ');
      const reply = new Promise((resolve) => worker.addEventListener('message', ({ data }) => resolve(data.answer), { once: true }));
      worker.postMessage({ id, kind: 'call', name, content: Float64Array.from(numbers) });
      answer = await reply;
    }
    worker.terminate();
    return typeof answer === 'string' ? NaN : answer[0];
  }, lines);
}

const first = [];
for (let i = 0; i < rounds; i += 1) first.push(await firstAnswer('05_vae.html', 'training'));
const tab = await watched(await browser.newContext(), base, quiet);
await tab.goto(`${base}05_vae.html`, { waitUntil: 'load' });
const here = [], there = [];
for (let i = 0; i < rounds; i += 1) {
  here.push(natively());
  there.push(await inBrowser(tab));
}
await browser.close();
close();

const native = Math.max(...here), web = Math.max(...there), median = [...first].sort((a, b) => a - b)[rounds >> 1];
console.log(`training: first answer          ${median} ms (median of ${rounds})
training: native, SSE           ${native.toFixed(0)} images/s
training: in the browser        ${web.toFixed(0)} images/s
training: browser over native   ${(web / native).toFixed(2)}`);
