// Chapter 3: three ways to estimate one slope, drawn again and again until their piles can be seen.
import { dot, rect, ruleX, ruleY, text } from '@observablehq/plot';
import { chart, rows } from './chart';
import { written, type Frame } from './frame';

const roads = [
  { key: 'score', name: 'score function', short: 'score', ink: 'orange' },
  { key: 'baseline', name: 'with a baseline', short: 'baseline', ink: 'purple' },
  { key: 'path', name: 'pathwise', short: 'path', ink: 'blue' },
] as const;
const first = 3, most = 100; // lots of a hundred

export default async function gradients(frame: Frame): Promise<void> {
  const dimension = frame.slider({ key: 'd', label: 'dimension of z', min: 1, max: 100, step: 1, value: 10 });
  const draws = frame.slider({ key: 'draws', label: 'draws per estimate', min: 1, max: 50, step: 1, value: 1 });
  const seed = frame.slider({ key: 'seed', label: 'seed', min: 1, max: 50, step: 1, value: 1 });
  const place = frame.picture('Three histograms of estimates, one under the other on one axis: by the score function, by the score function with a baseline, and pathwise. A line marks the true slope.');

  // How many lots are drawn, and for which controls: others begin a new pile.
  let lots = first, drawnFor = '';
  const asked = () => {
    const numbers = [seed.value, dimension.value, draws.value];
    if (numbers.join() !== drawnFor) lots = first;
    drawnFor = numbers.join();
    return [...numbers, lots];
  };
  function more(count: number): boolean {
    asked();
    lots = Math.min(most, lots + count);
    frame.update();
    if (lots === most) frame.say('Ten thousand estimates of each kind: enough to see their shape. Reset begins anew.');
    return lots < most;
  }

  let going = false, stopped = false;
  frame.button('Draw 100 more', () => void more(1));
  const keep = frame.button(frame.still ? 'Draw 2000 more' : 'Keep drawing', async () => {
    if (frame.still) return void more(20);
    stopped = going;
    if (going) return;
    going = true;
    keep.textContent = 'Stop';
    while (!stopped && more(1)) await new Promise((on) => setTimeout(on, 80));
    going = false;
    keep.textContent = 'Keep drawing';
  });
  frame.button('Reset', () => {
    stopped = true;
    drawnFor = '';
    frame.reset();
  });

  await frame.draws(async () => {
    const numbers = asked();
    const [bins, values] = await Promise.all([frame.engine.call('gradients_histograms', numbers), frame.engine.call('gradients', numbers)]);
    const table = rows(bins, 'left', 'right', 'score', 'baseline', 'path');
    const spread = roads.map((road, i) => ({ ...road, row: i, mean: values[1 + 3 * i], deviation: values[2 + 3 * i] }));
    // Each pile as high as its row: what is compared is their width.
    const bars = spread.flatMap(({ key, ink, row }) => {
      const fullest = Math.max(...table.map((bin) => bin[key]));
      return table.filter((bin) => bin[key] > 0).map((bin) => ({ x1: bin.left, x2: bin.right, y1: row + 0.98 - 0.68 * bin[key] / fullest, y2: row + 0.98, ink }));
    });
    const ink = (one: { ink: string }) => `var(--ink-${one.ink})`;
    const [left, right] = [table[0].left, table[table.length - 1].right];
    chart(place, {
      height: 330, marginLeft: 12, marginRight: 12, marginTop: 22,
      x: { domain: [left, right], label: 'estimate of the slope', ticks: 6, labelAnchor: 'center' },
      y: { domain: [3, 0], axis: null },
      marks: [
        ruleX([values[0]], { stroke: 'var(--ink-text)', strokeDasharray: '3 3' }),
        rect(bars, { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', fill: ink, fillOpacity: 0.8 }),
        ruleY([0.98, 1.98, 2.98], { stroke: 'var(--ink-muted)' }),
        dot(spread, { x: 'mean', y: (one) => one.row + 0.98, r: 4, fill: 'var(--color-background-primary)', stroke: ink, strokeWidth: 2 }),
        text(spread, { x: left, y: (one) => one.row + 0.16, text: 'name', textAnchor: 'start', fill: ink, fontWeight: 600 }),
        text(spread, { x: right, y: (one) => one.row + 0.16, text: (one) => `s.d. ${written(one.deviation)}`, textAnchor: 'end', fill: ink }),
        text(['the truth'], { x: values[0], frameAnchor: 'top', dy: -16, text: (one: string) => one, fill: 'var(--ink-text)' }),
      ],
    });
    const [scoreRatio, scoreFormula, baselineRatio, baselineFormula] = values.slice(10);
    frame.read([
      ['estimates of each', 100 * lots], ['the truth', values[0]],
      ...spread.flatMap(({ short, mean, deviation }): [string, number][] => [[`${short}: mean`, mean], [`${short}: s.d.`, deviation]]),
      ['Var score / path', scoreRatio], ['by the formula', scoreFormula],
      ['Var baseline / path', baselineRatio], ['by its formula', baselineFormula],
    ]);
  });
}
