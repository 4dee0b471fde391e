// A picture of 28 x 28 pixels that a pointer draws, with the brush of the book's own digits.
import type { Control } from './controls';
import type { Frame } from './frame';
import { extent, picture } from './latent_picture';

export class Pad implements Control {
  readonly wanted = '784 hexadecimal digits, with z and two letters for zeros in a row';
  values = new Float64Array(28 * 28);
  private last: [number, number] | undefined;

  constructor(private readonly canvas: HTMLCanvasElement, private readonly drawn: () => boolean,
    private readonly changedByHand: () => void, done: () => void) {
    canvas.style.touchAction = 'none';
    canvas.style.cursor = 'crosshair';
    canvas.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      this.last = undefined;
      this.stroke(event);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      const passed = event.getCoalescedEvents?.() ?? [];
      for (const one of passed.length ? passed : [event]) this.stroke(one);
    });
    canvas.addEventListener('pointerup', done);
  }

  clear(): void {
    this.reset();
    this.changedByHand();
  }

  // --- In the address: sixteen greys, and runs of nothing in three letters ---

  read(text: string): boolean {
    const greys = text.replace(/z([0-9a-z]{2})/g, (_, zeros: string) => '0'.repeat(parseInt(zeros, 36)));
    if (!/^[0-9a-f]{784}$/.test(greys)) return false;
    this.values = Float64Array.from(greys, (grey) => parseInt(grey, 16) / 15);
    return true;
  }

  written(): string {
    const greys = Array.from(this.values, (value) => Math.round(15 * value).toString(16)).join('');
    return greys.replace(/0{4,784}/g, (zeros) => `z${zeros.length.toString(36).padStart(2, '0')}`);
  }

  changed(): boolean {
    return this.drawn() && this.values.some((value) => value > 0);
  }

  reset(): void {
    this.values = new Float64Array(28 * 28);
  }

  /// The picture as the model sees it, within the frame that the digits of its training fill.
  draw(frame: Frame, seen: ArrayLike<number>): void {
    picture(frame, this.canvas, { side: 28, values: seen });
    const context = this.canvas.getContext('2d')!, unit = extent(this.canvas).width / 28;
    context.strokeStyle = frame.colour('muted');
    context.setLineDash([3, 5]);
    context.lineWidth = 1;
    context.strokeRect(4 * unit, 4 * unit, 20 * unit, 20 * unit);
  }

  // Full ink within the brush, fading out across a soft edge.
  private stroke(event: PointerEvent): void {
    const box = this.canvas.getBoundingClientRect(), radius = 1.35, soft = 0.54;
    const to: [number, number] = [28 * (event.clientX - box.left) / box.width, 28 * (event.clientY - box.top) / box.height];
    const from = this.last ?? to, step = [to[0] - from[0], to[1] - from[1]];
    this.values = this.values.map((there, i) => {
      const dx = i % 28 + 0.5 - from[0], dy = Math.floor(i / 28) + 0.5 - from[1];
      const t = Math.max(0, Math.min(1, (dx * step[0] + dy * step[1]) / (step[0] ** 2 + step[1] ** 2 + 1e-12)));
      const inside = radius - Math.hypot(dx - t * step[0], dy - t * step[1]);
      return Math.round(15 * Math.max(there, Math.min(1, (inside + soft) / (2 * soft)))) / 15;
    });
    this.last = to;
    this.changedByHand();
  }
}
