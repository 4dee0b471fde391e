// Pictures of curves and bars, by Observable Plot, in the book's colours.
import { plot, type PlotOptions } from '@observablehq/plot';

export type Chart = ReturnType<typeof plot>;

/// Draws into `place` what `options` say, as wide as there is room for. Gives the chart, whose
/// scales tell where the pointer is.
export function chart(place: HTMLElement, options: PlotOptions & { height: number }): Chart {
  const width = Math.max(240, place.clientWidth);
  const drawn = plot({ width, marginLeft: 44, marginBottom: 34, marginTop: 14, marginRight: 10, ...options });
  // The place has words for those who do not see it; the marks' own names would only be in the way.
  drawn.querySelectorAll('[aria-label]').forEach((one) => one.removeAttribute('aria-label'));
  place.replaceChildren(drawn);
  return drawn;
}

/// A table of `columns` numbers a row, as the C++ gives it, as one object a row.
export function rows<Name extends string>(numbers: ArrayLike<number>, ...names: Name[]): Record<Name, number>[] {
  const all: Record<Name, number>[] = [];
  for (let i = 0; i + names.length <= numbers.length; i += names.length) {
    all.push(Object.fromEntries(names.map((name, j) => [name, numbers[i + j]])) as Record<Name, number>);
  }
  return all;
}

/// Follows a pointer that is pressed on `place`: `move` is told where it is in the chart's own
/// units, and whether it has just come down. A finger drags, it does not scroll.
export function follow(place: HTMLElement, current: () => Chart, move: (x: number, y: number, down: boolean) => void): void {
  const tell = (event: PointerEvent, down: boolean) => {
    const drawn = current(), box = drawn.getBoundingClientRect();
    const unit = Number(drawn.getAttribute('width')) / box.width;
    const at = (name: 'x' | 'y', pixel: number) => drawn.scale(name)!.invert!(pixel * unit) as number;
    move(at('x', event.clientX - box.left), at('y', event.clientY - box.top), down);
  };
  place.style.touchAction = 'pan-y';
  place.style.cursor = 'grab';
  place.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    place.setPointerCapture(event.pointerId);
    tell(event, true);
  });
  place.addEventListener('pointermove', (event) => {
    if (place.hasPointerCapture(event.pointerId)) tell(event, false);
  });
}
