/** What we and the page say to each other: one request, one answer. `feeds`, `warmUp`, `block`, `run` and `memory` are the worker's own
 *  (runtime/worker/protocol.ts); these two are the page's. */

import type { BrowserOfRun } from '../../terms/browser.js';
import type { ErrorCode } from '../../terms/codes/codes.js';

/** Loads onnxruntime-web; comes once, before the first `open`. */
export interface StartPage {
  /** The module to import, relative to the page. */
  module: string;
  /** The page's names of what the module loads. */
  wasmPaths: { mjs: string; wasm: string };
  provider: 'wasm' | 'webgpu';
  threads: number;
  /** A model of one node, encoded. */
  smallest: Uint8Array;
}

export interface StartedPage {
  /** onnxruntime-web's version. */
  version: string;
  /** Threads that it works with, counted. */
  threads: number;
  /** WebGPU's adapter; null: not asked for. */
  adapter: BrowserOfRun['adapter'];
}

export interface OpenInPage {
  /** Where the page finds the model, or the bytes of a small one. */
  model: string | Uint8Array;
  /** What lies beside it: the model's name for it, and where the page finds it. */
  externalData: { path: string; data: string }[];
  graphOptimizationLevel: 'disabled' | 'basic' | 'extended' | 'all';
  profile: boolean;
}

export type PageReply = { ok: true; body: unknown } | { ok: false; error: PageFailure };

export type PageFailure =
  | { kind: 'user' | 'machine'; code: ErrorCode; message: string }
  /** `open`: ONNX Runtime didn't open the model; its words have to be read. */
  | { kind: 'open' | 'bug'; message: string };
