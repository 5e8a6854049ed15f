/** How a reader calls a figure that changed: latency gets slower, a file larger. */
export interface ChangeWords {
  worse: string;
  better: string;
}

const WORSE: ChangeWords = { worse: 'worse', better: 'better' };

/** By the beginnings of metrics' names. */
const WORDS: readonly (readonly [prefix: string, words: ChangeWords])[] = [
  ['latency.', { worse: 'slower', better: 'faster' }],
  ['throughput', { worse: 'slower', better: 'faster' }],
  ['size.parameters', { worse: 'more', better: 'fewer' }],
  ['size.', { worse: 'larger', better: 'smaller' }],
  ['memory.', { worse: 'higher', better: 'lower' }],
];

export function changeWords(metric: string): ChangeWords {
  return WORDS.find(([prefix]) => metric.startsWith(prefix))?.[1] ?? WORSE;
}
