// How chapter 10's instrument looks: points on their way, and the bound while the network learns.
import { dot, lineY, ruleY, text } from '@observablehq/plot';
import { chart } from './chart';
import type { Frame } from './frame';

/// n points at t = 0 .. last, and the curve of the shape that each is nearest to at t = 0.
export interface Path {
  n: number; last: number; places: Float64Array; curves: Float64Array;
}

export const side = 340;  // of a canvas in its units
const reach = 3.2;  // of the plane on it

/// The points at time t, with the way that one of them has come since `from`.
export function drawPath(frame: Frame, canvas: HTMLCanvasElement, path: Path, t: number, from: number, title: string): void {
  const ink = canvas.getContext('2d')!, { n, places } = path;
  const at = (time: number, i: number): [number, number] => [
    side / 2 * (1 + places[2 * (time * n + i)] / reach), side / 2 * (1 - places[2 * (time * n + i) + 1] / reach)];
  ink.clearRect(0, 0, side, side);
  const inks = [frame.colour('blue'), frame.colour('orange')];
  ink.globalAlpha = 0.8;
  for (let i = 0; i < n; i += 1) {
    ink.fillStyle = inks[path.curves[i]];
    ink.beginPath();
    ink.arc(...at(t, i), 2.2, 0, 2 * Math.PI);
    ink.fill();
  }
  ink.globalAlpha = 1;
  ink.strokeStyle = ink.fillStyle = frame.colour('text');
  ink.lineWidth = 0.7;
  ink.beginPath();
  for (let time = from; time !== t; time += Math.sign(t - from)) ink.lineTo(...at(time, 0));
  ink.lineTo(...at(t, 0));
  ink.stroke();
  ink.beginPath();
  ink.arc(...at(t, 0), 4, 0, 2 * Math.PI);
  ink.fill();
  const letter = 13 * side / (canvas.clientWidth || side);  // as large on a small screen
  ink.font = `${letter}px sans-serif`;
  ink.fillText(title, 2, letter);
}

/// The ELBO in the course of training, and the ceiling that no model can pass.
export function drawCourse(place: HTMLElement, course: { steps: number; elbo: number }[], planned: number, ceiling: number): void {
  const low = Math.min(...course.map((one) => one.elbo)), now = course.slice(-1);
  const late = now[0].steps > planned / 2;
  chart(place, {
    height: 180, marginLeft: 48, marginRight: 24, marginTop: 24,
    x: { domain: [0, planned], label: 'training steps', ticks: 3 },
    y: { domain: [low - 0.3, ceiling + 0.4], label: 'nats a point', ticks: 4 },
    marks: [
      ruleY([ceiling], { stroke: 'var(--ink-text)', strokeDasharray: '4 3' }),
      text([[0, ceiling]], { text: ['true log p(x), the ceiling'], textAnchor: 'start', dx: 6, dy: -8, fill: 'var(--ink-text)' }),
      lineY(course, { x: 'steps', y: 'elbo', stroke: 'var(--ink-blue)', strokeWidth: 2 }),
      dot(now, { x: 'steps', y: 'elbo', r: 4, fill: 'var(--ink-blue)' }),
      text(now, { x: 'steps', y: 'elbo', text: ['ELBO'], textAnchor: late ? 'end' : 'start', dx: late ? 0 : 10, dy: late ? 14 : 4, fill: 'var(--ink-blue)' }),
    ],
  });
}
