/** Weights of what stays float are stored in int8 blocks that are folded when the model is loaded (layers/folded-weights.ts), and tables that are
 *  looked up in 8 bits per row (layers/embeddings.ts): a quarter of the size at no time. What the outputs don't bear in 8 bits is stored in half
 *  (layers/half-weights.ts). */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeProto } from 'onnx-buf';
import { OVERRIDABLE_INITIALIZERS_IR, raiseIrVersion } from '../../onnx/convert/opset.js';
import { readModel } from '../../onnx/file/read.js';
import { writeModelUnlessInterrupted } from '../../onnx/file/write.js';
import { canonicalDomain, type Model } from '../../onnx/model.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import type { RunContext } from '../../runtime/context.js';
import { scratchFolder } from '../../system/files/scratch.js';
import { INT8_TABLE, quantizeEmbeddings } from '../layers/embeddings.js';
import { FOLDED, type Foldable, foldWeights, isFoldableLayer } from '../layers/folded-weights.js';
import { storeInHalf } from '../layers/half-weights.js';
import { type Decision, isQuantized } from '../method/result.js';
import { nodeLabel, type Selection } from '../method/selection.js';
import { editBodies } from '../prepare/edit-bodies.js';
import { hasBodies } from '../prepare/lifted-weights.js';
import { inferTypes, liftConstants, type PreparedModel } from '../prepare/prepare.js';
import type { FileError } from './recover/file-error.js';
import type { OutputErrors } from './recover/output-error.js';
import { isSurelyNearer } from './recover/surely-nearer.js';

export interface FoldOptions {
  selection: Selection;
  /** By which it is judged; null: it is believed. */
  errors: OutputErrors | null;
  /** Whether tables that are looked up are compressed, too; default: true. */
  tables?: boolean;
  /** By which what can't be in 8 bits is stored in half; default: it is not. */
  halves?: Selection;
  context: RunContext;
}

/** What the error power of the outputs may grow by (half a decibel), and up to where it doesn't matter (30 dB, for each output). */
const LARGEST_GROWTH = 1.12;
const NEGLIGIBLE = 1e-3;

/** How many files are tried where the outputs don't bear all weights together: a filter bank before a logarithm bears less than a layer. */
const MOST_TRIES = 9;

/** Whether it speaks of compressed weights, which are float again when the operator runs. */
export function foldsWeights({ became }: Decision): boolean {
  return became === FOLDED || became === INT8_TABLE;
}

/** Compresses what a file holds in float32, as far as its outputs stay as near to the original's; says what became of whose weights. */
export async function foldRest(file: string, options: FoldOptions): Promise<Decision[]> {
  const by: Judging = {
    judge: options.errors && new Judge(file, options.errors),
    context: options.context,
  };
  const fold = (model: Model, among: Among) => foldLayers(model, { ...options, among });
  const decisions = await inParts(file, fold, by);
  const { halves } = options;
  if (halves) {
    const store = (model: Model, among: Among) =>
      storeLayers(model, { ...options, selection: halves, among });
    decisions.push(...(await inParts(file, store, by)));
  }
  if (options.tables === false) return decisions;
  // Alone: a table may hold coordinates, or positions of the data.
  const lookups = (model: Model) => storeTables(model, options);
  const tables = await edited(file, lookups, by);
  return tables.stands ? [...decisions, ...tables.decisions] : decisions;
}

/** Stores in half what a file holds in float32, whatever its outputs say. */
export async function storeRest(
  file: string,
  options: Pick<FoldOptions, 'selection' | 'context'>,
): Promise<Decision[]> {
  const store = (model: Model) => storeLayers(model, { ...options, among: isFoldableLayer });
  return (await edited(file, store, { judge: null, context: options.context })).decisions;
}

type Among = (node: NodeProto) => boolean;

interface Judging {
  /** null: the file is believed. */
  judge: Judge | null;
  context: Pick<RunContext, 'signal'>;
}

/** All layers together; where that loses too much, halves of them, and halves of those that still do. */
async function inParts(
  file: string,
  edit: (model: Model, among: Among) => Promise<Decision[]>,
  by: Judging,
): Promise<Decision[]> {
  const decisions: Decision[] = [];
  const parts: (ReadonlySet<string> | null)[] = [null];
  for (let tries = 0; tries < MOST_TRIES && parts.length > 0; tries++) {
    const part = parts.shift()!;
    const among: Among = (node) => isFoldableLayer(node) && (part === null || part.has(nodeLabel(node)));
    const folded = await edited(file, (model) => edit(model, among), by);
    if (folded.stands) decisions.push(...folded.decisions);
    else parts.push(...halvesOf(folded.decisions.map(({ node }) => node)));
  }
  return decisions;
}

function halvesOf(names: readonly string[]): ReadonlySet<string>[] {
  if (names.length < 2) return [];
  const half = Math.ceil(names.length / 2);
  return [new Set(names.slice(0, half)), new Set(names.slice(half))];
}

/** Whether a file does as well as the one that stood before anything was folded. */
class Judge {
  readonly #errors: OutputErrors;
  readonly #file: string;
  #before: FileError | undefined;

  constructor(file: string, errors: OutputErrors) {
    this.#file = file;
    this.#errors = errors;
  }

  /** @param outputs how many the model has. */
  async accepts(folded: string, outputs: number): Promise<boolean> {
    const files = this.#before === undefined ? [folded, this.#file] : [folded];
    const [after, before] = await this.#errors.of(files);
    this.#before ??= before!;
    const { all, samples, noise } = this.#before;
    const grown = (errors: readonly number[]) => errors.map((error) => error * LARGEST_GROWTH);
    const most = { all: all * LARGEST_GROWTH, samples: grown(samples), noise: grown(noise) };
    return after!.all <= NEGLIGIBLE * outputs || !isSurelyNearer(most, after!);
  }
}

/** Puts the edited file in the place of the one that stands, if it does as well; what was edited, either way. */
async function edited(
  file: string,
  edit: (model: Model) => Promise<Decision[]> | Decision[],
  { judge, context }: Judging,
): Promise<{ decisions: Decision[]; stands: boolean }> {
  const model = readModel(file);
  const decisions = await edit(model);
  if (decisions.length === 0) return { decisions, stands: true };
  // What was made of the weights is no input of the model.
  raiseIrVersion(model, OVERRIDABLE_INITIALIZERS_IR);
  model.graph.prune();
  const stands = judge === null || (await stoodTrial(model, judge, context));
  if (stands) await writeModelUnlessInterrupted(model, file, { signal: context.signal });
  return { decisions, stands };
}

async function stoodTrial(
  model: Model,
  judge: Judge,
  { signal }: Pick<RunContext, 'signal'>,
): Promise<boolean> {
  const directory = scratchFolder('fold');
  const trial = join(directory, 'folded.onnx');
  try {
    await writeModelUnlessInterrupted(model, trial, { durable: false, signal });
    return await judge.accepts(trial, model.graph.outputs.length);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface FoldLayersOptions extends Pick<FoldOptions, 'selection' | 'context'> {
  among: Among;
}

async function foldLayers(
  model: Model,
  { selection, among, context }: FoldLayersOptions,
): Promise<Decision[]> {
  bypassIdentities(model);
  const fold = (graph: Foldable) => foldWeights(graph, selection, among).filter(isQuantized);
  return [...fold({ model }), ...(await inBodies(model, context, fold))];
}

async function storeLayers(
  model: Model,
  { selection, among, context }: FoldLayersOptions,
): Promise<Decision[]> {
  liftConstants(model.graph);
  const store = (graph: Foldable) => storeInHalf(graph, selection, among);
  return [...store({ model }), ...(await inBodies(model, context, store))];
}

async function storeTables(
  model: Model,
  { selection, context }: Pick<FoldOptions, 'selection' | 'context'>,
): Promise<Decision[]> {
  const store = (graph: Pick<PreparedModel, 'model'>) =>
    quantizeEmbeddings(graph, selection).filter(isQuantized);
  return [...store({ model }), ...(await inBodies(model, context, store))];
}

/** An Identity of a weight is no reader that needs it as it is: torch's exporter writes one for each further layer that shares a parameter. */
function bypassIdentities({ graph }: Model): void {
  for (const node of graph.nodes) {
    if (node.opType !== 'Identity' || canonicalDomain(node.domain) !== '') continue;
    const [weight, output] = [inputOf(node, 0), outputOf(node)];
    if (!graph.initializers.has(weight) || graph.isOutput(output)) continue;
    graph.replaceUses(output, weight);
    graph.removeNode(node);
  }
}

/** What `edit` does in bodies of If, Loop and Scan. */
async function inBodies(
  model: Model,
  context: RunContext,
  edit: (body: PreparedModel) => Decision[],
): Promise<Decision[]> {
  if (!hasBodies(model)) return [];
  const decisions: Decision[] = [];
  const prepared = { model, types: await inferTypes(model, { context }) };
  await editBodies(prepared, {
    context,
    edit: (body) => {
      const inside = edit(body);
      decisions.push(...inside);
      return inside.length;
    },
  });
  return decisions;
}
