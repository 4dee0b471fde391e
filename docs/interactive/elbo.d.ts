// What docs/interactive/wasm.cpp offers.
export type Answer = Float64Array<ArrayBuffer> | string;
export default function start(): Promise<{
  call(name: string, numbers: Float64Array | Uint8Array): Answer;
  give(name: string, bytes: Float64Array | Uint8Array): Answer;
}>;
