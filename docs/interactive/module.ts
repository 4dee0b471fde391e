// What docs/interactive/wasm.cpp offers.
export type Answer = Float64Array<ArrayBuffer> | string;

export interface Module {
  call(name: string, numbers: Float64Array | Uint8Array): Answer;
  give(name: string, bytes: Float64Array | Uint8Array): Answer;
}

/// The two that there are; see CMakeLists.txt.
export type ModuleName = 'models' | 'networks';
