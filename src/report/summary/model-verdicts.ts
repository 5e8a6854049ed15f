/** One line of verdict per model, the worst first, where there are several; and which models' rows are folded away. */
import type { Report } from '../../terms/report.js';
import type { CheckResult, Verdict } from '../../terms/verdict.js';
import { checkSentence } from '../check-sentence.js';
import { plainText } from '../escape.js';
import { variantChecks } from '../established.js';
import { countOf } from '../format.js';
import { placeNamer, type Row } from '../rows.js';
import { VERDICT_WORDS, WORST_FIRST, worstVerdict } from '../verdict-words.js';

/** Models that pass and are shown in full; more are folded. */
const SHOWN_PASSING = 3;

export interface ModelVerdict {
  model: string;
  /** null: nothing was checked. */
  verdict: Verdict | null;
  /** What goes with the verdict. */
  symbol: string;
  /** `int8 is 1.31× slower on cuda (allowed at most 0.80×), and 2 more checks likewise`. Untrusted. */
  text: string;
}

/** The worst first, else in the report's order; empty for a single model. */
export function modelVerdicts(report: Report, rows: readonly Row[]): ModelVerdict[] {
  if (report.models.length < 2) return [];
  const nameOf = placeNamer(
    rows.map(({ place }) => place),
    report,
  );
  const sentence = (check: CheckResult) => checkSentence(check, { namesModel: false, place: nameOf(check) });
  return report.models
    .map(({ name }) => verdictOf(name, { report, rows, sentence }))
    .sort((a, b) => rank(a.verdict) - rank(b.verdict));
}

/** Names of the models that pass and are past those that are shown. */
export function foldedModels(verdicts: readonly ModelVerdict[]): Set<string> {
  const passing = verdicts.filter(({ verdict }) => verdict === 'pass' || verdict === null);
  return new Set(passing.slice(SHOWN_PASSING).map(({ model }) => model));
}

/** Lines of models; of more the table tells. */
const MOST_LINES = 12;

export interface ToldModels {
  lines: ModelVerdict[];
  /** Models that only the table tells of, and those without a failure that are folded. */
  more: number;
  folded: number;
}

export function toldModels(verdicts: readonly ModelVerdict[]): ToldModels {
  const folded = foldedModels(verdicts);
  const told = verdicts.filter(({ model }) => !folded.has(model));
  return {
    lines: told.slice(0, MOST_LINES),
    more: Math.max(0, told.length - MOST_LINES),
    folded: folded.size,
  };
}

/** Rows with the worst models on top (`verdicts` in their order), and of a model the worst ones; the first of each variant is told in full. */
export function worstFirst(rows: readonly Row[], verdicts: readonly ModelVerdict[]): Row[] {
  const place = new Map(verdicts.map(({ model }, at) => [model, at]));
  const sorted = [...rows].sort(
    (a, b) =>
      (place.get(a.model) ?? 0) - (place.get(b.model) ?? 0) ||
      (a.model === b.model ? rank(a.verdict) - rank(b.verdict) : 0),
  );
  const told = new Set<object>();
  return sorted.map((row) => {
    const first = !told.has(row.variant);
    told.add(row.variant);
    return { ...row, first };
  });
}

function rank(verdict: Verdict | null): number {
  return verdict === null ? WORST_FIRST.length : WORST_FIRST.indexOf(verdict);
}

interface Context {
  report: Report;
  rows: readonly Row[];
  sentence: (check: CheckResult) => string;
}

function verdictOf(model: string, { report, rows, sentence }: Context): ModelVerdict {
  const own = rows.filter((row) => row.model === model);
  const checks = variantChecks(report.checks).filter((check) => check.model === model);
  const broken = own.filter(({ first, variant }) => first && variant.status === 'failed');
  const verdict = worstVerdict([
    ...checks.map((check) => check.verdict),
    ...broken.map((): Verdict => 'invalid'),
  ]);
  const symbol = verdict === null ? VERDICT_WORDS.skipped.symbol : VERDICT_WORDS[verdict].symbol;
  return { model, verdict, symbol, text: storyOf({ checks, broken, verdict, sentence }) };
}

interface Story {
  checks: readonly CheckResult[];
  broken: readonly Row[];
  verdict: Verdict | null;
  sentence: (check: CheckResult) => string;
}

function storyOf({ checks, broken, verdict, sentence }: Story): string {
  if (broken.length > 0) {
    const names = broken.map(({ variant }) => variant.name).join(', ');
    return `${plainText(names, 200)} could not be made`;
  }
  if (verdict === null) return 'measured, nothing to check';
  const alike = checks.filter((check) => check.verdict === verdict);
  if (verdict === 'pass')
    return checks.length === 1 ? 'the check passes' : `all ${checks.length} checks pass`;
  const more = alike.length - 1;
  const state = verdict === 'inconclusive' ? ', undecided' : '';
  const others = more === 0 ? '' : `, and ${countOf(more, 'more check')} likewise`;
  return `${plainText(sentence(alike[0]!), 400)}${state}${others}`;
}
