/** Edits the bodies of If, Loop and Scan as models of their own: what a method does to the main graph, it does to them. */
import { createHash } from 'node:crypto';
import type { GraphProto, NodeProto, TensorProto } from 'onnx-buf';
import { Interrupted, messageOf } from '../../errors.js';
import { subgraphsOf } from '../../onnx/attributes.js';
import { renameReads } from '../../onnx/scopes.js';
import { tensorBytes } from '../../onnx/tensor/tensor.js';
import type { RunContext } from '../../runtime/context.js';
import { bodyModel, typedInputs } from './body-model.js';
import { inferTypes, liftConstants, type PreparedModel } from './prepare.js';

export interface EditBodiesOptions {
  context: Pick<RunContext, 'runtime' | 'log'>;
  /** Is shown all bodies of a node before any of them is edited. What it throws ends the editing. Default: nothing is shown. */
  before?(bodies: readonly OpenBody[]): Promise<void>;
  /** Changes one body; how often. Constants of the graphs around it that only this node reads are among its constants. */
  edit(body: PreparedModel, place: BodyPlace): Promise<number> | number;
  /** Changes one body once more, when those within it have been edited: what they don't read any more; how often. Default: it does not. */
  after?(body: PreparedModel): number;
  /** Whether what several bodies hold alike moves to the main graph: where that is read by bodies of several nodes, it is no constant of theirs any more. Default: yes. */
  sharesConstants?: boolean;
}

/** A body, taken for a model. */
export interface OpenBody {
  body: PreparedModel;
  place: BodyPlace;
}

/** Where a body stands. */
export interface BodyPlace {
  /** The body itself, as it was. */
  body: GraphProto;
  /** The If, Loop or Scan that has it. */
  node: NodeProto;
  /** The graph that has the node. */
  around: PreparedModel;
  /** Where that graph stands; null: it is the main graph. */
  outer: BodyPlace | null;
}

/** Edits every body of the model in the graph's order, nested ones too; gives the sum of what `edit` gives. Bodies whose types can't be known stay as they are. */
export async function editBodies(prepared: PreparedModel, options: EditBodiesOptions): Promise<number> {
  return await editWithin(prepared, null, { options, shared: new SharedConstants(prepared) });
}

async function editWithin(
  prepared: PreparedModel,
  outer: BodyPlace | null,
  { options, shared }: Pick<BodyOptions, 'options' | 'shared'>,
): Promise<number> {
  const { graph } = prepared.model;
  let edits = 0;
  for (const node of graph.nodes) {
    const opened: FoundBody[] = [];
    for (const body of subgraphsOf(node)) {
      const found = await unlessItFails(node, options, async () =>
        openBody({ body, node, around: prepared, outer }, options),
      );
      if (found) opened.push(found);
    }
    if (opened.length > 0) await options.before?.(opened);
    for (const found of opened) {
      const edited = await unlessItFails(node, options, async () => editedBody(found, { options, shared }));
      if (!edited) continue;
      edits += edited.edits;
      graph.editSubgraphs(node, edited.put);
    }
  }
  return edits;
}

async function unlessItFails<T>(
  node: NodeProto,
  { context }: EditBodiesOptions,
  work: () => Promise<T | null>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    context.log.debug(`A body of ${node.opType} '${node.name}' stays as it is: ${messageOf(error)}`);
    return null;
  }
}

interface BodyOptions {
  options: EditBodiesOptions;
  shared: SharedConstants;
}

interface FoundBody extends OpenBody {
  /** Constants of the graphs around it that it holds as its own meanwhile. */
  lent: ReadonlySet<string>;
}

async function openBody(place: BodyPlace, options: EditBodiesOptions): Promise<FoundBody | null> {
  const { body, node } = place;
  const { model, types } = place.around;
  const inputs = typedInputs(body, node, types);
  if (!inputs) return null;
  const lent = new Set<string>();
  const constant = (name: string): TensorProto | undefined => {
    const tensor = model.graph.constant(name);
    // What others read too would be there twice.
    if (!tensor || model.graph.consumers(name).length > 1 || model.graph.isOutput(name)) return undefined;
    lent.add(name);
    return tensor;
  };
  const inner = bodyModel(body, inputs, { model, types, constant });
  liftConstants(inner.graph);
  const seen = new Map([...types, ...(await inferTypes(inner, options))]);
  return { body: { model: inner, types: seen }, place, lent };
}

/** The edited body, to be put in place; null where there is nothing to put. */
async function editedBody(
  { body: within, place, lent }: FoundBody,
  { options, shared }: BodyOptions,
): Promise<{ edits: number; put: () => void } | null> {
  let edits = await options.edit(within, place);
  edits += await editWithin(within, place, { options, shared });
  edits += options.after?.(within) ?? 0;
  if (edits === 0) return null;
  const { body, around } = place;
  const { graph, proto } = within.model;
  graph.prune();
  for (const { domain, version } of proto.opsetImport) around.model.setOpset(domain, Number(version));
  const made = graph.commit();
  return {
    edits,
    put() {
      body.node = made.node;
      body.initializer = made.initializer.filter(({ name }) => !lent.has(name));
      body.valueInfo = [];
      if (options.sharesConstants ?? true) shared.share(body);
    },
  };
}

/** Smaller constants may stand in several bodies. */
const SMALLEST_SHARED_BYTES = 1024;

/** Moves what several bodies of the main graph hold alike to the main graph. */
export function shareConstantsOfBodies(prepared: PreparedModel): void {
  const shared = new SharedConstants(prepared);
  const { graph } = prepared.model;
  for (const node of graph.nodes) {
    const bodies = subgraphsOf(node);
    if (bodies.length === 0) continue;
    graph.editSubgraphs(node, () => {
      for (const body of bodies) shared.share(body);
    });
  }
}

/** Constants that several bodies hold alike (both branches of an If made them of one weight) move to the main graph. */
class SharedConstants {
  readonly #main: PreparedModel;
  readonly #known = new Map<string, { name: string; holder: GraphProto | null }>();

  constructor(main: PreparedModel) {
    this.#main = main;
  }

  share(body: GraphProto): void {
    const { graph } = this.#main.model;
    for (const tensor of [...body.initializer]) {
      const bytes = tensorBytes(tensor, graph.directory);
      if (bytes.length < SMALLEST_SHARED_BYTES) continue;
      const key = `${tensor.dataType} ${tensor.dims} ${createHash('sha256').update(bytes).digest('hex')}`;
      const first = this.#known.get(key);
      if (!first) {
        this.#known.set(key, { name: tensor.name, holder: body });
        continue;
      }
      if (first.holder) {
        const held = first.holder.initializer.find(({ name }) => name === first.name)!;
        first.holder.initializer = first.holder.initializer.filter((one) => one !== held);
        graph.setInitializer(held);
        first.holder = null;
      }
      body.initializer = body.initializer.filter((one) => one !== tensor);
      for (const node of body.node) renameReads(node, tensor.name, first.name);
    }
  }
}
