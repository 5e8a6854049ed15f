/** What quantgate and an evaluator module's process say to each other, over Node's IPC channel with structured clone. */
import type { Annotation } from '../../../data/samples/annotation.js';
import type { Placement } from '../../../data/samples/placement.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';

/** The first message to the process. */
export interface StartMessage {
  kind: 'start';
  /** Absolute path of the ES module. */
  module: string;
  /** Absolute path of the model file to score. */
  model: string;
}

/** A sample as the module sees it, with the model's outputs. */
export interface EvaluatedSample {
  id: string;
  label: number | Tensor | null;
  /** Beside or instead of a label: boxes, text. */
  annotation?: Annotation;
  /** Where the image lies in what the model sees; absent where there is none. */
  placement?: Placement;
  feeds: Feeds;
  outputs: Feeds;
}

/** What the module asks for while it works; each is answered by a ReplyMessage of the same id. */
export type AskMessage =
  | { kind: 'run'; id: number; feeds: Feeds; outputs: readonly string[] | null }
  /** The next sample of the evaluation data, run through the model; null after the last. */
  | { kind: 'next'; id: number };

export type ReplyMessage =
  | { kind: 'reply'; id: number; ok: true; value: Feeds | EvaluatedSample | null }
  | { kind: 'reply'; id: number; ok: false; message: string };

/** The process's last message. */
export type EndMessage = { kind: 'result'; value: unknown } | { kind: 'error'; message: string };
