// Chapter 10: points drowned in noise, and noise walked back by a network that learns in the page.
import { drawCourse, drawPath, side, type Path } from './diffusion_draw';
import { written, type Frame } from './frame';

const shapes = { moons: 'two moons', spiral: 'a spiral', ring: 'a ring' };
const schedules = { linear: 'linear', cosine: 'cosine' };

// What the C++ said of one shape and schedule: what never changes, and what the network is by now.
interface Kept {
  key: number[]; alphaBar: Float64Array; logSnr: Float64Array; forward: Path; course: { steps: number; elbo: number }[];
}
interface Learned {
  reverse: Path; steps: number; planned: number; verdict: Float64Array;
}

const path = (numbers: Float64Array, n: number, last: number): Path =>
  ({ n, last, places: numbers, curves: numbers.subarray(2 * n * (last + 1)) });

export default async function diffusion(frame: Frame): Promise<void> {
  const time = frame.slider({ key: 't', label: 't, layers of noise', min: 0, max: 100, step: 1, value: 0 });
  const shape = frame.choice({ key: 'shape', label: 'points on', values: shapes, value: 'moons' });
  const schedule = frame.choice({ key: 'schedule', label: 'noise schedule', values: schedules, value: 'linear' });
  const ahead = frame.canvas(side, side, 'Forward: points of the shape, drowned in t layers of noise.');
  const back = frame.canvas(side, side, 'Reverse: points that began as pure noise, walked back to layer t by the network.');
  const place = frame.picture('The ELBO in nats a point against training steps, below the average of the true log p(x).');
  for (const canvas of [ahead, back]) canvas.style.width = 'calc(50% - 0.4rem)';
  place.style.flexBasis = '100%';

  // --- What the C++ is asked. Every shape and schedule has a network of its own ---

  const kept = new Map<string, Kept & Learned>();
  const ask = (name: string, key: number[], more: number[] = []) => frame.engine.call(`diffusion_${name}`, [...key, ...more]);
  const learned = async ({ key, forward: { n, last }, course }: Kept): Promise<Learned> => {
    const [numbers, verdict, [steps, planned]] = await Promise.all([ask('reverse', key), ask('judge', key), ask('steps', key)]);
    course.push({ steps, elbo: verdict[0] });
    return { reverse: path(numbers, n, last), verdict, steps, planned };
  };
  const find = async (): Promise<Kept & Learned> => {
    const key = [Object.keys(shapes).indexOf(shape.value), Object.keys(schedules).indexOf(schedule.value)];
    const known = kept.get(key.join());
    if (known) return known;
    const [numbers, forward] = await Promise.all([ask('schedule', key), ask('forward', key)]);
    const [n, last] = numbers, first = path(forward, n, last);
    drawPath(frame, ahead, first, time.value, 0, 'data, drowned');  // the network takes a moment more
    const fixed = { key, alphaBar: numbers.subarray(2, last + 3), logSnr: numbers.subarray(last + 3), forward: first, course: [] };
    const all = { ...fixed, ...await learned(fixed) };
    kept.set(key.join(), all);
    return all;
  };

  // --- Training, in chunks of about 40 ms: as long as it takes to look at what came of them ---

  let training: Kept | undefined;  // of one shape and schedule at a time
  const train = frame.button('Train the denoiser', async () => {
    const now = await find();
    training = training ? undefined : now;
    frame.say('');
    let many = 8;
    while (training === now && now.steps < now.planned) {
      let looked = performance.now();
      const rest = looked + Math.max(40, 40 * now.course.length);
      while (training === now && looked < rest && now.steps < now.planned) {
        const start = performance.now();
        [now.steps] = await ask('train', now.key, [many]);
        looked = performance.now();
        many = Math.max(1, Math.min(500, Math.round(many * 40 / Math.max(1, looked - start))));
        if (frame.still) frame.say(`${now.steps} of ${now.planned} training steps.`);
      }
      Object.assign(now, await learned(now));
      if (!frame.still) frame.update();
    }
    if (training !== now) return;
    frame.say('The learning rate has fallen to 0: the network has learned what it will.');
    training = undefined;
    frame.update();
  });
  frame.button('Start anew', async () => {
    training = undefined;
    const now = await find();
    await ask('forget', now.key);
    now.course.length = 0;
    Object.assign(now, await learned(now));
    frame.say('');
    frame.update();
  });

  // --- Time that runs by itself, unless the reader wants stillness ---

  let playing = 0;
  const play = (direction: 1 | -1) => async () => {
    const mine = ++playing, last = time.options.max;
    if (time.value === (direction > 0 ? last : 0)) time.value = last - time.value;
    while (mine === playing && time.value !== (direction > 0 ? last : 0)) {
      time.value += direction;
      frame.update();
      await new Promise((resolve) => setTimeout(resolve, 45));
    }
    frame.note();
  };
  if (!frame.still) {
    frame.button('Play: drown', play(1));
    frame.button('Play: walk back', play(-1));
    frame.button('Stop', () => { playing += 1; });
  }

  await frame.draws(async () => {
    const now = await find(), t = time.value, { last } = now.forward;
    if (training && training !== now) training = undefined;
    train.textContent = training ? 'Pause training' : 'Train the denoiser';
    train.disabled = now.steps >= now.planned;
    drawPath(frame, ahead, now.forward, t, 0, 'data, drowned');
    drawPath(frame, back, now.reverse, t, last, 'noise, walked back');
    drawCourse(place, now.course, now.planned, now.verdict[1]);
    const [elbo, logProb, gap, error] = now.verdict;
    frame.read([
      ['t', `${t} of ${last}`], ['ᾱ, share of the data', now.alphaBar[t]], ['log SNR', t ? now.logSnr[t - 1] : Infinity],
      ['training steps', now.steps, 0], ['ELBO, nats a point', elbo, 3], ['true log p(x)', logProb, 3], ['gap', `${written(gap, 2)} ± ${written(error, 2)}`],
    ]);
  });
}
