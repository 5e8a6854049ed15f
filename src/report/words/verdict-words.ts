/** How a verdict is shown: a symbol and always a word; colour only repeats what they say. */
import type { CheckResult, OverallVerdict, Verdict } from '../../terms/verdict.js';

export type Tone = 'good' | 'bad' | 'caution' | 'quiet';

export interface VerdictWords {
  /** Emoji for Markdown and HTML. */
  symbol: string;
  /** One column wide, for terminals. */
  mark: string;
  word: string;
  tone: Tone;
}

export const VERDICT_WORDS: Readonly<Record<Verdict, VerdictWords>> = {
  pass: { symbol: '✅', mark: '✔', word: 'pass', tone: 'good' },
  fail: { symbol: '❌', mark: '✘', word: 'fail', tone: 'bad' },
  invalid: { symbol: '💥', mark: '✘', word: 'invalid', tone: 'bad' },
  warn: { symbol: '⚠️', mark: '!', word: 'warning', tone: 'caution' },
  inconclusive: { symbol: '❔', mark: '?', word: 'inconclusive', tone: 'caution' },
  waived: { symbol: '🔕', mark: '~', word: 'waived', tone: 'quiet' },
  skipped: { symbol: '➖', mark: '-', word: 'skipped', tone: 'quiet' },
};

/** In the place of the verdict of a variant that is the original. */
export const UNCHANGED_WORDS: VerdictWords = {
  symbol: '🟰',
  mark: '=',
  word: 'unchanged',
  tone: 'caution',
};

/** Of a figure that surely got worse, whatever its checks allow. */
export const WORSE_WORDS: VerdictWords = { symbol: '🔻', mark: '▼', word: 'worse', tone: 'caution' };

/** Worst first: the verdict of a group of checks is the first of these that occurs. */
export const WORST_FIRST: readonly Verdict[] = [
  'invalid',
  'fail',
  'warn',
  'inconclusive',
  'waived',
  'skipped',
  'pass',
];

/** The worst verdict; null when there is none. */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict | null {
  const present = new Set(verdicts);
  return WORST_FIRST.find((verdict) => present.has(verdict)) ?? null;
}

/**
 * Of checks on one thing. One that was skipped and counts for nothing (level info: no base yet, say) hides no other; alone it says that nothing
 * was checked.
 */
export function checksVerdict(checks: readonly Pick<CheckResult, 'verdict' | 'level'>[]): Verdict | null {
  const counted = checks.filter((check) => !isSetAside(check));
  return worstVerdict((counted.length > 0 ? counted : checks).map(({ verdict }) => verdict));
}

/** Skipped, and nobody asked for it to count. */
export function isSetAside({ verdict, level }: Pick<CheckResult, 'verdict' | 'level'>): boolean {
  return verdict === 'skipped' && level === 'info';
}

export const OVERALL_WORDS: Readonly<Record<OverallVerdict, VerdictWords>> = {
  pass: VERDICT_WORDS.pass,
  warn: VERDICT_WORDS.warn,
  fail: VERDICT_WORDS.fail,
};
