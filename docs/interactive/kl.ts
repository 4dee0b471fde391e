// Chapter 1: two densities, and what it costs to take one for the other.
import { areaY, dot, lineY, ruleY, text } from '@observablehq/plot';
import { chart, follow, rows, type Chart } from './chart';
import type { Frame } from './frame';

export default async function kl(frame: Frame): Promise<void> {
  const target = frame.choice({ key: 'p', label: 'p is', values: { normal: 'a normal', humps: 'two humps' }, value: 'humps' });
  const shaded = frame.choice({
    key: 'shade', label: 'shaded', values: { q: 'q log(q/p), whose area is KL(q‖p)', p: 'p log(p/q), whose area is KL(p‖q)' }, value: 'q',
  });
  const mean = frame.slider({ key: 'mean', label: 'mean of q', min: -5, max: 5, step: 0.01, value: 0.5 });
  const scale = frame.slider({ key: 'scale', label: 'scale of q', min: 0.1, max: 4, step: 0.01, value: 1 });
  const pMean = frame.slider({ key: 'pmean', label: 'mean of p', min: -5, max: 5, step: 0.01, value: -1 });
  const pScale = frame.slider({ key: 'pscale', label: 'scale of p', min: 0.1, max: 4, step: 0.01, value: 0.7 });
  const weight = frame.slider({ key: 'weight', label: 'left hump’s share of p', min: 0.01, max: 0.99, step: 0.01, value: 0.4 });
  const apart = frame.slider({ key: 'apart', label: 'distance of the humps', min: 0, max: 8, step: 0.01, value: 3.4 });

  const place = frame.picture('The densities q and p, and the integrand of the chosen divergence, shaded.');
  const numbers = () => target.value === 'humps'
    ? [weight.value, -0.1 - apart.value / 2, 0.6, apart.value / 2 - 0.1, 0.5, mean.value, scale.value]
    : [pMean.value, pScale.value, mean.value, scale.value];
  const name = () => (target.value === 'humps' ? 'kl_humps' : 'kl_normals');

  const fit = (direction: 0 | 1) => async () => {
    const fits = await frame.engine.call(`${name()}_fits`, numbers());
    mean.value = fits[2 * direction];
    scale.value = fits[2 * direction + 1];
    frame.update();
    frame.note();
  };
  frame.button('Fit q: least KL(q‖p)', fit(0));
  frame.button('Fit q: least KL(p‖q)', fit(1));
  frame.button('Reset', () => frame.reset());

  let drawn: Chart;
  await frame.draws(async () => {
    const humps = target.value === 'humps';
    [pMean, pScale].forEach((one) => { one.disabled = humps; });
    [weight, apart].forEach((one) => { one.disabled = !humps; });
    const [curves, values] = await Promise.all([
      frame.engine.call(`${name()}_curves`, numbers()), frame.engine.call(name(), numbers()),
    ]);
    const table = rows(curves, 'x', 'q', 'p', 'ofQ', 'ofP');
    const integrand = shaded.value === 'q' ? 'ofQ' : 'ofP', ink = shaded.value === 'q' ? 'blue' : 'orange';
    const held = (value: number) => Math.max(-1, Math.min(2.2, 1.05 * value));
    const top = held(Math.max(...table.map((row) => Math.max(row.q, row.p, row[integrand]))));
    const bottom = held(Math.min(...table.map((row) => row[integrand])));
    drawn = chart(place, {
      height: 260,
      x: { domain: [-6, 6], label: 'x' },
      y: { domain: [bottom, top], label: 'density, and integrand', clamp: true },
      marks: [
        areaY(table, { x: 'x', y: 'p', fill: 'var(--ink-faint)', fillOpacity: 0.7, clip: true }),
        areaY(table, { x: 'x', y: integrand, fill: `var(--ink-${ink})`, fillOpacity: 0.35, clip: true }),
        ruleY([0], { stroke: 'var(--ink-muted)' }),
        lineY(table, { x: 'x', y: 'p', stroke: 'var(--ink-muted)', strokeWidth: 2, clip: true }),
        lineY(table, { x: 'x', y: 'q', stroke: 'var(--ink-blue)', strokeWidth: 2, clip: true }),
        text([[mean.value, Math.min(2.1, 0.3989 / scale.value)]], { text: ['q'], fill: 'var(--ink-blue)', dy: -8, fontSize: 14 }),
        dot([[mean.value, Math.min(2.1, 0.3989 / scale.value)]], { r: 6, fill: 'var(--ink-blue)' }),
      ],
    });
    const [entropyQ, crossQ, klQ, entropyP, crossP, klP] = values;
    frame.read([
      ['entropy H(q)', entropyQ], ['cross-entropy H(q, p)', crossQ], ['KL(q‖p), nats', klQ],
      ['entropy H(p)', entropyP], ['cross-entropy H(p, q)', crossP], ['KL(p‖q), nats', klP],
    ]);
  });

  // The top of q is its handle: across for the mean, up for a smaller scale. Or that of p, if nearer.
  let taken: 'q' | 'p' = 'q';
  follow(place, () => drawn, (x, y, down) => {
    if (down) taken = target.value === 'normal' && Math.abs(x - pMean.value) < Math.abs(x - mean.value) ? 'p' : 'q';
    const [where, width] = taken === 'q' ? [mean, scale] : [pMean, pScale];
    where.value = x;
    if (y > 0.05) width.value = 0.3989 / y;
    frame.update();
    frame.note();
  });
}
