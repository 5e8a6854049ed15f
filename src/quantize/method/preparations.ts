/** A model as int8-static begins with it, kept for other files of the same model: a search makes several, and preparing takes about as long as writing one. */
import { createHash } from 'node:crypto';
import type { Target } from '../../config/choices.js';
import { copyModel } from '../../onnx/edit/copy-model.js';
import { weightsBytes } from '../../onnx/file/weights.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { PreparedModel } from '../prepare/prepare.js';
import type { QuantizeNote } from './result.js';

/** What no option decides but the target. */
export interface StaticModel extends PreparedModel {
  /** Number of changes by exact rewrite, by the rewrite's name. */
  rewrites: Record<string, number>;
  /** Types without the dimensions of a sample. */
  declared: PreparedModel['types'];
  notes: QuantizeNote[];
}

/** What it depends on. */
export interface StaticModelKey {
  /** Path of the float model. */
  model: string;
  target: Target;
  keepsSharing?: boolean;
  inputShapes?: ReadonlyMap<string, readonly number[]>;
  sample?: Feeds;
}

/** Larger models take more memory while other files are made than preparing them takes time. */
const MOST_KEPT_BYTES = 2 ** 25;

export class Preparations {
  readonly #model: string;
  #kept: { key: string; model: StaticModel } | null = null;

  /** @param model path of the float model, which stays as it is: others (a file that an earlier stage made of it) are prepared each time. */
  constructor(model: string) {
    this.#model = model;
  }

  /** A copy of what was prepared in the same way first, or else what `prepare` gives. */
  async of(asked: StaticModelKey, prepare: () => Promise<StaticModel>): Promise<StaticModel> {
    if (asked.model !== this.#model) return await prepare();
    const key = keyOf(asked);
    if (this.#kept?.key === key) return copyOf(this.#kept.model);
    const made = await prepare();
    if (this.#kept !== null || weightsBytes(made.model) > MOST_KEPT_BYTES) return made;
    this.#kept = { key, model: made };
    return copyOf(made);
  }
}

/** Weights are shared. */
function copyOf({ model, types, declared, rewrites, notes, ...rest }: StaticModel): StaticModel {
  return {
    ...rest,
    model: copyModel(model),
    types: new Map(types),
    declared: new Map(declared),
    rewrites: { ...rewrites },
    notes: [...notes],
  };
}

function keyOf({ target, keepsSharing = false, inputShapes, sample = {} }: StaticModelKey): string {
  const hash = createHash('sha256');
  for (const [name, { dims, data }] of Object.entries(sample)) {
    hash.update(JSON.stringify([name, dims]));
    hash.update(ArrayBuffer.isView(data) ? data : JSON.stringify(data));
  }
  return JSON.stringify([target, keepsSharing, [...(inputShapes ?? [])], hash.digest('hex')]);
}
