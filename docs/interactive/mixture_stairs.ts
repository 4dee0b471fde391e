// The floor that touches the ceiling with every E-step of chapter 6's instrument.
import { areaY, dot, lineY, text } from '@observablehq/plot';
import { chart } from './chart';
import type { Component } from './mixture_plane';

/// What a half-step leaves behind: `gap` is KL(q || posterior).
export interface Half {
  bound: number; likelihood: number; gap: number; components: Component[];
}

/// The last eight half-steps. Both lines rise with an M-step; an E-step lifts the lower one alone.
export function stairs(place: HTMLElement, halves: Half[], step: number): void {
  const first = Math.max(0, Math.min(step - 7, halves.length - 8));
  const table = halves.slice(first, step + 1).map((half, i) => ({ ...half, step: first + i }));
  const low = Math.min(...table.map((half) => half.bound)), high = Math.max(...table.map((half) => half.likelihood));
  const room = Math.max(0.15 * (high - low), 0.06);
  chart(place, {
    height: 300, marginLeft: 70, marginTop: 18, marginRight: 18,
    x: { domain: [first, first + 7], label: 'half-step', ticks: Array.from({ length: 8 }, (_, i) => first + i), tickFormat: (i: number) => (i === 0 ? 'guess' : i % 2 ? `${i} E` : 'M') },
    y: { domain: [low - room, high + room], label: 'nats, all points together', ticks: 5 },
    marks: [
      areaY(table, { x: 'step', y1: 'bound', y2: 'likelihood', fill: 'var(--ink-orange)', fillOpacity: 0.3 }),
      lineY(table, { x: 'step', y: 'likelihood', stroke: 'var(--ink-text)', strokeWidth: 2 }),
      lineY(table, { x: 'step', y: 'bound', stroke: 'var(--ink-blue)', strokeWidth: 2 }),
      dot(table.filter((half) => half.step % 2 || step === 0), { x: 'step', y: 'bound', r: 4.5, fill: 'var(--ink-blue)' }),
      // Where lines that rise never are.
      text(['log-likelihood'], { frameAnchor: 'bottom-right', dx: -4, dy: -28, fontSize: 13, fill: 'var(--ink-text)' }),
      text(['ELBO'], { frameAnchor: 'bottom-right', dx: -4, dy: -10, fontSize: 13, fill: 'var(--ink-blue)' }),
    ],
  });
}
