// What a reader moves: sliders and choices. Each knows how it is written in the page's address.

export interface Control {
  /// Takes what an address says; false, and nothing changed, where that makes no sense.
  read(text: string): boolean;
  written(): string;
  changed(): boolean;
  reset(): void;
  readonly wanted: string;
}

export interface SliderOptions {
  key: string;
  label: string;
  min: number;
  max: number;
  step: number;
  value: number;
  unit?: string;
}

let made = 0;

function labelled(panel: HTMLElement, text: string, control: HTMLElement): HTMLElement {
  const row = document.createElement('div');
  row.className = 'control';
  const label = document.createElement('label');
  control.id = `control-${++made}`;
  label.htmlFor = control.id;
  label.textContent = text;
  row.append(label, control);
  panel.append(row);
  return row;
}

export class Slider implements Control {
  private readonly input = document.createElement('input');
  private readonly output = document.createElement('output');

  constructor(panel: HTMLElement, readonly options: SliderOptions, changed: () => void) {
    this.input.type = 'range';
    for (const key of ['min', 'max', 'step'] as const) this.input[key] = String(options[key]);
    this.output.htmlFor.add(labelled(panel, options.label, this.input).querySelector('input')!.id);
    this.input.after(this.output);
    this.input.addEventListener('input', () => {
      this.show();
      changed();
    });
    this.reset();
  }

  get value(): number {
    return this.input.valueAsNumber;
  }

  /// Held to the range and its steps.
  set value(value: number) {
    this.input.value = String(value);
    this.show();
  }

  set disabled(off: boolean) {
    this.input.disabled = off;
    this.input.parentElement!.hidden = off;
  }

  get wanted(): string {
    return `a number from ${this.options.min} to ${this.options.max}`;
  }

  read(text: string): boolean {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!(value >= this.options.min && value <= this.options.max)) return false;
    this.value = value;
    return true;
  }

  written(): string {
    return this.input.value;
  }

  changed(): boolean {
    return Number(this.input.value) !== this.options.value;
  }

  reset(): void {
    this.value = this.options.value;
  }

  private show(): void {
    const digits = Math.max(0, -Math.floor(Math.log10(this.options.step) + 1e-9));
    const text = this.value.toFixed(digits).replace('-', '−') + (this.options.unit ? ` ${this.options.unit}` : '');
    this.output.textContent = text;
    this.input.setAttribute('aria-valuetext', text);
  }
}

export interface ChoiceOptions<Value extends string> {
  key: string;
  label: string;
  values: Record<Value, string>;
  value: NoInfer<Value>;
}

export class Choice<Value extends string> implements Control {
  private readonly select = document.createElement('select');

  constructor(panel: HTMLElement, readonly options: ChoiceOptions<Value>, changed: () => void) {
    for (const [value, text] of Object.entries<string>(options.values)) {
      this.select.append(new Option(text, value));
    }
    labelled(panel, options.label, this.select);
    this.select.addEventListener('change', changed);
    this.reset();
  }

  get value(): Value {
    return this.select.value as Value;
  }

  set value(value: Value) {
    this.select.value = value;
  }

  get wanted(): string {
    return Object.keys(this.options.values).join(' or ');
  }

  read(text: string): boolean {
    if (!(text in this.options.values)) return false;
    this.value = text as Value;
    return true;
  }

  written(): string {
    return this.value;
  }

  changed(): boolean {
    return this.value !== this.options.value;
  }

  reset(): void {
    this.value = this.options.value;
  }
}
