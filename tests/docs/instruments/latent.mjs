// The latent explorer, on the home page and in chapter 5.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const page = 'index.html';

const models = fileURLToPath(new URL('../../../figures/leaderboard/', import.meta.url));
const give = (name, file = { vae: 'two_codes', autoencoder: 'two_codes_autoencoder', digits: 'two_codes_of_digits' }[name]) =>
  `< latent_${name} ${path.isAbsolute(file) ? file : `${models}${file}.safetensors`}`;

// A seven, in three grey levels.
const seven = Array.from({ length: 784 }, (_, i) => {
  const row = Math.floor(i / 28), column = i % 28;
  const far = row < 8 ? Math.abs(row - 6) + Math.max(0, 8 - column, column - 19) : Math.abs(column - (22 - 0.6 * row)) + Math.max(0, row - 24);
  return far <= 1 ? 1 : far <= 1.6 ? 0.6 : far <= 2 ? 0.3 : 0;
}).join(' ');

// Floats: tanh and exp are other ones natively (Eigen's, eight at a time) and in the browser (four at
// a time, or one), and 784 terms are added in another order; each may cost some units of 2^-24. A
// pixel that cancels to nearly 0 keeps that error whole, so there is an absolute part.
const floats = (line) => ({ line, relative: 2e-5, absolute: 4e-6 });

export const calls = [
  give('vae'), give('autoencoder'), give('digits'),
  ...[0, 1].flatMap((model) => [
    ...['0 0', '-3 3', '0.61 -1.24', '10 -10'].map((z) => floats(`latent_decode ${model} ${z}`)),
    floats(`latent_grid ${model}`), floats(`latent_encode ${model} ${seven}`),
    { line: `latent_codes ${model}`, relative: 0 }, { line: `latent_distances ${model}`, relative: 0 },
  ]),
  ...[0, 5, 9].map((digit) => `latent_example ${digit}`),
];

// Damaged files, each in its own way.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));
const whole = fs.readFileSync(`${models}two_codes.safetensors`);
const damaged = (name, bytes) => {
  fs.writeFileSync(path.join(folder, name), bytes);
  return give('vae', path.join(folder, name));
};
const spoiled = Buffer.from(whole);
spoiled.writeFloatLE(NaN, whole.length - 400);

export const refused = {
  [damaged('short', whole.subarray(0, whole.length - 1000))]: 'two_codes.safetensors: wanted 810068 bytes after the header, found 809068 (truncated)',
  [damaged('long', Buffer.concat([whole, Buffer.alloc(4)]))]: 'found 810072; load the page again',
  [damaged('stump', whole.subarray(0, 100))]: 'found another kind of file, or a part of one',
  [damaged('empty', Buffer.alloc(0))]: 'found 0 bytes',
  [damaged('page', '<!doctype html><title>Not found</title>')]: 'found another kind of file',
  [damaged('nan', spoiled)]: 'wanted numbers for decoder.1.bias',
  [give('vae', 'two_codes_autoencoder')]: 'a header without it',
  [give('digits', 'two_codes')]: 'vae.codes',
  'latent_decode 0 0': '3 numbers, found 2',
  'latent_decode 0 nan 0': 'z1 from -10 to 10, found nan',
  'latent_encode 0 0.5': 'a model and 784 pixels, found 2 numbers',
  [`latent_encode 0 ${seven.replace('0.6', '2')}`]: 'pixel from 0 to 1, found 2',
  'latent_example 10': 'digit from 0 to 9, found 10',
  'latent_grid 0.5': 'model as a whole number, found 0.5',
};

export async function use({ tab, box, reading, press, settle, drag, again, fault }) {
  await time(tab, fault);
  const [plane, here, back, pad] = await box.locator('canvas').all();
  const look = (canvas) => canvas.evaluate((one) => one.toDataURL());
  const code = () => box.locator('.readings dd').first().innerText();
  const moved = async (what, act) => {
    const before = [await code(), await look(here), await look(plane)];
    await act();
    await settle();
    [await code(), await look(here), await look(plane)].forEach((now, i) => { if (now === before[i]) fault(`${what} leaves ${['the code', 'the picture there', 'the cross'][i]} as it was`); });
  };
  await plane.scrollIntoViewIfNeeded();
  const held = [await box.getByLabel('z₁').inputValue(), await look(here)];
  await moved('a passing mouse', () => plane.hover({ position: { x: 90, y: 60 } }));
  await box.locator('.bench-title').hover();
  await settle();
  if ((await box.getByLabel('z₁').inputValue()) !== held[0] || (await look(here)) !== held[1]) fault('a mouse that has passed leaves something behind');
  await moved('a drag', () => drag(plane, [0.2, 0.3], [0.3, 0.35]));
  await plane.focus();
  await moved('an arrow key', () => tab.keyboard.press('ArrowRight'));
  const [a] = (await code()).match(/[−\d.]+/g);
  await tab.keyboard.press('ArrowLeft');
  await settle();
  const [b] = (await code()).match(/[−\d.]+/g);
  const number = (text) => Number(text.replace('−', '-'));
  if (Math.abs(number(a) - number(b) - 0.1) > 1e-9) fault(`an arrow key moves the code from ${b} to ${a}, not by 0.1`);

  // A one, drawn: another bet, and a bound on its probability. All that is blue is the bet: two wide
  // ellipses for the empty page, narrow ones for a digit, and never only the dot in their middle.
  const blue = () => plane.evaluate((one) => {
    const { data } = one.getContext('2d').getImageData(0, 0, one.width, one.height);
    return data.filter((b, i) => i % 4 === 2 && b > data[i - 2] + 60 && data[i + 1] > 200).length;
  });
  await press('Clear the picture');
  const empty = [await blue(), await reading('ELBO, nats')];
  await drag(pad, [0.55, 0.2], [0.5, 0.5], [0.45, 0.8]);
  const narrow = await blue();
  if (!(empty[0] > 2 * narrow && narrow > 80)) fault(`the bet on an empty page covers ${empty[0]} points, that on a stroke ${narrow}`);
  if ((await reading('ELBO, nats')) === empty[1]) fault('drawing leaves the ELBO as it was');
  if ((await box.getByLabel('the picture to place').inputValue()) !== 'drawn') fault('the list does not say that the picture is drawn');
  const [half, kl, elbo] = [await reading('reconstruction, nats'), await reading('KL, nats'), await reading('ELBO, nats')];
  if (!(half < 0 && kl > 0 && Math.abs(half - kl - elbo) < 1e-9)) fault(`reconstruction ${half}, KL ${kl}, ELBO ${elbo}`);
  if (!(half > -150)) fault(`a stroke is not taken for a one: reconstruction ${half}`);

  await again();
  if ((await reading('ELBO, nats')) !== elbo) fault('the address leads to another drawing');

  // At its code the plane decodes to the same picture, but for the slider's steps.
  await press('Go to its code');
  const ink = (canvas) => canvas.evaluate((one) => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.filter((_, i) => i % 4 === 3).reduce((sum, v) => sum + v, 0));
  const [one, other] = [await ink(here), await ink(back)];
  if (!(Math.abs(one - other) < 0.05 * other)) fault(`at its code ${one} of ink, in the reconstruction ${other}`);

  // Another wish while the answer to the one before is still on its way.
  await tab.evaluate(() => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (question, ...rest) {
      setTimeout(() => post.call(this, question, ...rest), question.name === 'latent_grid' ? 500 : 0);
    };
  });
  await box.getByLabel('model').selectOption('autoencoder');
  await tab.waitForTimeout(250);
  await box.getByLabel('the plane shows').selectOption('far');
  await box.locator('dt', { hasText: 'squared error' }).waitFor();  // for a file that is fetched
  await settle();
  if (!((await reading('squared error')) > 0)) fault('no squared error');
}

// The whole plane, in the browser: what has to be waited for when a model is chosen.
async function time(tab, fault) {
  const best = await tab.evaluate(async () => {
    const worker = new Worker('/_static/interactive/worker.js?networks', { type: 'module' });
    const ask = (kind, name, content) => new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }) => (typeof data.answer === 'string' ? reject(new Error(data.answer)) : resolve()), { once: true });
      worker.postMessage({ id: 1, kind, name, content });
    });
    await ask('give', 'latent_vae', new Uint8Array(await (await fetch('/_static/interactive/two_codes.safetensors')).arrayBuffer()));
    let least = Infinity;
    for (let i = 0; i < 8; i += 1) {
      const start = performance.now();
      await ask('call', 'latent_grid', Float64Array.of(0));
      least = Math.min(least, performance.now() - start);
    }
    worker.terminate();
    return least;
  });
  console.log(`latent: 400 digits decoded in ${best.toFixed(1)} ms`);
  if (!(best < 500)) fault(`400 digits take ${best} ms`);
}
