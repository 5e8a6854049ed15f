/** What a data format yields: samples by index, before shuffling, limiting and preprocessing. */
import type { Tensor } from '../../tensor/tensor.js';
import type { Annotation } from './annotation.js';
import type { Pixels } from './pixels.js';

/** One input's value as it is stored. */
export type RawValue =
  | { kind: 'image'; pixels: Pixels }
  /** Without a batch dimension. */
  | { kind: 'array'; tensor: Tensor }
  /** Exactly what the model is fed, batch dimension included. */
  | { kind: 'feed'; tensor: Tensor };

export type Label = number | Tensor | null;

export interface RawSample {
  /** By model input name. */
  values: Record<string, RawValue>;
  label: Label;
  /** Beside or instead of a label. */
  annotation?: Annotation;
  /** One class index per pixel of the stored image; becomes the label once the image's place is known. */
  mask?: { width: number; height: number; data: Uint8Array | Uint16Array };
}

export interface Source {
  /** Format and path. */
  readonly description: string;
  readonly length: number;
  readonly labelled: boolean;
  readonly classes: number | null;
  /** By name, where class indices come from names. */
  readonly classIndices?: ReadonlyMap<string, number>;
  /** Names of the classes of tags, by the index that the model's output has for them. */
  readonly classNames?: readonly string[];
  /** What is odd about the data and no error: the reader should know. */
  readonly warnings?: readonly string[];
  /** What is odd about the labels alone: who reads none of them need not know. */
  readonly labelWarnings?: readonly string[];
  /** What is odd about the samples read until now: asked when all are. */
  lateWarnings?(): readonly string[];
  /** Called once, before any sample is read, with the indices that will be: what is best done for all of them together. */
  settle?(order: Uint32Array): Promise<void>;
  id(index: number): string;
  /** Index of the sample's class, where it is known without reading the sample; null: it has none. */
  classOf?(index: number): number | null;
  /** What the sample reads, where it is text. */
  text?(index: number): string;
  /** SHA-256 (hex) of the bytes that the sample's values are read from. */
  hash(index: number): Promise<string>;
  /** Throws UndecodableSample when the bytes can't be read as what they should be; other errors end the reading. */
  read(index: number): Promise<RawSample>;
}

/** One sample's bytes are not what they should be. The reader collects these, so that all are named at once. */
export class UndecodableSample extends Error {
  override readonly name = 'UndecodableSample';
  constructor(
    readonly id: string,
    readonly reason: string,
  ) {
    super(`${id}: ${reason}`);
  }
}
