/** Where the error of a variant enters, as text: the tensors that lose most, worst first. */
import type { LayerFidelity } from '../../measure/fidelity/layers.js';

/** Tensors listed; all are in the JSON. */
const LISTED = 12;

export function layersTable(variant: string, layers: readonly LayerFidelity[]): string {
  if (layers.length === 0) return `${variant}: no tensor has the name of one of the reference's`;
  const worst = [...layers].sort((a, b) => (b.loss ?? 0) - (a.loss ?? 0)).slice(0, LISTED);
  const rows = [
    ['SQNR', 'loss', 'operator', 'tensor'],
    ...worst.map(({ sqnr, loss, operator, tensor, rescaled }) => [
      `${sqnr.toFixed(1)} dB`,
      loss === null ? '' : `${loss.toFixed(1)} dB`,
      operator,
      rescaled ? `${tensor} *` : tensor,
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
  return [
    `${variant}: where the error enters (${worst.length} of ${layers.length} tensors, by what each operator loses)`,
    ...lines,
    ...(worst.some(({ rescaled }) => rescaled)
      ? ['* its channels are rescaled and the next layer undoes it (equalization): compared without that']
      : []),
  ].join('\n');
}
