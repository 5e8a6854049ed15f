/** Text in lines of a terminal's width. */
import stringWidth from 'string-width';

/** Breaks at spaces so that no line is wider than `width` columns; a longer word is broken where it must. Later lines are indented. */
export function fold(text: string, width: number, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  let columns = 0;
  for (const word of text.split(' ').flatMap((part) => chunks(part, width - indent))) {
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
