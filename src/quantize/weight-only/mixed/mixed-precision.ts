/**
 * 4 and 8 bits in one file, and float32 where 8 are too few: the layers that lose most get 8 bits, until the outputs follow the original's as closely as asked for, or the file is as
 * large as it may be. What a layer loses is the trace of ΔW H ΔWᵀ over the power of its output, H the Hessian of what it reads (Dong et al., "HAWQ-V2",
 * 2020, order layers likewise); those come first where a byte saves most of it. What is chosen is judged by running files.
 */
import type { NodeProto } from 'onnx-buf';
import { throwIfInterrupted } from '../../../errors.js';
import { copyModel } from '../../../onnx/edit/copy-model.js';
import { modelBytes } from '../../../onnx/file/weights.js';
import type { Model } from '../../../onnx/model.js';
import { chooseFitting, fittingNotes } from '../../gptq/choose-fitting.js';
import { unwatchedNotes } from '../../gptq/fit-bodies.js';
import { lacksCalibration } from '../../method/calibration-need.js';
import type { QuantizeRequest } from '../../method/request.js';
import { type Decision, isChanged, lastOf, type QuantizeNote } from '../../method/result.js';
import { nodeLabel } from '../../method/selection.js';
import { syntheticTokens } from '../../observe/synthetic-tokens.js';
import { type BodyProduct, bodyProducts, keyOf } from '../products/body-products.js';
import { writeWithRest } from '../products/half-rest.js';
import type { LargeWeight } from '../products/large-weights.js';
import { emitWeight } from '../products/matmul-nbits.js';
import { mixedProductsOf, type Parts, productsOf, quantizeRest } from '../products/parts.js';
import { whyUnfittedHere } from '../products/unfitted-products.js';
import { type Chosen, chooseUpgrades, inEightBits, type MixedFile } from './choose-upgrades.js';
import { mixedNotes } from './mixed-notes.js';
import { type JudgedData, OutputJudge, setAside } from './output-judge.js';
import { floatsOf, mixedProducts, type Upgrade, upgradesOf } from './upgrades.js';
import { eightBits, type WeightForms, weightForms } from './weight-forms.js';

/** Each weight is fitted in 4 and in 8 bits. */
const FORMS = 2;

/** Writes the file, if anything in it is quantized.
 *  @throws UserError for a floor where there is nothing to judge by. */
export async function mixedPrecision(parts: Parts): Promise<{
  decisions: Decision[];
  notes: QuantizeNote[];
  provenance: Record<string, unknown>;
}> {
  const { prepared, request } = parts;
  const { minSqnr } = request.options;
  const data = judgedData(parts);
  if (minSqnr !== null && data === null) throw lacksCalibration('min-sqnr');
  const judge = data ? await OutputJudge.open(prepared, request, data) : null;
  const own: QuantizeRequest = request.calibration && data ? { ...request, calibration: data.fit } : request;
  const inside = await bodyProducts(prepared, parts);
  const fittable = [...productsOf(prepared, parts).weights, ...inside.map(({ weight }) => weight)];
  const choice = await chooseFitting(fittable, own, { forms: FORMS, why: () => whyUnfittedHere(parts) });
  const { forms, fitted, unwatched } = await weightForms(parts, { choice, request: own, inside });
  let composed: Awaited<ReturnType<typeof compose>> = { decisions: [], notes: [] };
  const make = async (upgrades: readonly Upgrade[], floats: readonly Upgrade[]): Promise<MixedFile> => {
    throwIfInterrupted(request.context.signal);
    composed = await compose(parts, { forms, inside }, { upgrades, floats });
    if (!composed.decisions.some(isChanged)) return { bytes: 0, sqnr: async () => null };
    return {
      bytes: await modelBytes(request.out),
      sqnr: async () => (judge ? await judge.sqnr(request.out) : null),
    };
  };
  const all = mixedProducts(parts, inside);
  const upgrades = upgradesOf(parts, all, forms);
  const chosen = await chooseUpgrades(upgrades, {
    make,
    floats: floatsOf(all, forms),
    minSqnr,
    maxBytes: await maxBytes(request),
    context: request.context,
  });
  return {
    decisions: composed.decisions,
    notes: [
      ...fittingNotes(choice, fitted),
      ...unwatchedNotes(unwatched),
      ...(composed.decisions.some(isChanged) ? mixedNotes(chosen, { request, data, upgrades }) : []),
      ...composed.notes,
    ],
    provenance: { rounding: choice.rounding, mixed: provenanceOf(chosen, data) },
  };
}

function judgedData({ prepared, request }: Parts): JudgedData | null {
  if (request.calibration) return setAside(request.calibration);
  const made = syntheticTokens(prepared.model);
  return made ? { fit: made, judge: made, on: 'made-up' } : null;
}

async function maxBytes({ model, options: { maxSize } }: QuantizeRequest): Promise<number | null> {
  if (maxSize === null) return null;
  return 'bytes' in maxSize ? maxSize.bytes : maxSize.ratio * (await modelBytes(model));
}

/** Writes the file with 8 bits, or float32, in the layers named; the model it is made of stays as it is. */
async function compose(
  parts: Parts,
  { forms, inside }: { forms: readonly WeightForms[]; inside: readonly BodyProduct[] },
  { upgrades, floats }: Pick<Chosen, 'upgrades' | 'floats'>,
): Promise<{ decisions: Decision[]; notes: QuantizeNote[] }> {
  const { prepared, level } = parts;
  const copy = { ...prepared, model: copyModel(prepared.model) };
  const { weights, decisions } = mixedProductsOf(copy, parts);
  const products = new Set(upgrades.flatMap(({ product }) => product ?? []));
  const kept = new Set(floats.flatMap(({ product }) => product ?? []));
  const keptNodes = new Set<NodeProto>();
  const tables = new Set(upgrades.flatMap(({ table }) => table ?? []));
  const emit = (model: Model, weight: LargeWeight, index: number): Decision[] => {
    model.setOpset('com.microsoft', 1);
    const { own, eight } = forms[index]!;
    if (kept.has(index)) {
      return weight.layers.map(({ node }) => {
        keptNodes.add(node);
        return { node: nodeLabel(node), opType: node.opType, became: 'float', reason: KEPT };
      });
    }
    const isFiner = products.has(index) && eight !== null;
    const emitted = isFiner ? { ...weight, format: eightBits(weight.format) } : weight;
    const { blocks: quantized, means } = isFiner ? eight : own;
    return emitWeight(model.graph, emitted, { quantized, means, level });
  };
  const made = [...decisions, ...weights.flatMap((weight, index) => emit(copy.model, weight, index))];
  const places = new Map(inside.map(({ key }, index) => [key, weights.length + index]));
  const tableBits = (table: string) => (tables.has(table) ? 8 : 4);
  const rest = await quantizeRest(copy, parts, {
    tableBits,
    kept: keptNodes,
    products: ({ model }, own) =>
      own.flatMap((weight) => emit(model, weight, places.get(keyOf(model.graph, weight))!)),
  });
  return await writeWithRest(copy, parts, rest.storage.told(lastOf([...made, ...rest.made])));
}

const KEPT = 'with 8 bits, too, the outputs would be below min-sqnr';

function provenanceOf(chosen: Chosen, data: JudgedData | null): Record<string, unknown> {
  const { floats, sqnr } = chosen;
  return {
    eightBits: inEightBits(chosen).map(({ node }) => node),
    ...(floats.length > 0 ? { float: floats.map(({ node }) => node) } : {}),
    sqnr,
    judgedOn: data?.on ?? null,
  };
}
