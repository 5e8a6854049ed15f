/** An inspection as text: what the model holds, and with --plan what each method would make of it. */
import type { InspectedValue, Inspection, MethodPlan } from '../../quantize/inspect.js';
import { formatValue } from '../../report/words/format.js';

/** How many operators of a plan are listed by name before the rest is counted. */
const LISTED_REASONS = 12;

export function inspectionText(inspection: Inspection): string {
  const { operators, weights, plan } = inspection;
  const opsets = inspection.opsets
    .map(({ domain, version }) => `${domain || 'ai.onnx'} ${version}`)
    .join(', ');
  const lines = [
    `${inspection.file}: ${formatValue(inspection.sizeBytes, 'bytes')}, ${inspection.parameters.toLocaleString('en-US')} parameters, opset ${opsets}, IR ${inspection.irVersion}`,
    ...(inspection.producer ? [`made by ${inspection.producer}`] : []),
    ...inspection.inputs.map((value) => `input   ${valueText(value)}`),
    ...inspection.outputs.map((value) => `output  ${valueText(value)}`),
    '',
    ...columns(
      operators.map(({ opType, domain, count }) => [`${domain ? `${domain}.` : ''}${opType}`, String(count)]),
    ),
    '',
    ...columns(
      weights.map(({ type, tensors, bytes }) => [type, `${tensors} tensors`, formatValue(bytes, 'bytes')]),
    ),
  ];
  for (const method of plan ?? []) lines.push('', ...planLines(method));
  return lines.join('\n');
}

function planLines({ method, refused, quantized, float, decisions }: MethodPlan): string[] {
  if (refused !== null) return [`${method}: refused. ${refused}`];
  const reasons = new Map<string, string[]>();
  for (const { node, opType, reason } of decisions) {
    if (reason === null) continue;
    const key = `${opType}: ${reason}`;
    reasons.set(key, [...(reasons.get(key) ?? []), node]);
  }
  const became = new Map<string, number>();
  for (const decision of decisions) {
    if (decision.reason === null) became.set(decision.became, (became.get(decision.became) ?? 0) + 1);
  }
  const listed = [...reasons].slice(0, LISTED_REASONS);
  const rest = reasons.size - listed.length;
  return [
    `${method}: ${quantized} groups quantized, ${float} operators kept float`,
    ...[...became].map(([what, count]) => `  ${what} ×${count}`),
    ...listed.map(
      ([reason, nodes]) =>
        `  float: ${reason} (${nodes.length === 1 ? nodes[0] : `${nodes.length} operators`})`,
    ),
    ...(rest > 0 ? [`  … and ${rest} more reasons (--json lists every operator)`] : []),
  ];
}

function valueText({ name, type, shape }: InspectedValue): string {
  if (type === null) return `${name}: not a tensor`;
  return `${name}: ${type} ${shape ? `[${shape.map((dim) => (dim === '' ? '?' : dim)).join(', ')}]` : 'of unknown rank'}`;
}

/** Left-aligned first column, the others right-aligned. */
function columns(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
}
