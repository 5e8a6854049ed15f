/** Text of a recognizer's symbols. */

/** Names that recognizers give the symbol that stands for nothing, in the order in which they are looked for. */
const BLANKS = ['<blk>', '<blank>', '[BLANK]', '<pad>', '[PAD]'];

/** Index of the blank: by its name, else the one behind the vocabulary (NeMo's), else 0. */
export function blankOf(vocabulary: readonly string[], classes: number): number {
  for (const name of BLANKS) {
    const found = vocabulary.indexOf(name);
    if (found >= 0) return found;
  }
  return classes > vocabulary.length ? vocabulary.length : 0;
}

/** Symbols joined: `|`, `▁` and `Ġ` are spaces, and tokens in brackets (`<s>`, `[UNK]`) say nothing. */
export function transcriptOf(symbols: readonly number[], vocabulary: readonly string[]): string {
  const parts = symbols.map((symbol) => {
    const token = vocabulary[symbol] ?? '';
    return /^(<[^>]+>|\[[A-Z]+\])$/.test(token) ? '' : token.replace(/[|▁Ġ]/g, ' ');
  });
  return parts.join('').replace(/\s+/g, ' ').trim();
}

/** Whether the vocabulary has letters of one case only: then case can't be an error of the model's. */
export function hasOneCase(vocabulary: readonly string[]): boolean {
  const letters = vocabulary.filter((token) => !/^[<[]/.test(token)).join('');
  return letters === letters.toLowerCase() || letters === letters.toUpperCase();
}
