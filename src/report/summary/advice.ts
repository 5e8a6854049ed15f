/** What to do about a report that doesn't pass: one sentence, about the worst of it. */
import type { Report } from '../../terms/report.js';
import type { CheckResult } from '../../terms/verdict.js';
import type { Row } from '../rows/rows.js';
import { establishedLines, variantChecks } from '../words/established.js';
import { namedFirst } from './named-check.js';
import { failedChecks } from './title.js';

/** How a name that is typed (a setting, a command; untrusted in part) is written. */
export type CodeOf = (text: string) => string;

/** In the markup of `code`; null: nothing is to be done. */
export function advice(report: Report, rows: readonly Row[], code: CodeOf): string | null {
  const ground = establishedLines(report).lines.find(({ level }) => level === '');
  if (ground) return 'first mend what could not be established: each line says how; the figures rest on it.';
  const [failed] = failedChecks(report);
  if (failed) return failureAdvice(failed, code);
  if (rows.some(({ variant }) => variant.status === 'failed'))
    return 'the report says why a variant could not be made; mend it, or take it out of the variants.';
  if (report.verdict === 'pass') return null;
  const checks = variantChecks(report.checks);
  const [warned] = namedFirst(checks.filter(({ verdict, level }) => verdict === 'warn' && level === 'warn'));
  if (warned) return failureAdvice(warned, code);
  if (checks.some(({ verdict }) => verdict === 'inconclusive'))
    return `an undecided check needs more time (${code('benchmark.budget')}), a quieter machine, or a bound farther from the figure; its line says how much.`;
  if (report.verdict === 'fail' && checks.some(({ verdict }) => verdict === 'skipped'))
    return 'a check that must be passed could not be made here: its line says what it needs.';
  return null;
}

function failureAdvice(check: CheckResult, code: CodeOf): string {
  const { metric, condition, verdict } = check;
  const bound = `${code(`${metric}.${condition}`)}${check.line === null ? '' : ` (line ${check.line})`}`;
  const otherwise = `or, if this is meant, change ${bound} or let a maintainer waive it`;
  if (verdict === 'invalid') return `mend what the check says is wrong; ${otherwise}.`;
  if (condition === 'max-regression')
    return `see what this change did to the model or its recipe (${code('quantgate inspect --plan')}), ${otherwise}.`;
  if (metric.startsWith('accuracy.') || metric.startsWith('fidelity.'))
    return `leave the layers that lose most as they are (${code('exclude')}; ${code('quantgate eval --layers')} names them), take method ${code('auto')}, or give more calibration data; ${otherwise}.`;
  if (metric.startsWith('latency.') || metric === 'throughput')
    return `try method ${code('auto')}, which keeps in 8 bits only what is faster on this machine, or another method for this device; ${otherwise}.`;
  if (metric.startsWith('placement.'))
    return `see in the details which operators ran elsewhere, and choose a ${code('target')} or method that this device has kernels for; ${otherwise}.`;
  return `see in ${code('quantgate inspect --plan')} what stayed float and why, or take another method; ${otherwise}.`;
}
