/** Panel: where the bytes of the weights lie, by element type and by layer, in the original and in each variant. */
import { sum } from 'd3-array';
import { ORIGINAL } from '../../terms/measurement.js';
import type { VariantReport, WeightBytes } from '../../terms/report.js';
import { type BeforeAfter, pairBars } from '../charts/pairs.js';
import { formatRatio, formatValue } from '../words/format.js';
import type { PanelOf, PanelPart } from './panel.js';
import { variantName } from './variant-name.js';

/** Layers drawn and listed: the largest. */
const DRAWN = 8;
const LISTED = 12;

export const sizes: PanelOf = (model) => {
  const original = model.variants.find(({ name }) => name === ORIGINAL)?.weights;
  if (!original) return null;
  const variants = model.variants.filter(({ name, weights }) => name !== ORIGINAL && weights);
  if (variants.length === 0) return null;
  return {
    title: 'Size by layer and type',
    text: 'Bytes of the weights in the file, scales and constants included: first by element type, then the largest layers of the original; the upper bar is the original, the lower one the variant. A layer counts as the variant’s where it kept its name.',
    parts: variants.map((variant) => partOf(variant, original, variantName(variant, model))),
  };
};

function partOf({ weights }: VariantReport, original: WeightBytes, name: string): PanelPart {
  const types = [...new Set([...original.types, ...weights!.types].map(({ type }) => type))].map((type) => ({
    name: type,
    before: bytesOf(original, type),
    after: bytesOf(weights!, type),
  }));
  const after = new Map(weights!.layers.map(({ node, bytes }) => [node, bytes]));
  const layers = original.layers
    .toSorted((a, b) => b.bytes - a.bytes)
    .flatMap(({ node, bytes }) => {
      const now = after.get(node);
      return now === undefined ? [] : { name: node, before: bytes, after: now };
    });
  const upTo = (count: number) => [...types, ...layers.slice(0, count), ...othersOf(layers.slice(count))];
  return {
    name,
    chart: pairBars(
      `Bytes of the weights of ${name} by type and layer beside the original`,
      upTo(DRAWN),
      'bytes',
    ),
    table: {
      headings: ['Type or layer', 'Original', 'Variant', 'Ratio'],
      rows: upTo(LISTED).map((line) => [
        line.name,
        formatValue(line.before, 'bytes'),
        formatValue(line.after, 'bytes'),
        line.before > 0 ? formatRatio(line.after / line.before) : '–',
      ]),
    },
  };
}

/** The rest in one line: of the layers that the report holds, which are the largest. */
function othersOf(layers: readonly BeforeAfter[]): BeforeAfter[] {
  if (layers.length === 0) return [];
  const before = sum(layers, (layer) => layer.before);
  return [{ name: `and ${layers.length} more`, before, after: sum(layers, ({ after }) => after) }];
}

function bytesOf({ types }: WeightBytes, type: string): number {
  return sum(
    types.filter((one) => one.type === type),
    ({ bytes }) => bytes,
  );
}
