/** What to do about a report that doesn't pass: one sentence, about the worst of it. */
import type { Report } from '../../terms/report.js';
import type { CheckResult } from '../../terms/verdict.js';
import { markdownCode } from '../escape.js';
import { establishedLines, variantChecks } from '../established.js';
import { failedChecks } from '../headline.js';
import type { Row } from '../rows.js';

/** Markdown; null: nothing is to be done. */
export function advice(report: Report, rows: readonly Row[]): string | null {
  const ground = establishedLines(report).lines.find(({ level }) => level === '');
  if (ground)
    return 'first mend what could not be established: each line says how; the figures below rest on it.';
  const [failed] = failedChecks(report);
  if (failed) return failureAdvice(failed);
  if (rows.some(({ variant }) => variant.status === 'failed'))
    return 'the table says why a variant could not be made; mend it, or take it out of the variants.';
  const open = variantChecks(report.checks).find(({ verdict }) => verdict === 'inconclusive');
  if (open && report.verdict !== 'pass')
    return `an undecided check needs more time (${markdownCode('benchmark.budget', 80)}), a quieter machine, or a bound farther from the figure; its line says how much.`;
  return null;
}

function failureAdvice(check: CheckResult): string {
  const { metric, condition, verdict } = check;
  const bound = `${markdownCode(`${metric}.${condition}`, 80)}${check.line === null ? '' : ` (line ${check.line})`}`;
  const otherwise = `or, if this is meant, change ${bound} or let a maintainer waive it`;
  if (verdict === 'invalid') return `the reason stands at the check below; mend it, ${otherwise}.`;
  if (condition === 'max-regression')
    return `see what this change did to the model or its recipe (${markdownCode('quantgate inspect --plan', 80)}), ${otherwise}.`;
  if (metric.startsWith('accuracy.') || metric.startsWith('fidelity.'))
    return `leave the layers that lose most as they are (${markdownCode('exclude', 80)}; ${markdownCode('quantgate eval --layers', 80)} names them), take method ${markdownCode('auto', 80)}, or give more calibration data; ${otherwise}.`;
  if (metric.startsWith('latency.') || metric === 'throughput')
    return `try method ${markdownCode('auto', 80)}, which keeps in 8 bits only what is faster on this machine, or another method for this device; ${otherwise}.`;
  if (metric.startsWith('placement.'))
    return `see in the details which operators ran elsewhere, and choose a ${markdownCode('target', 80)} or method that this device has kernels for; ${otherwise}.`;
  return `see in ${markdownCode('quantgate inspect --plan', 80)} what stayed float and why, or take another method; ${otherwise}.`;
}
