/** Answers as spans of a document, and how SQuAD compares them (Rajpurkar et al., EMNLP 2016; Rajpurkar, Jia and Liang, ACL 2018). */

/** One window of a document: scores of where an answer begins and ends. */
export interface SpanScores {
  /** Per token. */
  start: ArrayLike<number>;
  end: ArrayLike<number>;
  /** Beginning and end of each token in the document, two numbers each; −1 for tokens that aren't the document's. */
  offsets: ArrayLike<number>;
}

export interface Span {
  /** In UTF-16 code units of the document. */
  from: number;
  to: number;
  score: number;
}

/** Longest answer in tokens, as the field's scripts have it. */
const LONGEST_ANSWER = 30;

/** The span of the highest sum of both scores in any window; null: no token belongs to the document. */
export function bestSpan(windows: readonly SpanScores[], longest = LONGEST_ANSWER): Span | null {
  let best: Span | null = null;
  for (const { start, end, offsets } of windows) {
    const tokens = Math.min(start.length, offsets.length / 2);
    for (let first = 0; first < tokens; first++) {
      if (offsets[first * 2]! < 0) continue;
      for (let last = first; last < Math.min(tokens, first + longest) && offsets[last * 2]! >= 0; last++) {
        const score = start[first]! + end[last]!;
        if (best !== null && score <= best.score) continue;
        best = { from: offsets[first * 2]!, to: offsets[last * 2 + 1]!, score };
      }
    }
  }
  return best;
}

/** Score of giving no answer: both scores of the first token, of the window where that is least likely. */
export function noAnswerScore(windows: readonly SpanScores[]): number {
  return windows.reduce(
    (least, { start, end }) => Math.min(least, start[0]! + end[0]!),
    Number.POSITIVE_INFINITY,
  );
}

/** ASCII's, which SQuAD's script takes out. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
const ARTICLES = /(?<![\p{L}\p{N}_])(a|an|the)(?![\p{L}\p{N}_])/gu;

function normalizedWords(text: string): string[] {
  const plain = text.toLowerCase().replace(PUNCTUATION, '').replace(ARTICLES, ' ');
  return plain.split(/\s+/u).filter((word) => word !== '');
}

/** Whether the answers are the same but for case, punctuation, articles and white space. */
export function exactMatch(gold: string, answer: string): boolean {
  return normalizedWords(gold).join(' ') === normalizedWords(answer).join(' ');
}

/** F1 of the words that both answers hold, as often as they hold them; of no words on either side, 1 where both have none. */
export function answerF1(gold: string, answer: string): number {
  const [expected, given] = [normalizedWords(gold), normalizedWords(answer)];
  if (expected.length === 0 || given.length === 0) return Number(expected.length === given.length);
  const left = new Map<string, number>();
  for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of given) {
    const count = left.get(word) ?? 0;
    if (count > 0) shared++;
    left.set(word, count - 1);
  }
  return (2 * shared) / (expected.length + given.length);
}
