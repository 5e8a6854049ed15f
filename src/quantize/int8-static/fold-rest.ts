/** Weights of what stays float are stored in int8 blocks that are folded when the model is loaded (layers/folded-weights.ts): a quarter of the
 *  size at no time. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '../../onnx/model.js';
import { readModel } from '../../onnx/read.js';
import { writeModel } from '../../onnx/write.js';
import type { RunContext } from '../../runtime/context.js';
import { scratchFolder } from '../../system/scratch.js';
import { FOLDABLE_LAYERS, foldWeights, RECURRENT } from '../layers/folded-weights.js';
import type { Decision } from '../method/request.js';
import { isQuantized } from '../method/result.js';
import type { Selection } from '../method/selection.js';
import { editBodies } from '../prepare/edit-bodies.js';
import { hasBodies } from '../prepare/lifted-weights.js';
import { inferTypes } from '../prepare/prepare.js';
import type { OutputErrors } from './recover/output-error.js';

export interface FoldOptions {
  selection: Selection;
  /** By which it is judged; null: it is believed. */
  errors: OutputErrors | null;
  context: RunContext;
}

/** What may be folded, tried in this order: a filter bank before a logarithm bears less than a layer. */
const ROUNDS: readonly ReadonlySet<string>[] = [FOLDABLE_LAYERS, new Set([...RECURRENT, 'ConvTranspose'])];

/** What the error power of the outputs may grow by (half a decibel), and up to where it doesn't matter (30 dB, for each output). */
const LARGEST_GROWTH = 1.12;
const NEGLIGIBLE = 1e-3;

/** Compresses what a file holds in float32, if its outputs stay as near to the original's; says what became of whose weights. */
export async function foldRest(
  file: string,
  { selection, errors, context }: FoldOptions,
): Promise<Decision[]> {
  const directory = scratchFolder('fold');
  const folded = join(directory, 'folded.onnx');
  try {
    for (const operators of ROUNDS) {
      const model = readModel(file);
      const decisions = foldWeights(model.graph, selection, operators).filter(isQuantized);
      if (hasBodies(model)) decisions.push(...(await foldInBodies(model, { selection, operators, context })));
      if (decisions.length === 0) continue;
      model.graph.prune();
      if (errors === null) {
        writeModel(model, file);
        return decisions;
      }
      writeModel(model, folded, { durable: false });
      const [before, after] = await errors.of([file, folded]);
      if (after!.all > Math.max(before!.all * LARGEST_GROWTH, NEGLIGIBLE * model.graph.outputs.length))
        continue;
      writeModel(model, file);
      return decisions;
    }
    return [];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function foldInBodies(
  model: Model,
  {
    selection,
    operators,
    context,
  }: Pick<FoldOptions, 'selection' | 'context'> & { operators: ReadonlySet<string> },
): Promise<Decision[]> {
  const decisions: Decision[] = [];
  const prepared = { model, types: await inferTypes(model, { context }) };
  await editBodies(prepared, {
    context,
    edit: (body) => {
      const inside = foldWeights(body.model.graph, selection, operators).filter(isQuantized);
      decisions.push(...inside);
      return inside.length;
    },
  });
  return decisions;
}
