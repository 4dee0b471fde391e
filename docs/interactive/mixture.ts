// Chapter 6: EM on a mixture, half a step at a time, and the floor that touches the ceiling.
import { rows } from './chart';
import type { Frame } from './frame';
import { high, Plane, wide } from './mixture_plane';
import { stairs, type Half } from './mixture_stairs';

const sets = { cloud: 'the chapter’s cloud', moons: 'two moons', ring: 'a ring', far: 'two far groups', few: 'nine points', own: 'none but yours' };
const guesses = { middle: 'round, near the middle', drawn: 'round, each on a point', same: 'all the same' };
const faults = [
  '',
  'Here the path ends: a component has shrunk onto a single spot, or onto a line. Its density there has no limit, nor has the likelihood. '
    + 'A ridge keeps it open; so do more points, fewer components or another guess.',
  'Here the path ends: a component has lost all its points, and there is nothing left to fit it to. Take fewer components or another guess.',
];

// What `mixture_path` says: why it ends, and every half-step.
function parse(numbers: Float64Array, components: number): { fault: number; halves: Half[] } {
  const halves: Half[] = [], width = 3 + 6 * components;
  for (let at = 1; at + width <= numbers.length; at += width) {
    const [bound, likelihood, gap] = numbers.subarray(at, at + 3);
    halves.push({ bound, likelihood, gap, components: rows(numbers.subarray(at + 3, at + width), 'weight', 'x', 'y', 'xx', 'xy', 'yy') });
  }
  return { fault: numbers[0], halves };
}

const kind = (step: number) => (step === 0 ? 'the guess' : step % 2 ? 'E-step' : 'M-step');

export default async function mixture(frame: Frame): Promise<void> {
  const components = frame.slider({ key: 'components', label: 'components', min: 2, max: 4, step: 1, value: 3 });
  const set = frame.choice({ key: 'points', label: 'points', values: sets, value: 'cloud' });
  const guess = frame.choice({ key: 'guess', label: 'first guess', values: guesses, value: 'middle' });
  const draw = frame.slider({ key: 'draw', label: 'which draw', min: 1, max: 20, step: 1, value: 1 });
  const ridge = frame.slider({ key: 'ridge', label: 'ridge on every variance', min: 0, max: 0.2, step: 0.01, value: 0 });
  const step = frame.slider({ key: 'step', label: 'half-steps done', min: 0, max: 120, step: 1, value: 10 });

  const placed: number[] = [];
  frame.keep('placed', {
    wanted: 'an x and a y for each point, within the plane',
    read(text) {
      const numbers = text.split(' ').map(Number);
      if (numbers.length % 2 || numbers.length > 2000 || !numbers.every((one, i) => Math.abs(one) <= (i % 2 ? high : wide))) return false;
      placed.splice(0, Infinity, ...numbers);
      return true;
    },
    written: () => placed.join(' '), changed: () => placed.length > 0, reset: () => placed.splice(0),
  });
  let event = '';  // what the reader just did, to be said with what came of it
  const happened = (words: string) => {
    event = words;
    frame.say('');
    frame.update();
  };
  const placing = (x: number, y: number) => {
    placed.push(x, y);
    happened(`A point at ${x}, ${y}.`);
    frame.note();
  };
  const removing = () => {
    placed.splice(-2);
    happened('');
    frame.note();
  };
  const plane = new Plane(frame, placing, removing);
  const place = frame.picture('Log-likelihood and ELBO after the last half-steps: after an E-step they touch, after an M-step the log-likelihood is above.');

  // Points and path are asked for anew only when what they hang on has changed.
  const sources = Object.keys(sets);
  const made = new Map<string, Float64Array>();
  let asked = '', points: number[] = [], path: ReturnType<typeof parse> = { fault: 0, halves: [] };
  const find = async () => {
    if (set.value !== 'own' && !made.has(set.value)) made.set(set.value, await frame.engine.call('mixture_points', [sources.indexOf(set.value)]));
    points = [...(made.get(set.value) ?? []), ...placed];
    const m = components.value, numbers = [m, Object.keys(guesses).indexOf(guess.value), draw.value, ridge.value, ...points];
    if (numbers.join() === asked) return;
    path = parse(await frame.engine.call('mixture_path', numbers), m);
    asked = numbers.join();
  };

  const here = () => Math.min(step.value, path.halves.length - 1);
  const go = (to: number, words = '') => {
    step.value = Math.max(0, Math.min(path.halves.length - 1, to));
    happened(words);
  };
  let running = false;
  const half = (parity: number, again: string) => () => {
    running = false;
    if (here() === 0 && parity === 0) go(0, 'The guess has given no responsibilities yet: begin with an E-step.');
    else if (here() > 0 && here() % 2 === parity) go(here(), again);
    else go(here() + 1);
    frame.note();
  };
  frame.button('E-step', half(1, 'The ELBO touches already: the same E-step again changes nothing.'));
  frame.button('M-step', half(0, 'For these colours the model is already the best: the same M-step again changes nothing.'));

  // Until neither half moves anything any more.
  const settled = () => {
    const at = here(), all = path.halves;
    return at >= all.length - 1 || (at > 3 && all[at].bound - all[at - 2].bound < 1e-7);
  };
  const run = frame.button('Run', async () => {
    running = !running;
    frame.say('');
    run.textContent = running && !frame.still ? 'Stop' : 'Run';
    while (running && !settled()) {
      step.value = here() + 1;
      if (frame.still) continue;
      frame.update();
      await new Promise((resolve) => setTimeout(resolve, 160));
    }
    running = false;
    run.textContent = 'Run';
    frame.update();
    frame.note();
  });
  frame.button('Back to the guess', () => {
    running = false;
    go(0);
    frame.note();
  });
  const remove = frame.button('Remove your last point', removing);

  const state = (at: number, m: number) => {
    const n = points.length / 2;
    if (n === 0) return 'No points yet: click into the plane, or use the arrow keys and Enter.';
    if (n < m) return `Fewer points (${n}) than components (${m}): place more.`;
    if (path.fault && at === path.halves.length - 1) return faults[path.fault];
    return settled() ? 'Neither half moves anything any more.' : '';
  };

  await frame.draws(async () => {
    draw.disabled = guess.value !== 'drawn';
    remove.disabled = placed.length === 0;
    await find();
    step.value = here();  // no further than the path goes
    const at = here(), now = path.halves[at], m = now.components.length;
    // After an M-step the colours are still those of the E-step before, by the model before that.
    const judge = at === 0 ? [] : path.halves[at - (at % 2 ? 1 : 2)].components;
    const shares = at === 0 ? new Float64Array(m * points.length / 2).fill(1 / m)
      : await frame.engine.call('mixture_e_step', [m, ...judge.flatMap((one) => [one.weight, one.x, one.y, one.xx, one.xy, one.yy]), ...points]);
    plane.draw({ points, shares, components: now.components, trail: path.halves.slice(0, at + 1).map((one) => one.components) });
    stairs(place, path.halves, at);
    frame.read([
      ['last half-step', at ? `${at}: ${kind(at)}` : kind(at)], ['points', points.length / 2, 0], ['log-likelihood, nats', now.likelihood, 3],
      ['ELBO, nats', now.bound, 3], ['gap = KL(q‖posterior)', now.gap, 3],
    ]);
    const words = [event, state(at, m)].join(' ').trim();
    event = '';
    if (words) frame.say(words);
  });
}
