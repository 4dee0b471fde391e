// How a VAE in training looks: the codes of digits, a sheet of pictures, both halves of the ELBO.
import { areaY, dot, lineY, text } from '@observablehq/plot';
import { chart, rows } from './chart';
import type { Frame } from './frame';

const side = 370;

/// A place for the codes, and how they are drawn: as digits where there are labels, else as dots.
export function codes(frame: Frame): (numbers: Float64Array) => void {
  const pen = frame.canvas(side, side, 'Where the encoder puts the digits that are held out, in two dimensions of the code, and a circle of radius two.').getContext('2d')!;
  let reach = 3;
  return ([across, up, acrossNats, upNats, ...points]) => {
    const table = rows(points, 'x', 'y', 'label');
    const farthest = Math.max(...table.map((one) => Math.max(Math.abs(one.x), Math.abs(one.y))));
    while (reach < farthest) reach *= 1.25; // in steps, so that the picture does not breathe
    while (reach > 3 && reach > 1.3 * farthest) reach /= 1.25;
    const at = (value: number) => side / 2 + (value / reach) * (side / 2 - 24);
    pen.clearRect(0, 0, side, side);
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.strokeStyle = frame.colour('faint');
    pen.strokeRect(0.5, 0.5, side - 1, side - 1);
    pen.strokeStyle = pen.fillStyle = frame.colour('muted');
    pen.beginPath();
    pen.arc(at(0), at(0), at(2) - at(0), 0, 2 * Math.PI);
    pen.stroke();
    const inks = ['text', 'blue', 'orange', 'green', 'purple'].map((name) => frame.colour(name));
    pen.font = '600 13px sans-serif';
    for (const { x, y, label } of table) {
      pen.fillStyle = label < 0 ? inks[1] : inks[label % inks.length];
      if (label < 0) pen.fillRect(at(x) - 1.5, at(-y) - 1.5, 3, 3);
      else pen.fillText(String(label), at(x), at(-y));
    }
    pen.fillStyle = frame.colour('muted');
    pen.font = '14px sans-serif';
    pen.fillText(`code ${across}: ${acrossNats.toFixed(1)} nats`, side / 2, side - 12);
    pen.save();
    pen.rotate(-Math.PI / 2);
    pen.fillText(`code ${up}: ${upNats.toFixed(1)} nats`, -side / 2, 12);
    pen.restore();
  };
}

export const inRow = 8; // pictures of the sheet
const captions: [string, number][] = [['held out', 1], ['rebuilt from the means of their codes', 1], ['samples: codes drawn from the prior', 4]];

/// A place for rows of pictures, as light as their numbers from 0 to 1 say, and how they are drawn.
export function sheet(frame: Frame): (light: Float64Array, height: number, width: number) => void {
  const cell = side / inRow, room = (side - 6 * cell) / captions.length;
  const pen = frame.canvas(side, side, 'A row of digits that are held out, below them the same as the model rebuilds them, and four rows of samples.').getContext('2d')!;
  const small = document.createElement('canvas'), smallPen = small.getContext('2d')!;
  const draw = (light: Float64Array, left: number, top: number) => {
    const image = smallPen.createImageData(small.width, small.height);
    light.forEach((value, i) => image.data.set([255 * value, 255 * value, 255 * value, 255], 4 * i));
    smallPen.putImageData(image, 0, 0);
    const scale = (cell - 1) / Math.max(small.width, small.height);
    pen.drawImage(small, left, top, scale * small.width, scale * small.height);
  };
  return (light, height, width) => {
    [small.width, small.height] = [width, height];
    pen.clearRect(0, 0, side, side);
    pen.fillStyle = frame.colour('muted');
    pen.font = '14px sans-serif';
    let number = 0, top = 0;
    for (const [caption, lines] of captions) {
      pen.fillText(caption, 0, top + room - 9);
      top += room;
      for (let i = 0; i < lines * inRow; i += 1, number += 1) {
        draw(light.subarray(number * height * width, (number + 1) * height * width), (i % inRow) * cell, top + Math.floor(i / inRow) * cell);
      }
      top += lines * cell;
    }
  };
}

/// Places for the curves, and how they are drawn: dashed while training, whole for what is held out.
export function curves(frame: Frame): (training: Float64Array, held: Float64Array) => void {
  const both = frame.picture('Reconstruction and ELBO by epochs; between them lies the KL.');
  const alone = frame.picture('The KL by epochs.');
  return (training, held) => {
    const table = (numbers: Float64Array) => rows(numbers, 'epoch', 'reconstruction', 'kl', 'elbo');
    const dashed = table(training), whole = table(held), end = whole.at(-1)!;
    const last = Math.max(1, end.epoch, dashed.at(-1)?.epoch ?? 0);
    // The first tenth is so steep that nothing else would be seen: it may leave the picture.
    const later = whole.filter((row) => row.epoch >= Math.min(0.1 * last, end.epoch));
    const x = { domain: [0, 1.02 * last], label: 'epochs' };
    const line = (y: 'reconstruction' | 'elbo' | 'kl', ink: string) => [
      lineY(dashed, { x: 'epoch', y, stroke: `var(--ink-${ink})`, strokeDasharray: '3 3', clip: true }),
      lineY(whole, { x: 'epoch', y, stroke: `var(--ink-${ink})`, strokeWidth: 2, clip: true }),
      dot([end], { x: 'epoch', y, fill: `var(--ink-${ink})`, r: 3 }),
    ];
    const name = (y: number, words: string, ink: string, dy: number) =>
      text([[last, y]], { text: [words], fill: `var(--ink-${ink})`, textAnchor: 'end', dy, stroke: 'var(--color-background-primary)', strokeWidth: 4, paintOrder: 'stroke' });
    const low = Math.min(...later.map((row) => row.elbo)), high = Math.max(...later.map((row) => row.reconstruction));
    const room = Math.max(20, 0.25 * (high - low));
    chart(both, {
      height: 220, marginTop: 24, x, y: { domain: [low - 0.6 * room, high + room], label: 'nats a picture (dashed: while training)' },
      marks: [
        areaY(whole, { x: 'epoch', y1: 'elbo', y2: 'reconstruction', fill: 'var(--ink-orange)', fillOpacity: 0.25, clip: true }),
        ...line('reconstruction', 'text'), ...line('elbo', 'blue'),
        name(end.reconstruction, 'reconstruction', 'text', -12), name(end.elbo, 'ELBO', 'blue', 14),
      ],
    });
    chart(alone, {
      height: 220, marginTop: 24, x, y: { domain: [0, 1.15 * Math.max(3, ...later.map((row) => row.kl))], label: 'KL, nats a picture' },
      marks: [...line('kl', 'orange'), name(end.kl, 'KL', 'orange', -12)],
    });
  };
}
