// Chapter 2: the floor under the evidence, added up, and the guess that raises it.
import { areaY, dot, lineY, rect, ruleX, text } from '@observablehq/plot';
import { chart, follow, rows, type Chart } from './chart';
import type { Frame } from './frame';

/// The least of 1, 2.5, 5, 10, 25... that is not below `value`, so that an axis mostly stands still.
function rounded(value: number): number {
  let power = 1;
  while (10 * power < value) power *= 10;
  return [1, 2.5, 5, 10].map((digit) => digit * power).find((one) => one >= value)!;
}

/// A column of a sum: each bar goes on where the one above it ended.
function sum(place: HTMLElement, values: Float64Array, room: number): void {
  const [evidence, elbo, gap, reconstruction, prior] = values;
  const bars = [
    { what: 'reconstruction, E log p(x|z)', from: 0, to: reconstruction, ink: 'green' },
    { what: '− KL(q ‖ prior)', from: reconstruction, to: reconstruction - prior, ink: 'purple' },
    { what: '= ELBO', from: 0, to: elbo, ink: 'blue' },
    { what: '+ KL(q ‖ posterior), the gap', from: elbo, to: elbo + gap, ink: 'orange' },
    { what: '= log p(x)', from: 0, to: evidence, ink: 'muted' },
  ].map((bar, row) => ({ ...bar, row, low: Math.min(bar.from, bar.to), high: Math.max(bar.from, bar.to) }));
  const ink = (bar: { ink: string }) => `var(--ink-${bar.ink})`;
  chart(place, {
    height: 270, marginLeft: 12, marginRight: 12,
    x: { domain: [-room, 0], label: 'nats', ticks: 5, labelAnchor: 'center' },
    y: { domain: [5, 0], axis: null },
    marks: [
      ruleX([{ at: reconstruction, row: 0 }, { at: elbo, row: 1 }, { at: elbo, row: 2 }], { x: 'at', y1: (end) => end.row + 0.48, y2: (end) => end.row + 1.92, stroke: 'var(--ink-muted)' }),
      ruleX([evidence], { y1: 0, y2: 5, stroke: 'var(--ink-text)', strokeDasharray: '3 3' }),
      rect(bars, { x1: 'low', x2: 'high', y1: (bar) => bar.row + 0.48, y2: (bar) => bar.row + 0.92, fill: ink, fillOpacity: 0.85, insetLeft: -0.5, insetRight: -0.5 }),
      text(bars, { x: -room, y: (bar) => bar.row + 0.28, text: 'what', textAnchor: 'start', fill: ink, stroke: 'var(--color-background-primary)', strokeWidth: 4, fontWeight: 600 }),
    ],
  });
}

export default async function bound(frame: Frame): Promise<void> {
  const mean = frame.slider({ key: 'mean', label: 'mean of q', min: -4, max: 4, step: 0.01, value: 0.2 });
  const scale = frame.slider({ key: 'scale', label: 'scale of q', min: 0.05, max: 2, step: 0.01, value: 0.25 });
  const x = frame.slider({ key: 'x', label: 'x, what was seen', min: -3, max: 3, step: 0.01, value: 1.2 });
  const weight = frame.slider({ key: 'weight', label: 'weight', min: 0, max: 3, step: 0.01, value: 1.5 });
  const noise = frame.slider({ key: 'noise', label: 'noise', min: 0.4, max: 2, step: 0.01, value: 0.8 });

  const bars = frame.picture('A sum in bars, in nats: the ELBO is the reconstruction less the KL to the prior, and the KL to the posterior fills the gap between the ELBO and log p(x).');
  const densities = frame.picture('The densities of the prior, of the posterior, and of the guess q.');

  // While q climbs it lies between the sliders' steps; it is there until a slider is moved.
  let between = { mean: NaN, scale: NaN, shown: [NaN, NaN] };
  const numbers = () => {
    const there = between.shown[0] === mean.value && between.shown[1] === scale.value;
    return [weight.value, noise.value, x.value, there ? between.mean : mean.value, there ? between.scale : scale.value];
  };

  // Climbs so many steps at once; gives how much the last of them has raised the ELBO.
  async function climb(steps: number): Promise<number> {
    const [m, s, gain] = await frame.engine.call('bound_ascend', [...numbers(), steps]);
    [mean.value, scale.value] = [m, s];
    between = { mean: m, scale: s, shown: [mean.value, scale.value] };
    frame.update();
    return gain;
  }

  let climbing = false, stopped = false;
  const ascend = frame.button('Ascend', async () => {
    stopped = climbing;
    if (climbing) return;
    climbing = true;
    frame.say('');
    if (!frame.still) ascend.textContent = 'Stop';
    try {
      while (!stopped && (await climb(frame.still ? 200 : 1)) > 1e-7) {
        if (!frame.still) await new Promise((on) => setTimeout(on, 60));
      }
      if (!stopped) frame.say('The ELBO rises no further: q has become the posterior.');
    } finally {
      climbing = false;
      ascend.textContent = 'Ascend';
      frame.note();
    }
  });
  frame.button('Reset', () => {
    stopped = true;
    frame.reset();
  });

  let drawn: Chart, room = 0;
  await frame.draws(async () => {
    const asked = numbers();
    const [values, curves] = await Promise.all([frame.engine.call('bound', asked), frame.engine.call('bound_curves', asked)]);
    const [evidence, elbo, gap, reconstruction, prior, posteriorMean, posteriorScale] = values;
    const needed = rounded(-1.02 * Math.min(elbo, reconstruction, evidence));
    room = climbing ? Math.max(room, needed) : needed;
    sum(bars, values, room);

    const table = rows(curves, 'z', 'q', 'posterior', 'prior');
    const [qMean, qScale] = asked.slice(3), top = Math.min(3.3, Math.max(0.9, ...table.map((row) => 1.1 * Math.max(row.q, row.posterior))));
    const handle = [[qMean, Math.min(0.97 * top, 0.3989 / qScale)]];
    const names = [['q', 'blue'], ['posterior', 'orange'], ['prior', 'muted']];
    drawn = chart(densities, {
      height: 270, marginTop: 30,
      x: { domain: [-4, 4], label: 'z', labelAnchor: 'center' },
      y: { domain: [0, top], label: null, ticks: 4 },
      marks: [
        areaY(table, { x: 'z', y: 'posterior', fill: 'var(--ink-orange)', fillOpacity: 0.2, clip: true }),
        lineY(table, { x: 'z', y: 'prior', stroke: 'var(--ink-muted)', strokeWidth: 1.5, strokeDasharray: '5 4', clip: true }),
        lineY(table, { x: 'z', y: 'posterior', stroke: 'var(--ink-orange)', strokeWidth: 2, clip: true }),
        lineY(table, { x: 'z', y: 'q', stroke: 'var(--ink-blue)', strokeWidth: 2, clip: true }),
        dot(handle, { r: 6, fill: 'var(--ink-blue)' }),
        names.map(([name, ink], i) => text([name], { frameAnchor: 'top-left', dx: [4, 26, 100][i], dy: -20, text: (one: string) => one, fill: `var(--ink-${ink})`, fontWeight: 600 })),
      ],
    });
    frame.read([
      ['log p(x), nats', evidence], ['ELBO', elbo], ['KL(q‖posterior)', gap],
      ['reconstruction', reconstruction], ['KL(q‖prior)', prior],
      ['posterior’s mean', posteriorMean], ['posterior’s scale', posteriorScale],
    ]);
  });

  // The top of q is its handle: across for the mean, up for a smaller scale.
  follow(densities, () => drawn, (at, height) => {
    stopped = true;
    frame.say('');
    mean.value = at;
    if (height > 0.05) scale.value = 0.3989 / height;
    frame.update();
    frame.note();
  });
}
