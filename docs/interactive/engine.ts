// The C++ behind an instrument: numbers go out, numbers come back, or an error with its words.
import type { ModuleName } from './module';
import type { Question, Reply } from './worker';

interface Waiting {
  resolve(numbers: Float64Array): void;
  reject(error: Error): void;
}

export class Engine {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(module: ModuleName) {
    this.worker = new Worker(new URL(`./worker.js?${module}`, import.meta.url), { type: 'module' });
    this.worker.addEventListener('message', ({ data: { id, answer } }: MessageEvent<Reply>) => {
      const one = this.waiting.get(id);
      this.waiting.delete(id);
      if (typeof answer === 'string') one?.reject(new Error(answer));
      else one?.resolve(answer);
    });
    this.worker.addEventListener('error', (event) => {
      const error = new Error(`the C++ could not be loaded: ${event.message ?? 'no reason given'}`);
      this.waiting.forEach((one) => one.reject(error));
      this.waiting.clear();
    });
  }

  call(name: string, numbers: ArrayLike<number> = []): Promise<Float64Array> {
    return this.ask('call', name, Float64Array.from(numbers));
  }

  give(name: string, bytes: Uint8Array): Promise<Float64Array> {
    return this.ask('give', name, bytes);
  }

  private ask(kind: Question['kind'], name: string, content: Float64Array | Uint8Array): Promise<Float64Array> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, kind, name, content } satisfies Question);
    });
  }
}
