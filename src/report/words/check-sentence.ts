/** A check that failed or stayed open as a sentence: `int8 of resnet50 is 1.31× slower on cuda (allowed at most 0.80×)`. */
import { metricDefinition } from '../../terms/metrics.js';
import type { CheckResult } from '../../terms/verdict.js';
import { checkWords } from './check-words.js';

/** Of a reason that stands in for a figure. */
const REASON_LENGTH = 120;

/** What slower and larger mean if nothing else is said. */
const GOES_WITHOUT_SAYING: ReadonlySet<string> = new Set(['latency.p50', 'size.file']);

export interface SentenceOptions {
  /** What the sentence begins with; none: the verb. */
  subject: 'none' | 'variant' | 'variant and model';
  /** Where the check was measured, in words. */
  place: readonly string[];
}

/** Untrusted: names and reasons come from outside. Without a full stop. */
export function checkSentence(check: CheckResult, { subject, place }: SentenceOptions): string {
  const where = place.length === 0 ? '' : ` on ${place.join(', ')}`;
  const text = predicate(check, where);
  if (subject === 'none') return text;
  return `${check.variant}${subject === 'variant' ? '' : ` of ${check.model}`} ${text}`;
}

function predicate(check: CheckResult, where: string): string {
  const title = titleInSentence(check.metric);
  const words = checkWords(check);
  if (words.observed === null) {
    const reason = check.reason === null ? '' : `: ${shortened(check.reason)}`;
    return check.verdict === 'invalid'
      ? `has no valid ${title}${where}${reason}`
      : `could not be judged by ${title}${where}${reason}`;
  }
  return `${observation(check, { title, observed: words.observed })}${where} (allowed ${allowed(words.bound)})`;
}

function observation(check: CheckResult, { title, observed }: { title: string; observed: string }): string {
  switch (check.condition) {
    case 'max':
    case 'min':
      return `has ${observed} ${title}`;
    case 'max-ratio':
    case 'min-ratio':
      return check.metric === 'latency.p50' && check.observed! > 1
        ? `is ${observed} slower`
        : `has ${observed} the ${title}`;
    case 'max-drop':
      return `is ${observed.replace(/^a drop of /, '')} worse in ${title}`;
    case 'max-regression':
      return `is ${observed}${GOES_WITHOUT_SAYING.has(check.metric) ? '' : ` in ${title}`}`;
  }
}

/** What was said of the figure needn't be said of its bound: `a drop of at most 0.5 pp` → `at most 0.5 pp`. */
function allowed(bound: string): string {
  return bound.replace(/^a drop of | than the base(?=$|,)/, '');
}

/** `Latency p50` → `latency p50`, `Top-1` and `mIoU` as they are. A custom metric's title comes from outside. */
export function titleInSentence(metric: string): string {
  const title = metricDefinition(metric)?.title ?? metric;
  return /^[A-Z][a-z]+( |$)/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

function shortened(reason: string): string {
  return reason.length <= REASON_LENGTH ? reason : `${reason.slice(0, REASON_LENGTH - 1)}…`;
}
