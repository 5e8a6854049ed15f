/** A small picture per verdict, and of what got worse, drawn: not every machine has emoji, and the word beside it says the same. */
import type { Verdict } from '../../../terms/verdict.js';
import { VERDICT_WORDS, WORSE_WORDS } from '../../words/verdict-words.js';

/** White strokes on a disc of 16 by 16. */
const STROKES: Readonly<Record<Verdict | 'worse', string>> = {
  pass: 'M4.6 8.3l2.3 2.3 4.5-5',
  fail: 'M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4',
  invalid: 'M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4',
  warn: 'M8 4.2v4.6M8 11.4v.4',
  inconclusive: 'M6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.3M8 11.6v.3',
  waived: 'M4.6 8.8c1.1-1.6 2.3-1.6 3.4-.8s2.3.8 3.4-.8',
  skipped: 'M4.8 8h6.4',
  worse: 'M8 4.2v7M4.9 8.3L8 11.4l3.1-3.1',
};

export function icon(sign: Verdict | 'worse'): string {
  const { tone } = sign === 'worse' ? WORSE_WORDS : VERDICT_WORDS[sign];
  return `<svg class="icon tone-${tone}" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="8"/><path d="${STROKES[sign]}"/></svg>`;
}

/** Icon and word on a coloured ground. */
export function pill(verdict: Verdict, word: string = VERDICT_WORDS[verdict].word): string {
  return `<span class="pill tone-${VERDICT_WORDS[verdict].tone}">${icon(verdict)}${word}</span>`;
}
