/** One line of verdict per model, the worst first, where there are several; of a single one per variant; and whose rows are folded away. */
import type { Report } from '../../terms/report.js';
import type { CheckResult, Verdict } from '../../terms/verdict.js';
import { worseCount } from '../rows/against-base.js';
import { figureRanges } from '../rows/figure-ranges.js';
import { placeNamer, type Row } from '../rows/rows.js';
import { checkSentence, type SentenceOptions } from '../words/check-sentence.js';
import { plainText } from '../words/escape.js';
import { variantChecks } from '../words/established.js';
import { countOf } from '../words/format.js';
import { checksVerdict, VERDICT_WORDS, WORST_FIRST } from '../words/verdict-words.js';
import { namedFirst } from './named-check.js';

const SETTLED: ReadonlySet<Verdict> = new Set(['pass', 'waived', 'skipped']);

/** Models that pass and are shown in full; more are folded. */
const SHOWN_PASSING = 3;

export interface SubjectVerdict {
  /** null: nothing was checked. */
  verdict: Verdict | null;
  /** What goes with the verdict. */
  symbol: string;
  /** What is said of it. Untrusted. */
  text: string;
}

/** `int8 is 1.31× slower on cuda (allowed at most 0.80×), and 2 more checks likewise`, `all 8 checks pass (0.26× the size, …)`. */
export interface ModelVerdict extends SubjectVerdict {
  model: string;
}

/** After its name: `is 1.31× slower on cuda (allowed at most 0.80×)`, `passes all 8 checks (0.26× the size, …)`. */
export interface VariantVerdict extends SubjectVerdict {
  variant: string;
}

/** The worst first, else in the report's order; empty for a single model. */
export function modelVerdicts(report: Report, rows: readonly Row[]): ModelVerdict[] {
  if (report.models.length < 2) return [];
  const verdictOf = verdictTeller(report, rows, 'variant');
  return report.models
    .map(({ name }) => ({ model: name, ...verdictOf({ model: name }) }))
    .sort((a, b) => rank(a.verdict) - rank(b.verdict));
}

/** Of a single model with several variants, the worst first; else empty. */
export function variantVerdicts(report: Report, rows: readonly Row[]): VariantVerdict[] {
  const variants = new Set(rows.map(({ variant }) => variant.name));
  if (report.models.length !== 1 || variants.size < 2) return [];
  const verdictOf = verdictTeller(report, rows, 'none');
  return [...variants]
    .map((name) => ({ variant: name, ...verdictOf({ model: report.models[0]!.name, variant: name }) }))
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

/**
 * What failed or is undecided on top, whatever its model; then the rest. Both with the worst models first (`verdicts` in their order); the
 * first row of each variant is told in full.
 */
export function worstFirst(rows: readonly Row[], verdicts: readonly ModelVerdict[]): Row[] {
  const place = new Map(verdicts.map(({ model }, at) => [model, at]));
  const sorted = [...rows].sort(
    (a, b) =>
      urgency(a.verdict) - urgency(b.verdict) ||
      (place.get(a.model) ?? 0) - (place.get(b.model) ?? 0) ||
      rank(a.verdict) - rank(b.verdict),
  );
  const told = new Set<object>();
  return sorted.map((row) => {
    const first = !told.has(row.variant);
    told.add(row.variant);
    return { ...row, first };
  });
}

/** 0: somebody must look at it. */
function urgency(verdict: Verdict | null): 0 | 1 {
  return verdict === null || SETTLED.has(verdict) ? 1 : 0;
}

function rank(verdict: Verdict | null): number {
  return verdict === null ? WORST_FIRST.length : WORST_FIRST.indexOf(verdict);
}

interface Subject {
  model: string;
  /** Default: all of the model. */
  variant?: string;
}

function verdictTeller(
  report: Report,
  rows: readonly Row[],
  named: SentenceOptions['subject'],
): (subject: Subject) => SubjectVerdict {
  const nameOf = placeNamer(
    rows.map(({ place }) => place),
    report,
  );
  const sentence = (check: CheckResult) => checkSentence(check, { subject: named, place: nameOf(check) });
  return ({ model, variant }) => {
    const about = (name: string) => variant === undefined || name === variant;
    const own = rows.filter((row) => row.model === model && about(row.variant.name));
    const checks = variantChecks(report.checks).filter(
      (check) => check.model === model && about(check.variant),
    );
    const broken = own.filter((row) => row.first && row.variant.status === 'failed');
    const verdict = broken.length > 0 ? 'invalid' : checksVerdict(checks);
    const symbol = verdict === null ? VERDICT_WORDS.skipped.symbol : VERDICT_WORDS[verdict].symbol;
    const unmade = broken.map((row) => row.variant.name);
    const predicate = named === 'none';
    return { verdict, symbol, text: storyOf({ checks, unmade, predicate, verdict, sentence, rows: own }) };
  };
}

/** `all 8 checks pass`, `6 of 8 checks pass, 2 skipped`; after a name `passes all 8 checks`. */
function passText(checks: readonly CheckResult[], predicate: boolean): string {
  const passed = checks.filter(({ verdict }) => verdict === 'pass').length;
  const skipped = checks.length - passed;
  const one = checks.length === 1;
  const all =
    skipped > 0 ? `${passed} of ${checks.length} checks` : one ? 'the check' : `all ${checks.length} checks`;
  const rest = skipped > 0 ? `, ${skipped} skipped` : '';
  return predicate ? `passes ${all}${rest}` : `${all} ${passed === 1 ? 'passes' : 'pass'}${rest}`;
}

interface Story {
  checks: readonly CheckResult[];
  /** Names of the variants that could not be made. */
  unmade: readonly string[];
  /** Whether the line begins with the variant's name: the text is then what is said of it. */
  predicate: boolean;
  verdict: Verdict | null;
  sentence: (check: CheckResult) => string;
  rows: readonly Row[];
}

function storyOf({ checks, unmade, predicate, verdict, sentence, rows }: Story): string {
  if (unmade.length > 0)
    return predicate ? 'could not be made' : `${plainText(unmade.join(', '), 200)} could not be made`;
  const ranges = figureRanges(rows);
  const figures = ranges === null ? '' : ` (${plainText(ranges, 200)})`;
  if (verdict === null) return `${predicate ? 'was ' : ''}measured, nothing to check${figures}`;
  if (verdict === 'pass') return `${passText(checks, predicate)}${worseCount(rows)}${figures}`;
  const alike = namedFirst(checks.filter((check) => check.verdict === verdict));
  const more = alike.length - 1;
  const state = verdict === 'inconclusive' ? ', undecided' : '';
  const others = more === 0 ? '' : `, and ${countOf(more, 'more check')} likewise`;
  return `${plainText(sentence(alike[0]!), 400)}${state}${others}`;
}
