/** Panel: what stayed float and why, and what that costs in bytes and time. */
import { sum } from 'd3-array';
import { runsOnCpu } from '../../terms/provider.js';
import type { KeptFloat, ModelReport, VariantReport } from '../../terms/report.js';
import { placedOperators } from '../details/placed-operators.js';
import { countOf, formatValue } from '../words/format.js';
import type { PanelContext, PanelOf } from './panel.js';
import { variantName } from './variant-name.js';

const NONE = '–';
const NAMED = 3;

export const keptFloat: PanelOf = (model, context) => {
  const parts = model.variants.flatMap((variant) => {
    const kinds = variant.keptFloat ?? [];
    if (kinds.length === 0) return [];
    return {
      name: variantName(variant, model),
      chart: '',
      table: {
        headings: ['Operator', 'Why it stayed float', 'Which', 'Its weights', 'Time of all float ones'],
        rows: kinds.map((kind) => rowOf(kind, { variant, model, context })),
      },
    };
  });
  if (parts.length === 0) return null;
  return {
    title: 'What stayed float, and why',
    text: 'Per kind of operator and reason: the bytes of their weights in the original, and the share of a profiled run on the CPU that all float operators of the kind take, whatever their reason.',
    parts,
  };
};

interface Of {
  variant: VariantReport;
  model: ModelReport;
  context: PanelContext;
}

function rowOf({ operator, reason, nodes, examples, weightBytes }: KeptFloat, of: Of): string[] {
  const named = examples.slice(0, NAMED).join(', ');
  const more =
    nodes > Math.min(NAMED, examples.length) ? ` and ${nodes - Math.min(NAMED, examples.length)} more` : '';
  return [
    `${countOf(nodes, operator, operator)}`,
    reason,
    named + more,
    weightBytes > 0 ? formatValue(weightBytes, 'bytes') : NONE,
    timeOf(operator, of),
  ];
}

function timeOf(operator: string, { variant, model, context }: Of): string {
  const placement = context.report.measurements.find(
    (item) =>
      item.model === model.name &&
      item.variant === variant.name &&
      item.metric === 'placement.fallback' &&
      item.provider !== null &&
      runsOnCpu(item.provider),
  );
  const all = placement ? placedOperators(placement) : [];
  const total = sum(all, ({ ms }) => ms);
  const float = all.filter((one) => !one.reduced && isForm(one.operator, operator));
  if (float.length === 0 || total <= 0) return NONE;
  const ms = sum(float, (one) => one.ms);
  return `${formatValue(ms, 'ms')}, ${formatValue(ms / total, 'fraction')}`;
}

/** ONNX Runtime fuses and lays out operators anew: FusedConv and NhwcFusedConv are Conv. */
function isForm(ran: string, operator: string): boolean {
  return ran === operator || ran.replace(/^(NhwcFused|Nhwc|Fused)/, '') === operator;
}
