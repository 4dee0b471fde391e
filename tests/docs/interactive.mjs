// Uses every instrument of the site as readers do, and compares what the C++ says in the browser with
// what the same C++ says natively.
//   interactive.mjs SITE PROGRAM [--all] [--shots FOLDER] [INSTRUMENT...]
// Of those whose gestures take long, not every control is turned, and on a telephone they are looked at
// and not used, unless --all is said.
// Prints one line for each thing that is wrong; exit status 1 if there is one.
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { axeOf, launch, serve, watched } from './site.mjs';

const words = process.argv.slice(2);
const root = path.resolve(words.shift()), program = path.resolve(words.shift());
const everything = words[0] === '--all' && Boolean(words.shift());
const shots = words[0] === '--shots' ? words.splice(0, 2)[1] : '';
const folder = new URL('./instruments/', import.meta.url);
const names = words.length ? words : fs.readdirSync(folder).map((file) => path.parse(file).name);

const wrong = [];
const { base, close } = await serve(root);
const browser = await launch(root);

// --- The same calls, natively and in the browser ---

// A call is a line, or one with the tolerance that it needs and why; the default is what a sum of
// doubles loses when exp and log differ in the last bit.
const asked = (call) => (typeof call === 'string' ? { line: call, relative: 1e-6, absolute: 0 } : { absolute: 0, ...call });

function answers(lines) {
  const { stdout, status } = spawnSync(program, { input: lines.join('\n') + '\n', encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${program}: exit status ${status}`);
  return stdout.trimEnd().split('\n').map((line) => (line.startsWith('!') ? line.slice(2).trim() : line.trim().split(/\s+/).map(Number)));
}

// In one worker, one after the other, as the page asks them. Bytes travel as base64: a list of numbers would
// take half a minute.
async function inBrowser(tab, module, lines) {
  const questions = lines.map((line) => {
    const [name, ...rest] = line.split(' ');
    return name === '<' ? { kind: 'give', name: rest[0], file: fs.readFileSync(rest[1]).toString('base64') } : { kind: 'call', name, numbers: rest.map(Number) };
  });
  const replies = await tab.evaluate(async ([module, all]) => {
    const worker = new Worker(`/_static/interactive/worker.js?${module}`, { type: 'module' });
    const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const base64 = (numbers) => new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result.split(',')[1]);
      reader.readAsDataURL(new Blob([numbers]));
    });
    const replies = [];
    for (const [id, one] of all.entries()) {
      const reply = new Promise((resolve) => worker.addEventListener('message', ({ data }) => resolve(data.answer), { once: true }));
      worker.postMessage({ id, kind: one.kind, name: one.name, content: one.numbers ? Float64Array.from(one.numbers) : bytes(one.file) });
      const answer = await reply;
      replies.push(typeof answer === 'string' ? { says: answer } : { numbers: await base64(answer) });
    }
    worker.terminate();
    return replies;
  }, [module, questions]);
  return replies.map(({ says, numbers = '' }) => {
    const bytes = Buffer.from(numbers, 'base64');
    return says ?? Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
  });
}

function compare(call, here, there, fault) {
  const { line, relative, absolute } = asked(call);
  if (typeof here === 'string' || typeof there === 'string') return fault(`${line}: natively ${String(here).slice(0, 100)}, in the browser ${String(there).slice(0, 100)}`);
  const size = here.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const off = here.findIndex((value, i) => !(Math.abs(value - there[i]) <= Math.max(absolute, relative * Math.max(Math.abs(value), 1e-6 * size))));
  if (here.length !== there.length || off >= 0) {
    fault(`${line.slice(0, 80)}: of ${here.length} and ${there.length} numbers, number ${off} is ${here[off]} natively, ${there[off]} in the browser`);
  }
}

async function compareCalls({ tab, box }, { calls, refused = {} }, fault) {
  const lines = [...calls.map((call) => asked(call).line), ...Object.keys(refused)];
  const here = answers(lines), there = await inBrowser(tab, await box.getAttribute('data-module'), lines);
  calls.forEach((call, i) => compare(call, here[i], there[i], fault));
  Object.entries(refused).forEach(([line, wanted], i) => {
    for (const [where, all] of [['natively', here], ['in the browser', there]]) {
      const got = all[calls.length + i];
      if (typeof got !== 'string' || !got.toLowerCase().includes(wanted.toLowerCase())) fault(`${line}: ${where}, wanted a message with '${wanted}', found '${got}'`);
    }
  });
}

// --- What is tried with every instrument ---

// What the reader sees, in short: the pixels of a canvas as one number, for a PNG of them takes long.
const state = (box) => box.evaluate((one) => {
  const sum = (canvas) => new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)
    .reduce((all, pixel) => (Math.imul(all, 31) + pixel) | 0, 7);
  const pictures = [...one.querySelectorAll('.picture')];
  return one.querySelector('.readings').innerText + pictures.map((picture) => (picture.tagName === 'CANVAS' ? sum(picture) : picture.innerHTML)).join();
});

// Until nothing is being asked, and what the reader sees has not changed for a moment.
async function settled(tab, box) {
  const busy = () => box.getAttribute('aria-busy');
  for (let before = '', now = await state(box), i = 0; (before !== now || await busy()) && i < 80; i += 1) {
    await tab.waitForTimeout(60);
    [before, now] = [now, await state(box)];
  }
}

async function byMouse({ mouse }, [first, ...others]) {
  await mouse.move(...first);
  await mouse.down();
  for (const stop of others) await mouse.move(...stop, { steps: 6 });
  await mouse.up();
}

async function byFinger(tab, [first, ...others]) {
  const glass = await tab.context().newCDPSession(tab);
  const touch = (type, ...at) => glass.send('Input.dispatchTouchEvent', { type, touchPoints: at.map(([x, y]) => ({ x, y })) });
  await touch('touchStart', first);
  let [a, b] = first;
  for (const [x, y] of others) {
    for (let part = 1; part <= 6; part += 1) await touch('touchMove', [a + (x - a) * part / 6, b + (y - b) * part / 6]);
    [a, b] = [x, y];
  }
  await touch('touchEnd');
  await glass.detach();
}

function handle(tab, box, fault, finger) {
  const complain = async () => {
    const text = await box.locator('.words.fault').allInnerTexts();
    if (text.length) fault(`says: ${text[0]}`);
  };
  return {
    tab, box, fault,
    settle: () => settled(tab, box),
    reading: async (what) => Number(await box.locator('.readings div', { has: tab.locator(`dt:text-is("${what}")`) }).locator('dd').getAttribute('data-value', { timeout: 3000 })),
    press: async (label) => {
      await box.getByRole('button', { name: label, exact: true }).click();
      await settled(tab, box);
      await complain();
    },
    complain,
    // From point to point, in parts of the target's width and height; on a telephone with a finger.
    drag: async (target, ...points) => {
      await target.scrollIntoViewIfNeeded();
      const { x, y, width, height } = await target.boundingBox();
      const stops = points.map(([a, b]) => [x + a * width, y + b * height]);
      await (finger ? byFinger(tab, stops) : byMouse(tab, stops));
      await settled(tab, box);
    },
    // What the address says, opened anew.
    again: async () => {
      await tab.waitForTimeout(300);
      await tab.reload();
      await box.and(tab.locator('[data-ready]')).waitFor({ timeout: 20000 });
      await settled(tab, box);
    },
  };
}

async function turnEverything(tool, skip) {
  const { tab, box, fault } = tool;
  for (const slider of await box.locator('input[type=range]:visible').all()) {
    const label = await slider.evaluate((one) => one.labels[0].textContent), before = await state(box);
    await slider.focus();
    await tab.keyboard.press('PageUp');
    await settled(tab, box);
    const up = await state(box);
    await tab.keyboard.press('PageDown');
    await tab.keyboard.press('PageDown');
    await settled(tab, box);
    if (!skip.includes(label) && up === before && (await state(box)) === before) fault(`'${label}' moves nothing`);
    await tool.complain();
  }
  for (const select of await box.locator('select:visible').all()) {
    const label = await select.evaluate((one) => one.labels[0].textContent), before = await select.inputValue(), seen = new Set();
    for (const value of await select.locator('option').evaluateAll((all) => all.map((one) => one.value))) {
      await select.selectOption(value);
      await settled(tab, box);
      seen.add(await state(box));
      await tool.complain();
    }
    await select.selectOption(before);
    await settled(tab, box);
    if (!skip.includes(label) && seen.size < 2) fault(`'${label}' changes nothing`);
  }
}

async function opened(context, spec, name, fault, query = '') {
  const tab = await watched(context, base, fault);
  await tab.goto(base + spec.page + query, { waitUntil: 'load' });
  const box = tab.locator(`[data-instrument="${name}"] .bench`).first();
  await tab.locator(`[data-instrument="${name}"]`).first().scrollIntoViewIfNeeded();
  const start = Date.now();
  await box.and(tab.locator('[data-ready]')).waitFor({ timeout: 20000 });
  const seconds = (Date.now() - start) / 1000;
  await settled(tab, box);
  return { ...handle(tab, box, fault, await tab.evaluate(() => navigator.maxTouchPoints > 0)), seconds };
}

// A link to a state leads to it.
async function checkAddress(context, spec, name, tool, fault) {
  const slider = tool.box.locator('input[type=range]:visible').first();
  await slider.focus();
  await tool.tab.keyboard.press('End');
  await tool.settle();
  await tool.tab.waitForTimeout(400);
  const query = new URL(tool.tab.url()).search;
  if (!query) return fault('a moved slider leaves no trace in the address');
  const value = await slider.inputValue();
  const again = await opened(context, spec, name, fault, query);
  const found = await again.box.locator('input[type=range]:visible').first().inputValue();
  if (found !== value) fault(`the address ${query} leads to ${found}, not ${value}`);
  await again.tab.close();
  const key = query.slice(1).split('=')[0];
  const bad = await opened(context, spec, name, () => {}, `?${key}=far+out`);
  if (!(await bad.box.locator('.words').innerText()).includes('far out')) fault(`?${key}=far+out is taken without a word`);
  await bad.tab.close();
}

// The page without what stands around the instrument: browser.mjs has looked at that.
const alone = (box) => {
  for (let one = box; one !== document.body; one = one.parentElement) one.parentElement.replaceChildren(one);
};

async function lookAt(name, spec) {
  const fault = (what) => wrong.push(`${name}: ${what}`);
  for (const [scheme, width] of [['light', 1280], ['dark', 360]]) {
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 }, hasTouch: width < 500,
      reducedMotion: width < 500 ? 'reduce' : 'no-preference' });
    const tool = await opened(context, spec, name, fault);
    await tool.complain();
    const picture = async (what) => {
      if (shots) await tool.box.screenshot({ path: path.join(shots, `${name}_${what}_${scheme}_${width}.png`) });
    };
    await picture('first');
    if (width > 1000) {
      console.log(`${name}: first answer after ${tool.seconds.toFixed(2)} s`);
      await compareCalls(tool, spec, fault);
      if (everything || !spec.slow) {
        await turnEverything(tool, spec.still ?? []);
        await checkAddress(context, spec, name, tool, fault);
      }
    }
    if (width > 1000 || everything || !spec.slow) await spec.use(tool);
    await tool.complain();
    await picture('used');
    const wide = await tool.tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) fault(`${wide} px wider than the window of ${width}`);
    await tool.box.evaluate(alone);
    await tool.tab.evaluate(axeOf(root));
    const { violations } = await tool.tab.evaluate(() => window.axe.run('.bench', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
    violations.forEach((one) => fault(`(${scheme}) ${one.id}: ${one.help}: ${one.nodes[0].target}`));
    await context.close();
  }
}

// Where modules are off, figure and words stand.
async function checkFile(page) {
  const context = await browser.newContext();
  const tab = await context.newPage();
  tab.on('pageerror', (error) => wrong.push(`${page} as a file: ${error.message}`));
  await tab.goto(`file://${path.join(root, page)}`);
  const place = tab.locator('.instrument').first();
  if (!(await place.locator('.instead').isVisible())) wrong.push(`${page} as a file: no word on how to have the instrument`);
  if (await place.locator('.bench').count()) wrong.push(`${page} as a file: a dead instrument`);
  await context.close();
}

// What a page fetches at most, gzipped: all scripts, and the larger of the modules.
function checkSize(limit) {
  const built = path.join(root, '_static/interactive');
  const modules = ['models', 'networks'], sizes = { models: 0, networks: 0, scripts: 0 };
  for (const file of fs.readdirSync(built).filter((one) => /\.(js|css|wasm)$/.test(one))) {
    sizes[modules.find((name) => file.startsWith(`${name}.`)) ?? 'scripts'] += zipped(path.join(built, file));
  }
  console.log(`gzipped: ${Object.entries(sizes).map(([what, size]) => `${what} ${Math.round(size / 1000)} kB`).join(', ')}`);
  for (const name of modules) {
    const page = sizes.scripts + sizes[name];
    if (page > limit) wrong.push(`a page's scripts and wasm (${name}) are ${page} bytes gzipped, wanted at most ${limit}`);
  }
}
const zipped = (file) => spawnSync('gzip', ['-9c', file], { maxBuffer: 1 << 26 }).stdout.length;

if (shots) fs.mkdirSync(shots, { recursive: true });
const jobs = [...names];
await Promise.all(Array.from({ length: 2 }, async () => {
  for (let name = jobs.shift(); name; name = jobs.shift()) {
    const start = Date.now(), spec = await import(new URL(`${name}.mjs`, folder));
    await lookAt(name, spec).catch((error) => wrong.push(`${name}: ${error.message.split('\n')[0]}`));
    await checkFile(spec.page);
    console.log(`${name}: ${Math.round((Date.now() - start) / 1000)} s`);
  }
}));
checkSize(250e3);
await browser.close();
close();
wrong.forEach((line) => console.log(line));
console.log(`${names.length} instruments, ${wrong.length} faults`);
process.exit(wrong.length ? 1 : 0);
