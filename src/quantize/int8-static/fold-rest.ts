/** Weights of what stays float are stored in int8 blocks that are folded when the model is loaded (layers/folded-weights.ts), and tables that are
 *  looked up in 8 bits per row (layers/embeddings.ts): a quarter of the size at no time. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '../../onnx/model.js';
import { readModel } from '../../onnx/read.js';
import { writeModel } from '../../onnx/write.js';
import type { RunContext } from '../../runtime/context.js';
import { scratchFolder } from '../../system/scratch.js';
import { quantizeEmbeddings } from '../layers/embeddings.js';
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
export async function foldRest(file: string, options: FoldOptions): Promise<Decision[]> {
  const decisions: Decision[] = [];
  for (const operators of ROUNDS) {
    const folded = await kept(file, options, (model) => foldLayers(model, { ...options, operators }));
    decisions.push(...folded);
    if (folded.length > 0) break;
  }
  // Alone: a table may hold coordinates, or positions of the data.
  const lookups = (model: Model) => quantizeEmbeddings({ model }, options.selection).filter(isQuantized);
  return [...decisions, ...(await kept(file, options, lookups))];
}

/** Writes the edited file in the place of the one that stands, if it does as well; what became of whose weights, nothing where it does not. */
async function kept(
  file: string,
  { errors }: FoldOptions,
  edit: (model: Model) => Promise<Decision[]> | Decision[],
): Promise<Decision[]> {
  const model = readModel(file);
  const decisions = await edit(model);
  if (decisions.length === 0) return [];
  model.graph.prune();
  if (errors === null) {
    writeModel(model, file);
    return decisions;
  }
  const directory = scratchFolder('fold');
  const folded = join(directory, 'folded.onnx');
  try {
    writeModel(model, folded, { durable: false });
    const [before, after] = await errors.of([file, folded]);
    if (after!.all > Math.max(before!.all * LARGEST_GROWTH, NEGLIGIBLE * model.graph.outputs.length))
      return [];
    writeModel(model, file);
    return decisions;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function foldLayers(
  model: Model,
  options: Pick<FoldOptions, 'selection' | 'context'> & { operators: ReadonlySet<string> },
): Promise<Decision[]> {
  const { selection, operators } = options;
  const decisions = foldWeights(model.graph, selection, operators).filter(isQuantized);
  return hasBodies(model) ? [...decisions, ...(await foldInBodies(model, options))] : decisions;
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
