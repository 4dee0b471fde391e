// Chapter 5: a VAE learns in the page, a few mini-batches at a time.
import { bytesOf, files } from './files';
import type { Frame } from './frame';
import { codes, curves, inRow, sheet } from './training_pictures';

const breath = 40; // milliseconds of training between two looks at the buttons

export default async function training(frame: Frame): Promise<void> {
  const beta = frame.slider({ key: 'beta', label: 'weight β of the KL', min: 0, max: 20, step: 0.1, value: 1 });
  const latent = frame.slider({ key: 'latent', label: 'dimensions of the code', min: 2, max: 20, step: 1, value: 2 });
  const seed = frame.slider({ key: 'seed', label: 'seed', min: 1, max: 99, step: 1, value: 1 });
  const drawCodes = codes(frame), drawSheet = sheet(frame), drawCurves = curves(frame);
  const ask = (name: string, ...numbers: number[]) => frame.engine.call(`training_${name}`, numbers);

  let origin = 0; // 0: the book's digits, 1: the reader's
  let model = ''; // what it was made for
  let [height, width] = [28, 28];
  let epochs = 0, steps = 0, drawn = 0, running = false;
  let asked = 0, goal = Infinity; // mini-batches: of the address, and to stop at
  frame.keep('steps', {
    wanted: 'a whole number of mini-batches, below a million',
    read(text) {
      if (!/^\d{1,6}$/.test(text)) return false;
      asked = Number(text);
      return true;
    },
    written: () => String(steps), changed: () => origin === 0 && steps > 0, reset() {},
  });

  async function anew(why: string): Promise<void> {
    model = [origin, latent.value, beta.value, seed.value].join(' ');
    const [learned, held, rows, cols] = await ask('reset', origin, latent.value, beta.value, seed.value);
    [height, width] = [rows, cols];
    epochs = steps = drawn = 0;
    if (why) frame.say(`${why}: a new model begins. ${learned.toFixed(0)} pictures to learn from, ${held.toFixed(0)} held out.`);
  }

  // --- Training ---

  const train = frame.button('Train', () => run(!running));
  function run(on: boolean): Promise<void> | void {
    const begin = on && !running;
    if (begin) frame.say('');
    running = on;
    train.textContent = on ? 'Pause' : 'Train';
    if (begin) return chunks();
    goal = Infinity;
    frame.update();
    frame.note();
  }

  async function step(count: number): Promise<void> {
    [epochs, steps] = await ask('steps', count);
  }

  // On a fast machine it would all be over in a blink. So the first mini-batches are shown by fours, later ones
  // by ever more; on a slow one, drawing may take a quarter of the time. Who wants stillness sees an epoch's end, at
  // most every two seconds.
  async function chunks(): Promise<void> {
    let count = 1, looked = performance.now(), wait = 0, until = steps + 4;
    try {
      while (running && steps < goal) {
        if (document.hidden) await new Promise((seen) => document.addEventListener('visibilitychange', seen, { once: true }));
        const start = performance.now(), some = Math.max(1, Math.min(count, (frame.still ? goal : Math.min(goal, until)) - steps));
        await step(some);
        const end = performance.now();
        count = Math.max(1, Math.min(2 * some, Math.round((some * breath) / (end - start))));
        const due = frame.still ? Math.floor(epochs) > Math.floor(drawn) && end - looked > 2000 : steps >= until || end - looked > wait;
        if (!due) continue;
        drawn = epochs;
        await look();
        const spent = performance.now() - end;
        if (!frame.still) await new Promise((done) => setTimeout(done, 80 - (performance.now() - looked)));
        looked = performance.now();
        wait = Math.max(80, 3 * spent);
        until = steps + Math.max(4, Math.round(0.05 * steps));
      }
    } finally {
      run(false);
    }
  }

  frame.button('Step: one mini-batch', async () => {
    run(false);
    frame.say('');
    await step(1);
    await look();
    frame.note();
  });
  frame.button('Reset', async () => {
    run(false);
    await anew('Reset');
    await look();
  });

  // --- The reader's own pictures ---

  files(frame, 'Open an IDX file…', async (chosen) => {
    run(false);
    for (const file of chosen.sort((a, b) => b.size - a.size)) { // labels belong to images that came before
      const bytes = await bytesOf(file);
      const [images, labels] = await frame.engine.give('training_file', bytes).catch((error: Error) => {
        throw new Error(error.message.replace('the file', file.name));
      });
      origin = 1;
      book.hidden = false;
      await anew(`${images.toFixed(0)} images${labels ? ' and their labels' : ''}, read here and sent nowhere`);
      await look();
    }
  });
  const book = frame.button('Back to the book’s digits', async () => {
    run(false);
    origin = 0;
    book.hidden = true;
    await anew('The book’s digits');
    await look();
  });
  book.hidden = true;

  // All is taller than a telephone: what starts it, and what is said, stands above what then moves.
  const bench = train.closest('.bench')!;
  bench.querySelector('.pictures')!.before(train.parentElement!, bench.querySelector('.words')!);

  // --- What is seen ---

  async function look(): Promise<void> {
    const [where, light, while_, held, [speed]] = await Promise.all([
      ask('codes'), ask('sheet', inRow), ask('curve'), ask('held_curve'), ask('speed'),
    ]);
    drawCodes(where);
    drawSheet(light, height, width);
    drawCurves(while_, held);
    const [reconstruction, kl, elbo] = held.subarray(-3);
    frame.read([
      ['epochs', epochs], ['ELBO, held out', elbo], ['reconstruction', reconstruction], ['KL', kl], ['pictures a second', speed || '—'],
    ]);
  }

  await frame.draws(async () => {
    const wish = [origin, latent.value, beta.value, seed.value].join(' ');
    if (wish !== model) await anew(model && `β = ${beta.value}, ${latent.value} dimensions, seed ${seed.value}`);
    await look();
    if (asked) {
      [goal, asked] = [asked, 0];
      Promise.resolve(run(true)).catch((error) => frame.fault(error));
    }
  });
}
