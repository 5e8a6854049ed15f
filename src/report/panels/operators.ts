/** Panel: time of each kind of operator in the original and in a variant, what changed most first. */
import { sum } from 'd3-array';
import type { Measurement } from '../../terms/measurement.js';
import { ORIGINAL } from '../../terms/measurement.js';
import { runsOnCpu } from '../../terms/provider.js';
import { type BeforeAfter, pairBars } from '../charts/pairs.js';
import { type PlacedOperator, placedOperators } from '../details/placed-operators.js';
import { formatChange, formatValue } from '../words/format.js';
import { byPlace, type PanelOf, type PanelPart, placeName, samePlace } from './panel.js';

const METRIC = 'placement.fallback';
/** Lines drawn; the table has all. */
const DRAWN = 10;

export const operators: PanelOf = (model, context) => {
  const parts = byPlace(model, context, METRIC).flatMap(({ place, items }) => {
    // On GPUs the profile holds the host's share of the time only.
    const before = items.find(({ variant }) => variant === ORIGINAL);
    if (!before || place.provider === null || !runsOnCpu(place.provider)) return [];
    return items
      .filter(({ variant }) => variant !== ORIGINAL)
      .flatMap((item) => partOf(before, item, [item.variant, placeName(place, context)].join(' ')) ?? []);
  });
  if (parts.length === 0) return null;
  return {
    title: 'Time by operator',
    text: 'Kernel time of one run under the profiler, by kind of operator; the upper bar is the original, the lower one the variant. An operator and its quantized form count as one kind, and the table says how many run in a reduced type; conversions (QuantizeLinear, DequantizeLinear, Cast) are kinds of their own. What changed most stands first. Profiled runs are slower than timed ones: compare them with each other only.',
    parts,
  };
};

function partOf(before: Measurement, after: Measurement, name: string): PanelPart | null {
  const [old, now] = [placedOperators(before), placedOperators(after)];
  if (old.length === 0 || now.length === 0) return null;
  const kinds = [...new Set([...old, ...now].map(kindOf))].map((kind) => {
    const [olds, nows] = [old, now].map((all) => all.filter((one) => kindOf(one) === kind));
    return { name: kind, before: sum(olds!, ms), after: sum(nows!, ms), nodes: nodesText(olds!, nows!) };
  });
  kinds.sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
  const total = {
    name: 'all',
    before: sum(kinds, (kind) => kind.before),
    after: sum(kinds, (kind) => kind.after),
    nodes: nodesText(old, now),
  };
  return {
    name,
    chart: pairBars(`Time by operator of ${name} beside the original`, drawn(kinds), 'ms'),
    table: {
      headings: ['Operator', 'Original', 'Variant', 'Change', 'Share of the variant', 'Nodes'],
      rows: [...kinds, total].map((kind) => [
        kind.name,
        formatValue(kind.before, 'ms'),
        formatValue(kind.after, 'ms'),
        formatChange(kind.after - kind.before, 'ms'),
        total.after > 0 ? formatValue(kind.after / total.after, 'fraction') : '–',
        kind.nodes,
      ]),
    },
  };
}

function drawn(kinds: readonly BeforeAfter[]): BeforeAfter[] {
  if (kinds.length <= DRAWN) return [...kinds];
  const rest = kinds.slice(DRAWN - 1);
  const others = {
    name: `and ${rest.length} more`,
    before: sum(rest, ({ before }) => before),
    after: sum(rest, ({ after }) => after),
  };
  return [...kinds.slice(0, DRAWN - 1), others];
}

const ms = (one: PlacedOperator) => one.ms;

/** `49 → 51, 46 of them reduced` */
function nodesText(before: readonly PlacedOperator[], after: readonly PlacedOperator[]): string {
  const count = (all: readonly PlacedOperator[]) => sum(all, ({ nodes }) => nodes);
  const reduced = count(after.filter((one) => one.reduced));
  return `${count(before)} → ${count(after)}${reduced > 0 ? `, ${reduced} reduced` : ''}`;
}

/** Measurements whose operators the panel tells of: those of places where the original was profiled beside a variant. */
export function toldByOperators(measurements: readonly Measurement[]): (item: Measurement) => boolean {
  const profiled = measurements.filter(
    (item) => item.metric === METRIC && runsOnCpu(item.provider ?? '') && placedOperators(item).length > 0,
  );
  return (item) =>
    profiled.includes(item) &&
    [true, false].every((isOriginal) =>
      profiled.some((other) => samePlace(item, other) && (other.variant === ORIGINAL) === isOriginal),
    );
}

/** ONNX Runtime's names of an operator fused, laid out otherwise or in reduced types, as the operator of ONNX that it computes. */
function kindOf({ operator }: PlacedOperator): string {
  const known = KINDS[operator];
  if (known) return known;
  return operator
    .replace(/^(DynamicQuantize(?!Linear)|NhwcFused|Nhwc|Fused|QLinear|Quick)/, '')
    .replace(/Integer(ToFloat)?$|NBits$|Bnb4$/, '');
}

const KINDS: Readonly<Record<string, string>> = {
  QGemm: 'Gemm',
  QAttention: 'Attention',
  QMoE: 'MoE',
  GatherBlockQuantized: 'Gather',
  QEmbedLayerNormalization: 'EmbedLayerNormalization',
};
