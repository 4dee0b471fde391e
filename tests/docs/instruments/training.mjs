// Chapter 5: a VAE that learns in the page.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

export const slow = true;
export const page = '05_vae.html';
// Before training the weight of the KL changes nothing that can be seen.
export const still = ['weight β of the KL'];

// --- Files as a reader might have them ---

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'elbo-training-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));
function file(name, bytes) {
  fs.writeFileSync(path.join(folder, name), bytes);
  return path.join(folder, name);
}
const word = (number) => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255);
const header = (magic, ...sizes) => [magic, ...sizes].flatMap(word);
const count = 40, pixels = Array.from({ length: count * 12 * 10 }, (_, i) => ((i * 2654435761) >>> 11) & 255);
const whole = Uint8Array.from([...header(0x803, count, 12, 10), ...pixels]);
const images = file('images', whole), packed = file('images.gz', gzipSync(whole));
const labels = file('labels', Uint8Array.from([...header(0x801, count), ...Array.from({ length: count }, (_, i) => i % 10)]));
const cut = file('cut', whole.subarray(0, 1000)), cutPacked = file('cut.gz', gzipSync(whole).subarray(0, 200));
const few = file('few', Uint8Array.from([...header(0x801, 3), 1, 2, 3]));
const bad = file('bad', Uint8Array.from([...header(0x801, count), ...Array(count).fill(11)]));
const picture = file('picture.png', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]));
const large = file('large', Uint8Array.from([...header(0x803, 2, 100, 50), ...Array(10000).fill(1)]));
const long = file('long', Uint8Array.from([...whole, 0]));

// --- The same numbers natively and in the browser ---

// Training is in floats, of 24 bits, and sums some hundreds of them in another order: the browser by registers of
// four, a processor by its own, and with product and sum rounded once. Adam hands on what that costs; after these steps it is
// about 3e-7 of a curve's numbers. A code near 0 is a difference of greater numbers, and loses more.
const after = (line, relative) => ({ line, relative });

export const calls = [
  // The digits are drawn in doubles from the library's own bits, and rounded to bytes: the same.
  after('training_reset 0 2 1 1', 0), after('training_digits 0 100', 0), after('training_digits 2900 100', 0),
  after('training_held_curve', 1e-5), after('training_codes', 1e-3),
  after('training_steps 1', 0), after('training_sheet 8', 1e-5), after('training_steps 15', 0),
  after('training_curve', 1e-5), after('training_held_curve', 1e-5), after('training_codes', 1e-3),
  after('training_steps 60', 0), after('training_held_curve', 1e-5), after('training_curve', 1e-5), after('training_sheet 8', 1e-3),
  after('training_reset 0 5 0 7', 0), after('training_steps 20', 0), after('training_held_curve', 1e-5), after('training_codes', 1e-3),
  after(`< training_file ${images}`, 0), after(`< training_file ${labels}`, 0),
  after('training_reset 1 3 1 2', 0), after('training_digits 0 33', 0), after('training_steps 10', 0), after('training_curve', 1e-5),
];

export const refused = {
  'training_reset 0 1 1 1': 'latent from 2 to 32, found 1',
  'training_reset 0 2.5 1 1': 'a whole number',
  'training_reset 0 2 -1 1': 'beta from 0 to 100, found -1',
  'training_steps 0': 'mini-batches from 1 to 10000, found 0',
  'training_codes 1': '0 numbers, found 1',
  [`< training_file ${cut}`]: 'wanted 4800 bytes after the header, found 984 (truncated)',
  [`< training_file ${long}`]: 'wanted 4800 bytes after the header, found more',
  [`< training_file ${picture}`]: 'wanted IDX images (magic 0x803), found 0x89504e47',
  [`< training_file ${large}`]: 'of at most 64 x 64 pixels in all, found 2 of 100 x 50',
  [`< training_file ${few}`]: 'a label for each image that was opened before, 40 in all, found 3',
  [`< training_file ${bad}`]: 'labels 0 to 9, found 11',
};

// --- As a reader uses it ---

async function open(tab, box, ...paths) {
  const chooser = tab.waitForEvent('filechooser');
  await box.getByRole('button', { name: 'Open an IDX file…' }).click();
  await (await chooser).setFiles(paths);
}

async function drop(box, ...paths) {
  const transfer = await box.page().evaluateHandle((all) => {
    const data = new DataTransfer();
    all.forEach(([name, bytes]) => data.items.add(new File([Uint8Array.from(bytes)], name)));
    return data;
  }, paths.map((one) => [path.basename(one), [...fs.readFileSync(one)]]));
  await box.dispatchEvent('drop', { dataTransfer: transfer });
}

async function says(tab, box, text, fault) {
  const words = box.locator('.words');
  await words.filter({ hasText: text }).waitFor({ timeout: 5000 }).catch(async () => fault(`wanted to read '${text}', found '${await words.innerText()}'`));
}

export async function use({ tab, box, reading, press, settle, again, fault }) {
  const beta = box.getByLabel('weight β of the KL'), button = (name) => box.getByRole('button', { name, exact: true });
  await press('Reset');
  const before = await reading('ELBO, held out');
  await press('Step: one mini-batch');
  if ((await reading('epochs')) !== 64 / 3000) fault('a step is not a mini-batch of 64 of 3000 digits');

  // Some seconds of training, and a pause that holds.
  await button('Train').click();
  await tab.waitForFunction((one) => Number(one.querySelector('.readings dd').dataset.value) > 4, await box.elementHandle(), { timeout: 60000 });
  await button('Pause').click();
  await settle();
  const epochs = await reading('epochs'), after = await reading('ELBO, held out');
  await tab.waitForTimeout(300);
  if ((await reading('epochs')) !== epochs) fault('it goes on after Pause');
  if (!(after > before + 200)) fault(`four epochs lead from an ELBO of ${before} to ${after}`);
  const tight = await reading('KL');
  await again();
  await tab.waitForFunction(([one, there]) => Number(one.querySelector('.readings dd').dataset.value) >= there, [await box.elementHandle(), epochs], { timeout: 60000 });
  await settle();
  if ((await reading('epochs')) !== epochs || (await reading('ELBO, held out')) !== after) fault('the address leads to another training');

  // Without the KL's price the codes say more.
  await beta.focus();
  await tab.keyboard.press('Home');
  await settle();
  await says(tab, box, 'β = 0', fault);
  if ((await reading('epochs')) !== 0) fault('a new β goes on with the old model');
  for (let i = 0; i < 3; i += 1) await press('Step: one mini-batch');
  await button('Train').click();
  await tab.waitForFunction((one) => Number(one.querySelector('.readings dd').dataset.value) > 4, await box.elementHandle(), { timeout: 60000 });
  await button('Pause').click();
  await settle();
  const free = await reading('KL');
  if (!(free > 2 * tight)) fault(`the KL with β = 0 is ${free}, with β = 1 ${tight}`);

  // Files: packed and with labels; then what is none.
  await open(tab, box, packed, labels);
  await says(tab, box, '40 images and their labels, read here and sent nowhere', fault);
  await press('Step: one mini-batch');
  if ((await reading('epochs')) !== 1) fault('a step on 34 images is not an epoch');
  for (const [path_, text] of [[cut, 'cut: wanted 4800 bytes after the header, found 984'], [cutPacked, 'cut.gz: wanted a whole gzip stream'],
    [picture, 'picture.png: wanted IDX images']]) {
    await open(tab, box, path_);
    await says(tab, box, text, fault);
  }
  await press('Step: one mini-batch'); // a refused file leaves the model alone
  if ((await reading('epochs')) !== 2) fault('a refused file costs the model');
  await drop(box, images);
  await says(tab, box, '40 images, read here and sent nowhere', fault);
  await press('Back to the book’s digits');
  await beta.focus();
  await tab.keyboard.press('PageUp');
  await settle();
  await button('Train').click();
  await tab.waitForFunction((one) => Number(one.querySelector('.readings dd').dataset.value) > 6, await box.elementHandle(), { timeout: 60000 });
  await button('Pause').click();
  await settle();
}
