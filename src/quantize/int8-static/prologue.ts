/** The model as int8-static sees it when it begins: prepared by ONNX Runtime, rewritten, at an opset that has Q/DQ, with the groups found that may run in
 *  8 bits and those chosen that pay.
 *
 *  Whoever says what int8-static does begins here, so that all speak of the same model: quantizing itself, `inspect --plan`, method auto. */

import type { Target } from '../../config/choices.js';
import type { QuantizeConfig } from '../../config/config.js';
import type { Model } from '../../onnx/model.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { Preparations, StaticModel } from '../method/preparations.js';
import type { QuantizeNote } from '../method/result.js';
import { makeSelection, type Selection, type SelectionOptions } from '../method/selection.js';
import { observeShapes } from '../observe/observed-shapes.js';
import { inferTypes, type PreparedModel, type PrepareOptions, prepareModel } from '../prepare/prepare.js';
import { applyRewrites } from '../rewrite/rewrite.js';
import { type Costs, tableCosts } from './placement/costs.js';
import { Draft } from './placement/draft.js';
import { type Scheme, schemeOf } from './placement/scheme.js';
import { raiseOpset } from './qdq-opset.js';

export interface PrologueRequest extends PrepareOptions {
  /** Path of the float model. */
  model: string;
  options: QuantizeConfig & SelectionOptions;
  target: Target;
  /** A real sample: shapes that depend on data are those that it gives. */
  sample?: Feeds;
  preparations?: Preparations;
}

export interface Prologue extends PreparedModel {
  scheme: Scheme;
  selection: Selection;
  /** Number of changes by exact rewrite, by the rewrite's name. */
  rewrites: Record<string, number>;
  /** What groups and crossings cost by the table. */
  costs: Costs;
  /** The groups, and which of them run in 8 bits by the table of costs. */
  draft: Draft;
  notes: QuantizeNote[];
}

/** @throws UserError when the file is no model that ONNX Runtime takes, or its opset can't be raised to one that has Q/DQ. */
export async function staticPrologue(request: PrologueRequest): Promise<Prologue> {
  const { options, target, preparations } = request;
  const scheme = schemeOf(options, target);
  const prepare = async () => await staticModel(request);
  const prepared = await (preparations ? preparations.of(request, prepare) : prepare());
  const { model, types, widened, rewrites, declared, notes } = prepared;
  const selection = makeSelection(options, model.graph.nodes);
  const costs = tableCosts({ graph: model.graph, types, padsChannels: scheme.padsChannels });
  const keepsFloat = target === 'wasm' && !scheme.everything ? SLOWER_ON_WASM : null;
  const draft = new Draft({ model, types }, { scheme, selection, costs, declared, keepsFloat });
  draft.update();
  return { model, types, widened, scheme, selection, rewrites, costs, draft, notes };
}

async function staticModel(request: PrologueRequest): Promise<StaticModel> {
  const { target } = request;
  const prepared = await prepareModel(request.model, { ...request, narrowFloats: 'float32' });
  const { model, types } = prepared;
  const rewrites = await applyRewrites(model, types, { ...request.context, target });
  const notes = raiseOpset({ model, types }, target);
  const declared =
    needsDeclared(model) && request.inputShapes
      ? await inferTypes(model, { context: request.context })
      : types;
  if (request.sample) await observeShapes({ model, types, sample: request.sample, context: request.context });
  return { ...prepared, rewrites, declared, notes };
}

/** Measured operator by operator (docs/benchmarks.md, "WebAssembly"): convolutions and Gemm in 8 bits take longer than float there. */
const SLOWER_ON_WASM = 'its 8-bit kernel is slower than float in WebAssembly';

/** Only for Softmax it counts whether an axis that has many elements on the sample can have one. */
function needsDeclared({ graph }: Model): boolean {
  return graph.nodes.some(({ opType }) => opType === 'Softmax');
}
