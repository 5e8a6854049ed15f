/** What parent and worker say to each other: one request, one reply, matched by id, over Node's IPC channel with structured clone. */

import type { Feeds } from '../../tensor/tensor.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import type { BrowserOfRun } from '../../terms/browser.js';
import type { ErrorCode } from '../../terms/codes/codes.js';
import type { OptimizedNode } from '../optimized-node.js';
import type { SessionOptions } from '../runtime.js';
import type { StoredFeeds } from './feeds-file.js';

/** When a warm-up counts as done. */
export interface WarmUpPlan {
  minRuns: number;
  minMs: number;
  /** Give up waiting for stability after this long. */
  maxMs: number;
  /** Length of one window whose median is compared with its neighbours'. */
  windowMs: number;
  /** Three consecutive windows' medians must lie within this ratio, e.g. 1.02. */
  tolerance: number;
}

/** One timed block. It ends when both minima are reached, or at `maxMs`. */
export interface BlockPlan {
  minRuns: number;
  minMs: number;
  maxMs: number;
  /** Runs at the start that are thrown away: caches, clocks and threads wake up. Both minima must be reached. */
  dropRuns: number;
  dropMs: number;
}

export interface OpenRequest {
  /** Path (preferred), or the bytes of a small model. */
  model: string | Uint8Array;
  /** Directory of the onnxruntime-node package; null: found as loadRuntime does. */
  runtimePath: string | null;
  /** onnxruntime-web, for 'wasm' and the providers in a browser: the package's directory, and what a page needs of its dist/. */
  web?: { directory: string; files: readonly string[] } | null;
  /** The browser's path, and an empty directory (the parent's, who removes it) for its profile; null: no browser is asked for. */
  browser?: { path: string; profile: string } | null;
  options: SessionOptions;
  /** Empty directory (the parent's, who removes it) for a profile and the optimized graph, read back with `profile`; null: neither. */
  profileDirectory: string | null;
}

export interface OpenReply {
  /** Time of opening the session: reading, optimizing and preparing the model; the library itself is loaded before. */
  loadMs: number;
  inputs: readonly ValueMeta[];
  outputs: readonly ValueMeta[];
  onnxruntime: string;
  /** Threads that onnxruntime-web works with, counted; absent: onnxruntime-node, which doesn't tell. */
  threads?: number;
  /** The browser that it runs in; absent: none. */
  browser?: Omit<BrowserOfRun, 'provider'>;
}

export interface WarmUpReply {
  /** The first inference of this session. */
  firstMs: number;
  runs: number;
  tookMs: number;
  /** Median of the last window. */
  medianMs: number;
  /** false: `maxMs` passed before three windows agreed. */
  stable: boolean;
  /** Outputs are written into buffers allocated once (false: their shapes vary, so each run allocates). */
  outputsReused: boolean;
  /** NaN and infinite values in the floating-point outputs of the first run. */
  nonFinite: number;
}

export interface BlockReply {
  /** Duration of each kept run, in order. */
  durationsMs: Float64Array;
  /** Wall time of the kept runs, everything between them included. */
  wallMs: number;
}

export interface MemoryReply {
  /** Highest resident set so far (VmHWM), in bytes; of onnxruntime-web, its heap. */
  peakBytes: number;
  /** Resident now, by kind (RssAnon, RssFile), in bytes. */
  anonymousBytes: number;
  fileBytes: number;
}

/** Every request kind with what it carries and what comes back. */
export interface Calls {
  open: { request: OpenRequest; reply: OpenReply };
  /** Inputs that `warmUp` and `block` use; kept as prepared tensors. */
  feeds: { request: { feeds: Feeds }; reply: null };
  warmUp: { request: WarmUpPlan; reply: WarmUpReply };
  block: { request: BlockPlan; reply: BlockReply };
  run: {
    request: { feeds: Feeds; outputs: readonly string[] | null };
    reply: { outputs: Feeds; runMs: number };
  };
  /** One run after another, on inputs that lie in the file the worker was started with. */
  runStored: {
    request: { feeds: readonly StoredFeeds[]; outputs: readonly string[] };
    reply: { outputs: Feeds[] };
  };
  memory: { request: null; reply: MemoryReply };
  /** Ends profiling; the profile as ONNX Runtime wrote it (JSON text), and the graph it ran (null when it can't be written). */
  profile: { request: null; reply: { json: string; graph: OptimizedNode[] | null } };
  close: { request: null; reply: null };
}

export type CallKind = keyof Calls;

export type Request = { [K in CallKind]: { id: number; kind: K; body: Calls[K]['request'] } }[CallKind];

/** What went wrong in the worker; a user's or a machine's error has its code. The last two are those of a browser's page. */
export type ReplyFailure =
  | { kind: 'user' | 'machine'; code: ErrorCode; message: string }
  | { kind: 'bug' | 'crashed' | 'out-of-memory'; message: string };

export type Reply = { id: number; ok: true; body: unknown } | { id: number; ok: false; error: ReplyFailure };
