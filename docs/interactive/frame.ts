// What every instrument is put together from: a place for pictures, controls that remember
// themselves in the page's address, readings, and a line that says what happened.
import { Engine } from './engine';
import type { ModuleName } from './module';
import { Choice, Slider, type ChoiceOptions, type Control, type SliderOptions } from './controls';

function element<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, parent: Element) {
  const one = document.createElement(tag);
  one.className = name;
  parent.append(one);
  return one;
}

export class Frame {
  readonly name: string;
  readonly engine: Engine;
  /// The reader has asked for stillness: no instrument moves by itself.
  readonly still = matchMedia('(prefers-reduced-motion: reduce)').matches;

  private readonly box: HTMLElement;
  private readonly pictures: HTMLElement;
  private readonly panel: HTMLElement;
  private readonly buttons: HTMLElement;
  private readonly readings: HTMLElement;
  private readonly words: HTMLElement;
  private readonly controls = new Map<string, Control>();
  private draw: () => Promise<void> = async () => {};
  private drawing = false;
  private again = false;
  private remember = 0;

  constructor(private readonly place: HTMLElement, module: ModuleName) {
    this.engine = new Engine(module);
    this.name = place.dataset.instrument ?? '';
    this.box = document.createElement('section');
    this.box.className = 'bench';
    this.box.dataset.module = module;
    this.box.setAttribute('aria-label', place.dataset.title ?? this.name);
    element('p', 'bench-title', this.box).textContent = place.dataset.title ?? this.name;
    this.pictures = element('div', 'pictures', this.box);
    this.buttons = element('div', 'buttons', this.box);
    this.panel = element('div', 'panel', this.box);
    this.readings = element('dl', 'readings', this.box);
    this.words = element('p', 'words', this.box);
    this.words.setAttribute('role', 'status');
    place.append(this.box);
  }

  /// The instrument stands: the words that stood in for it may go.
  live(): void {
    this.place.classList.add('live');
    this.box.dataset.ready = 'yes';
    addEventListener('resize', () => this.update());
    // The theme may change under a picture that holds its colours.
    new MutationObserver(() => this.update()).observe(document.body, { attributeFilter: ['data-theme'] });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.update());
  }

  // --- Controls ---

  slider(options: SliderOptions): Slider {
    return this.add(options.key, new Slider(this.panel, options, () => this.changed()));
  }

  choice<Value extends string>(options: ChoiceOptions<Value>): Choice<Value> {
    return this.add(options.key, new Choice(this.panel, options, () => this.changed()));
  }

  button(label: string, press: () => void | Promise<void>): HTMLButtonElement {
    const one = element('button', '', this.buttons);
    one.type = 'button';
    one.textContent = label;
    one.addEventListener('click', () => void this.guard(async () => press()));
    return one;
  }

  /// What is no control of the panel and yet belongs into the address: points, a drawing, a training.
  keep(key: string, state: Control): void {
    this.add(key, state);
  }

  private add<C extends Control>(key: string, control: C): C {
    this.controls.set(key, control);
    const asked = new URLSearchParams(location.search).get(`${this.name}.${key}`);
    if (asked !== null && !control.read(asked)) {
      this.say(`The address asks for ${key} = ${asked}; wanted ${control.wanted}, so it stays as it was.`);
    }
    return control;
  }

  // --- Pictures and readings ---

  /// A place for one picture.
  picture(label: string): HTMLElement {
    const one = element('div', 'picture', this.pictures);
    one.setAttribute('role', 'img');
    one.setAttribute('aria-label', label);
    return one;
  }

  /// A canvas of so many units, as sharp as the screen, that shrinks with the page. It can be
  /// focused when it is there to be touched.
  canvas(width: number, height: number, label: string, touch = false): HTMLCanvasElement {
    const one = element('canvas', 'picture', this.pictures);
    const scale = Math.min(2, devicePixelRatio || 1);
    one.width = width * scale;
    one.height = height * scale;
    one.style.maxWidth = `${width}px`;
    one.style.aspectRatio = `${width} / ${height}`;
    one.setAttribute('role', touch ? 'application' : 'img');
    one.setAttribute('aria-label', label);
    if (touch) one.tabIndex = 0;
    one.getContext('2d')!.scale(scale, scale);
    return one;
  }

  /// Replaces the readings: what is measured, its value and, if not four, its decimals.
  read(values: [string, number | string, number?][]): void {
    this.readings.replaceChildren(...values.map(([what, value, decimals]) => {
      const pair = document.createElement('div');
      const term = element('dt', '', pair), number = element('dd', '', pair);
      term.textContent = what;
      number.textContent = typeof value === 'number' ? written(value, decimals) : value;
      if (typeof value === 'number') number.dataset.value = String(value);
      return pair;
    }));
  }

  /// A colour of the theme: 'blue', 'orange', 'green', 'purple', 'text', 'muted', 'faint'.
  colour(name: string): string {
    return getComputedStyle(this.box).getPropertyValue(`--ink-${name}`).trim();
  }

  get width(): number {
    return this.pictures.clientWidth;
  }

  // --- What happens ---

  /// `draw` asks the C++ for what the controls stand for, and draws it. It runs once now, and again
  /// after every change; the last change always comes to be drawn, those it overtook may not.
  async draws(draw: () => Promise<void>): Promise<void> {
    this.draw = draw;
    await draw();
  }

  update(): void {
    this.again = true;
    if (!this.drawing) void this.guard(() => this.redraw());
  }

  private async redraw(): Promise<void> {
    this.drawing = true;
    this.box.setAttribute('aria-busy', 'true');
    try {
      while (this.again) {
        this.again = false;
        await new Promise(requestAnimationFrame);
        await this.draw().catch((error) => {
          if (!this.again) throw error;  // what was overtaken need not have made sense
        });
      }
    } finally {
      this.drawing = false;
      this.box.removeAttribute('aria-busy');
    }
  }

  private changed(): void {
    this.say('');
    this.update();
    clearTimeout(this.remember);
    this.remember = setTimeout(() => this.note(), 250) as unknown as number;
  }

  /// Writes the controls into the page's address, so that a link leads to the same state.
  note(): void {
    const address = new URL(location.href);
    for (const [key, control] of this.controls) {
      const name = `${this.name}.${key}`;
      if (control.changed()) address.searchParams.set(name, control.written());
      else address.searchParams.delete(name);
    }
    history.replaceState(history.state, '', address);
  }

  /// Every control as it was when the page was made.
  reset(): void {
    this.controls.forEach((control) => control.reset());
    this.changed();
  }

  say(text: string): void {
    this.words.classList.remove('fault');
    this.words.textContent = text;
  }

  fault(error: unknown): void {
    this.words.classList.add('fault');
    this.words.textContent = error instanceof Error ? error.message : String(error);
  }

  private async guard(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.fault(error);
    }
  }
}

/// A number as the page writes numbers: four digits (none behind a whole number) or so many decimals,
/// a true minus.
export function written(value: number, decimals?: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '−∞' : 'not a number';
  if (decimals !== undefined) return value.toFixed(decimals).replace('-', '−');
  const size = Math.abs(value);
  const text = Number.isInteger(value) && size < 1e6 ? String(value) : size !== 0 && (size < 1e-4 || size >= 1e6) ? value.toExponential(2) : value.toFixed(size < 10 ? 4 : size < 1000 ? 2 : 0);
  return text.replace('-', '−');
}
