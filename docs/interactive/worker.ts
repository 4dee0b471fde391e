// Runs the book's C++ away from the page: whatever it computes, nothing on the page waits.
// Which module of CMake's preset `wasm` it is stands in the address: worker.js?models or ?networks.
import type { Answer, Module } from './module';

export interface Question {
  id: number;
  kind: 'call' | 'give';
  name: string;
  content: Float64Array | Uint8Array;
}
export interface Reply {
  id: number;
  answer: Answer;
}

const source = new URL(`./${location.search.slice(1)}.js`, import.meta.url).href;
const module = import(source).then((file: { default(): Promise<Module> }) => file.default());

addEventListener('message', async ({ data }: MessageEvent<Question>) => {
  const answer = await module.then((cpp) => cpp[data.kind](data.name, data.content)).catch(String);
  const reply: Reply = { id: data.id, answer };
  postMessage(reply, { transfer: typeof answer === 'string' ? [] : [answer.buffer] });
});
