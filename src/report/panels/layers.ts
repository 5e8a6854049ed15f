/** Panel: where the error of a variant enters: SQNR along the graph, and the layers that lose most with what they became. */
import type { LayerErrors } from '../../terms/report.js';
import { sqnrCurve } from '../charts/curve.js';
import { formatValue } from '../words/format.js';
import type { PanelOf, PanelPart } from './panel.js';
import { variantName } from './variant-name.js';

/** Marked in the picture, and listed. */
const MARKED = 8;
const LISTED = 10;
/** Less is no loss of one layer's own. */
const LEAST_LOSS_DB = 1;
const SAME_DB = 200;

export const layers: PanelOf = (model) => {
  const parts = model.variants.flatMap((variant): PanelPart[] =>
    variant.layerErrors ? [partOf(variant.layerErrors, variantName(variant, model))] : [],
  );
  if (parts.length === 0) return null;
  const madeUp = model.variants.some(({ layerErrors }) => layerErrors?.madeUp);
  const on = madeUp ? 'made-up inputs' : 'calibration samples';
  return {
    title: 'Error along the graph',
    text: `SQNR of every tensor that original and variant share, from the first operator to the last, on ${on}: higher is closer to the original. Where the line falls, error enters; the numbers are the layers that lose most, listed below with what they became. Error that a later layer undoes does not reach the outputs.`,
    parts,
  };
};

function partOf(errors: LayerErrors, name: string): PanelPart {
  const worst = errors.tensors
    .filter(({ loss }) => (loss ?? 0) >= LEAST_LOSS_DB)
    .toSorted((a, b) => b.loss! - a.loss!);
  return {
    name,
    chart: sqnrCurve({
      title: `SQNR along the graph of ${name}`,
      tensors: errors.tensors,
      compared: errors.compared,
      worst: worst.slice(0, MARKED),
    }),
    table: {
      headings: ['Layer', 'Operator', 'Became', 'SQNR', 'Lost in it'],
      rows: worst
        .slice(0, LISTED)
        .map(({ node, operator, became, sqnr, loss }, index) => [
          `${index + 1}. ${node}`,
          operator,
          became ?? '–',
          sqnr >= SAME_DB ? 'the same' : formatValue(sqnr, 'dB'),
          formatValue(loss!, 'dB'),
        ]),
    },
  };
}
