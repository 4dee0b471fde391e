// Runs the book's C++ away from the page: whatever it computes, nothing on the page waits.
// The module that CMake's preset `wasm` builds; it lies beside this script when the site is made.
import start, { type Answer } from './elbo.js';

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

const module = start();

addEventListener('message', async ({ data }: MessageEvent<Question>) => {
  const answer = await module.then((cpp) => cpp[data.kind](data.name, data.content)).catch(String);
  const reply: Reply = { id: data.id, answer };
  postMessage(reply, { transfer: typeof answer === 'string' ? [] : [answer.buffer] });
});
