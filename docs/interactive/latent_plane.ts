// The plane of codes as a picture: what each point decodes to, and where pictures have their codes.
import type { Frame } from './frame';
import { ink, picture, type Sheet } from './latent_picture';

export const size = 420;
const edge = 3 + 3 / 19;  // the outer border of 20 cells whose middles run from -3 to 3
const x = (z: number) => (z / edge + 1) * size / 2, y = (z: number) => (1 - z / edge) * size / 2;

export interface View {
  sheet: Sheet;
  /// Label and code of some digits, one after the other.
  codes?: Float64Array;
  /// For each cell, how far it is from a digit.
  distances?: Float64Array;
  cross: [number, number];
  /// The bet's mean and deviations; no deviations where the code is a point.
  bet: { mean: [number, number]; scale?: [number, number] };
}

export function paint(frame: Frame, canvas: HTMLCanvasElement, view: View): void {
  const at = canvas.getContext('2d')!;
  at.clearRect(0, 0, size, size);
  at.globalAlpha = view.codes ? 0.25 : 1;
  picture(frame, canvas, view.sheet);
  at.globalAlpha = 1;
  at.fillStyle = frame.colour('orange');
  if (view.codes) label(at, view.codes);
  if (view.distances) shade(at, view.distances);

  const { mean: [a, b], scale } = view.bet, paper = frame.colour('paper');
  ink(at, paper, frame.colour('blue'), () => {
    const unit = size / 2 / edge, rings = scale ? [1, 2].map((times) => [times * scale[0] * unit, times * scale[1] * unit]) : [];
    for (const [across, up] of [[2, 2], ...rings]) {
      at.moveTo(x(a) + across, y(b));
      at.ellipse(x(a), y(b), across, up, 0, 0, 2 * Math.PI);
    }
  });
  const [cx, cy] = [x(view.cross[0]), y(view.cross[1])];
  ink(at, paper, frame.colour('text'), () => {
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      at.moveTo(cx + 4 * dx, cy + 4 * dy);
      at.lineTo(cx + 12 * dx, cy + 12 * dy);
    }
  });
}

function label(at: CanvasRenderingContext2D, codes: Float64Array): void {
  at.font = '600 12px sans-serif';
  at.textAlign = 'center';
  at.textBaseline = 'middle';
  for (let i = 0; i < codes.length; i += 3) at.fillText(String(codes[i]), x(codes[i + 1]), y(codes[i + 2]));
}

// The same shade for the same distance in every model: none up to 0.1, the darkest from 0.5 on.
function shade(at: CanvasRenderingContext2D, distances: Float64Array): void {
  const cell = size / 20;
  distances.forEach((far, i) => {
    at.globalAlpha = Math.max(0, Math.min(0.8, 2 * (far - 0.1)));
    at.fillRect(i % 20 * cell, Math.floor(i / 20) * cell, cell, cell);
  });
  at.globalAlpha = 1;
}

export interface Walk {
  /// Where the code stands.
  current(): [number, number];
  /// It moves there, to stay.
  put(code: [number, number]): void;
  /// A mouse points there, or nowhere any more: what is there is shown for as long.
  glance(code?: [number, number]): void;
}

/// A finger or a pressed mouse moves the code, and so do arrow keys; a mouse that only passes looks.
export function walk(canvas: HTMLCanvasElement, { current, put, glance }: Walk): void {
  canvas.style.touchAction = 'none';
  canvas.style.cursor = 'crosshair';
  const held = (z: number) => Math.max(-3, Math.min(3, z));
  const follow = (event: PointerEvent) => {
    const box = canvas.getBoundingClientRect(), across = (event.clientX - box.left) / box.width, down = (event.clientY - box.top) / box.height;
    const code: [number, number] = [held((2 * across - 1) * edge), held((1 - 2 * down) * edge)];
    if (event.buttons) put(code);
    else glance(code);
  };
  canvas.addEventListener('pointerdown', follow);
  canvas.addEventListener('pointermove', follow);
  canvas.addEventListener('pointerleave', () => glance());
  canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const [a, b] = current(), far = event.shiftKey ? 0.5 : 0.1;
    put([a + far * step[0], b + far * step[1]]);
  });
}
