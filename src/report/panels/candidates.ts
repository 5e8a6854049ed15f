/** Panel: what method auto tried, and the frontier that its choice is on. */
import { frontierChart, frontierOf, type Raced } from '../charts/frontier.js';
import { formatRatio, formatValue } from '../words/format.js';
import type { PanelOf, PanelPart } from './panel.js';
import { variantName } from './variant-name.js';

const SAME_DB = 200;

export const candidates: PanelOf = (model) => {
  const parts = model.variants.flatMap((variant): PanelPart[] => {
    const raced = (variant.candidates ?? []).filter((one): one is Raced => one.latencyRatio !== null);
    if (raced.length === 0) return [];
    const name = variantName(variant, model);
    const frontier = new Set(frontierOf(raced));
    return [
      {
        name,
        chart: frontierChart(`What auto tried for ${name}: latency and SQNR of each candidate`, raced),
        table: {
          headings: ['Candidate', 'Latency', 'Size', 'SQNR', 'Place'],
          rows: raced.map((one, index) => [
            `${index + 1}. ${one.name}`,
            formatRatio(one.latencyRatio),
            formatRatio(one.sizeRatio),
            one.sqnr >= SAME_DB ? 'the same' : formatValue(one.sqnr, 'dB'),
            placeOf(one, frontier),
          ]),
        },
      },
    ];
  });
  if (parts.length === 0) return null;
  return {
    title: 'What auto tried',
    text: 'Each bubble is a way to quantize the model, raced against it on this machine: to the left is faster, up is closer to the original, the area is the size. The line joins those that no other beats in both; red ones break a limit. The race is short: the latency that the report states is measured anew.',
    parts,
  };
};

function placeOf(one: Raced, frontier: ReadonlySet<Raced>): string {
  if (one.broken.length > 0) return `breaks ${one.broken.join(', ')}`;
  return [one.chosen ? 'chosen' : '', frontier.has(one) ? 'on the frontier' : '']
    .filter((word) => word !== '')
    .join(', ');
}
