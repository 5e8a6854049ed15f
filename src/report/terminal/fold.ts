/** Text in lines of a terminal's width. */
import stringWidth from 'string-width';

/** Paths and addresses that are longer than a line: broken, or left whole so that they can be copied. */
type LongWords = 'break' | 'keep';

/** Breaks at spaces so that no line is wider than `width` columns. Later lines are indented. */
export function fold(text: string, width: number, indent: number, longWords: LongWords = 'break'): string[] {
  const lines: string[] = [];
  let line = '';
  let columns = 0;
  const parts = text.split(' ');
  const words = longWords === 'keep' ? parts : parts.flatMap((part) => chunks(part, width - indent));
  for (const word of words) {
    const wordColumns = stringWidth(word);
    if (columns > 0 && columns + 1 + wordColumns > width) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
      columns = indent + wordColumns;
    } else {
      line += columns === 0 ? word : ` ${word}`;
      columns += wordColumns + (columns === 0 ? 0 : 1);
    }
  }
  return [...lines, line];
}

/** Columns by which the rest of a line that was too long is set in. */
const HANGING_INDENT = 4;

/** The text with lines that are too long folded at spaces, each with its own indent kept. Words longer than a line stay whole. */
export function fitted(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const own = line.length - line.trimStart().length;
      const room = width - own;
      if (stringWidth(line) <= width || room < MIN_ROOM) return [line];
      const indent = ' '.repeat(own);
      return fold(line.slice(own), room, HANGING_INDENT, 'keep').map((part) => indent + part);
    })
    .join('\n');
}

/** Narrower than this nothing is folded. */
const MIN_ROOM = 20;

function chunks(word: string, width: number): string[] {
  if (stringWidth(word) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    if (stringWidth(part + character) > width) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}
