// Small grey pictures on canvases, in the ink of the theme.
import type { Frame } from './frame';

/// A square picture: so many pixels a row, from 0 for paper to 1 for ink.
export interface Sheet {
  side: number;
  values: ArrayLike<number>;
}

/// Paints the sheet over the canvas, in the ink of the theme.
export function picture(frame: Frame, canvas: HTMLCanvasElement, { side, values }: Sheet): void {
  const image = new ImageData(side, side), ink = parseInt(frame.colour('text').slice(1), 16);
  for (let i = 0; i < side * side; i += 1) {
    image.data.set([ink >> 16, ink >> 8 & 255, ink & 255, Math.round(255 * values[i])], 4 * i);
  }
  const sheet = Object.assign(document.createElement('canvas'), { width: side, height: side });
  sheet.getContext('2d')!.putImageData(image, 0, 0);
  const context = canvas.getContext('2d')!, { width, height } = extent(canvas);
  context.imageSmoothingEnabled = side > 28;
  context.imageSmoothingQuality = 'high';
  if (side === 28) context.clearRect(0, 0, width, height);
  context.drawImage(sheet, 0, 0, width, height);
}

/// The canvas in its own units, whatever the screen's sharpness.
export function extent(canvas: HTMLCanvasElement): { width: number; height: number } {
  const scale = canvas.getContext('2d')!.getTransform().a;
  return { width: canvas.width / scale, height: canvas.height / scale };
}

/// Lines that are seen on any ground: once broad in the colour of paper, once fine in ink.
export function ink(context: CanvasRenderingContext2D, paper: string, colour: string, path: () => void): void {
  for (const [style, width] of [[paper, 5], [colour, 2]] as const) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.beginPath();
    path();
    context.stroke();
  }
}
