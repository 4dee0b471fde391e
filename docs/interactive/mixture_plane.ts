// The plane of chapter 6's instrument: points in the colours of their responsibilities, components
// as ellipses, and a cross with which the keyboard places points.
import type { Frame } from './frame';

export interface Component {
  weight: number; x: number; y: number; xx: number; xy: number; yy: number;
}

/// What is drawn. `shares` has a number for each component, point after point; `trail` where the
/// components have been, oldest first.
export interface Scene {
  points: ArrayLike<number>;
  shares: ArrayLike<number>;
  components: Component[];
  trail: Component[][];
}

export const wide = 4.6, high = 4.1;
const unit = 40;
const inks = ['blue', 'orange', 'green', 'purple'];

export class Plane {
  private readonly canvas: HTMLCanvasElement;
  private cross = { x: 0, y: 0, shown: false };
  private scene: Scene = { points: [], shares: [], components: [], trail: [] };

  constructor(private readonly frame: Frame, place: (x: number, y: number) => void, remove: () => void) {
    this.canvas = frame.canvas(2 * wide * unit, 2 * high * unit, 'The plane: points in the colours of the components that probably made '
      + 'them, components as ellipses. Click to place a point; or move the cross with the arrow keys, place with Enter, remove with Backspace.', true);
    this.canvas.style.cursor = 'crosshair';
    const held = (value: number, most: number) => Math.round(100 * Math.max(-most, Math.min(most, value))) / 100;
    this.canvas.addEventListener('click', (event) => {
      const box = this.canvas.getBoundingClientRect();
      place(held(((event.clientX - box.left) / box.width - 0.5) * 2 * wide, wide), held((0.5 - (event.clientY - box.top) / box.height) * 2 * high, high));
    });
    this.canvas.addEventListener('keydown', (event) => {
      const step = event.shiftKey ? 0.5 : 0.1;
      const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[event.key];
      if (by) this.cross = { x: held(this.cross.x + by[0], wide), y: held(this.cross.y + by[1], high), shown: true };
      else if (event.key === 'Enter' || event.key === ' ') place(this.cross.x, this.cross.y);
      else if (event.key === 'Backspace' || event.key === 'Delete') remove();
      else return;
      event.preventDefault();
      this.draw(this.scene);
    });
    for (const name of ['focus', 'blur'] as const) {
      this.canvas.addEventListener(name, () => {
        this.cross.shown = name === 'focus' && this.canvas.matches(':focus-visible');
        this.draw(this.scene);
      });
    }
  }

  draw(scene: Scene): void {
    this.scene = scene;
    const ink = this.canvas.getContext('2d')!;
    ink.clearRect(0, 0, 2 * wide * unit, 2 * high * unit);
    ink.save();
    ink.translate(wide * unit, high * unit);
    ink.scale(unit, -unit);
    this.drawPoints(ink);
    scene.components.forEach((one, k) => this.drawComponent(ink, one, k));
    if (this.cross.shown) this.drawCross(ink);
    ink.restore();
  }

  private drawPoints(ink: CanvasRenderingContext2D): void {
    const { points, shares, components } = this.scene;
    const colours = components.map((_, k) => rgb(this.frame.colour(inks[k])));
    const n = points.length / 2, radius = n > 200 ? 0.055 : 0.09;
    ink.globalAlpha = n > 200 ? 0.75 : 1;
    for (let i = 0; i < n; i += 1) {
      const mixed = [0, 1, 2].map((c) => colours.reduce((sum, one, k) => sum + shares[i * colours.length + k] * one[c], 0));
      ink.fillStyle = `rgb(${mixed.join()})`;
      ink.beginPath();
      ink.arc(points[2 * i], points[2 * i + 1], radius, 0, 2 * Math.PI);
      ink.fill();
    }
    ink.globalAlpha = 1;
  }

  // The ellipse of two standard deviations, and the way that its centre has come.
  private drawComponent(ink: CanvasRenderingContext2D, one: Component, k: number): void {
    const a = Math.sqrt(one.xx), b = one.xy / a, c = Math.sqrt(Math.max(0, one.yy - b * b));  // Cholesky
    ink.strokeStyle = this.frame.colour(inks[k]);
    ink.lineWidth = 0.06;
    ink.beginPath();
    for (let i = 0; i < 72; i += 1) {
      const cos = 2 * Math.cos(i * Math.PI / 36), sin = 2 * Math.sin(i * Math.PI / 36);
      ink.lineTo(one.x + a * cos, one.y + b * cos + c * sin);
    }
    ink.closePath();
    ink.stroke();
    ink.fillStyle = ink.strokeStyle;
    ink.strokeStyle = this.frame.colour('text');
    ink.lineWidth = 0.03;
    ink.beginPath();
    this.scene.trail.forEach((then) => ink.lineTo(then[k].x, then[k].y));
    ink.stroke();
    ink.beginPath();
    ink.arc(one.x, one.y, 0.11, 0, 2 * Math.PI);
    ink.fill();
    ink.lineWidth = 0.05;
    ink.stroke();
  }

  private drawCross(ink: CanvasRenderingContext2D): void {
    const { x, y } = this.cross;
    ink.strokeStyle = this.frame.colour('text');
    ink.lineWidth = 0.05;
    ink.beginPath();
    for (const [dx, dy] of [[0.3, 0], [0, 0.3]]) {
      ink.moveTo(x - dx, y - dy);
      ink.lineTo(x + dx, y + dy);
    }
    ink.stroke();
  }
}

function rgb(hex: string): number[] {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}
