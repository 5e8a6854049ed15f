/** The key file of a recognizer: one symbol per line, in the order of the model's classes. */
import { UserError } from '../../../errors.js';
import { shownPath } from '../../../system/files/shown-path.js';
import { readText } from '../../../system/files/text-file.js';

/** Lines that stand for CTC's blank where the file has one for it. */
const BLANK_LINES = new Set(['', '<blank>', '[blank]', 'blank']);

/** Symbols of the file; a line of one space is the space. Throws UserError when it can't be read, or holds nothing. */
export async function readKeys(file: string): Promise<string[]> {
  const lines = (await readText(file)).split(/\r?\n/);
  // The last line ends with a line break: nothing is behind it.
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0)
    throw new UserError(
      'accuracy.keys',
      `The key file ${shownPath(file)} is empty: it holds one symbol per line.`,
    );
  return lines;
}

export interface Alphabet {
  /** By class; the blank's is ''. */
  symbols: readonly string[];
  blank: number;
}

/**
 * What each of the model's classes stands for: the lines with a blank before them, or behind them (`blank: 'last'`), and where one class is left a space
 * at their end, as PaddleOCR has it; or, for as many lines as classes, the lines themselves, of which an empty one or `<blank>` is the blank. Throws
 * UserError for other numbers.
 */
export function alphabetOf(
  keys: readonly string[],
  classes: number,
  options: { blank: 'first' | 'last' },
): Alphabet {
  const spare = classes - keys.length;
  if (spare === 0) {
    const blank = keys.findIndex((key) => BLANK_LINES.has(key));
    if (blank >= 0) return { symbols: keys.map((key, index) => (index === blank ? '' : key)), blank };
  }
  if (spare === 2 && keys.includes(' ')) {
    throw new UserError(
      'accuracy.keys',
      `The model has ${classes} classes, but \`keys\` ${keys.length} lines, a space among them: with the blank that makes ${classes - 1}. A line is missing. Is it the key file of this model?`,
    );
  }
  if (spare === 1 || spare === 2) {
    const symbols = spare === 2 ? [...keys, ' '] : keys;
    return options.blank === 'first'
      ? { symbols: ['', ...symbols], blank: 0 }
      : { symbols: [...symbols, ''], blank: symbols.length };
  }
  throw new UserError(
    'accuracy.keys',
    `The model has ${classes} classes, but \`keys\` ${keys.length} lines: there must be one line per class but the blank (or with a line \`<blank>\` for it), ` +
      'and where the space has a class without a line, it is the last. Is it the key file of this model?',
  );
}

/** What is said of a key file. warn: it speaks for another file. info: it is no more than possible. */
export interface KeyFileNote {
  level: 'info' | 'warn';
  message: string;
}

/**
 * What a key file looks like against the model's classes, where it may be another than it should: a line too few is taken for a space without one, and a
 * line too many for that of a space that the model hasn't. null: nothing is odd.
 */
export function oddKeys(
  keys: readonly string[],
  classes: number,
  { blank }: { blank: 'first' | 'last' },
): KeyFileNote | null {
  const twice = keys.find((key, line) => !BLANK_LINES.has(key) && keys.indexOf(key) < line);
  const lines = `\`keys\` has ${keys.length} lines, the model ${classes} classes`;
  const warn = (message: string): KeyFileNote => ({ level: 'warn', message: `${lines}: ${message}` });
  const info = (message: string): KeyFileNote => ({ level: 'info', message: `${lines}: ${message}` });
  if (twice !== undefined)
    return warn(
      `the symbol '${twice}' stands on line ${keys.indexOf(twice) + 1} and on line ${keys.lastIndexOf(twice) + 1}. If one of them is too many, all symbols behind it are wrong.`,
    );
  const empty = keys.indexOf('');
  if (empty >= 0 && classes > keys.length)
    return warn(`line ${empty + 1} is empty, so that its class reads as nothing.`);
  if (
    classes === keys.length &&
    blank === 'first' &&
    keys.findIndex((key) => BLANK_LINES.has(key)) === keys.length - 1
  )
    return keys.at(-1) !== ''
      ? null
      : warn(
          'the last line is empty and taken for the blank, as the last class. If the file merely ends with an empty line, remove that: the blank is then the first class.',
        );
  if (classes - keys.length === 2)
    return info(
      'the two others are the blank, and a space at the end. If the model has no class for the space, a line is missing.',
    );
  if (classes - keys.length === 1 && !keys.includes(' '))
    return info(
      'the other is the blank, and no class is the space. If the model has one for it (as its last), `keys` has a line too many.',
    );
  return null;
}

/** Wrong symbols of the next or the last line that speak for a shift, at least. */
const FEWEST_SHIFTED = 5;

/**
 * Where most symbols that are read wrong should be those of the next line (or of the one before): a line too many (too few) shifts all that are behind it.
 * @param texts of each image as it should be read, and as it was. null: nothing speaks for it.
 */
export function shiftedLines(
  texts: readonly { wanted: string; read: string }[],
  keys: readonly string[],
): string | null {
  const lineOf = new Map(keys.map((key, line) => [key, line + 1]));
  const [right, wrong, next, before] = [new Set<number>(), [] as number[], [] as number[], [] as number[]];
  for (const { wanted, read } of texts) {
    const [should, is] = [Array.from(wanted.trim()), Array.from(read.trim())];
    if (should.length !== is.length) continue;
    should.forEach((symbol, at) => {
      const [to, from] = [lineOf.get(symbol), lineOf.get(is[at]!)];
      if (from === undefined) return;
      if (to === from) right.add(from);
      else {
        wrong.push(from);
        if (to === from + 1) next.push(from);
        if (to === from - 1) before.push(from);
      }
    });
  }
  const isMost = (lines: readonly number[]) =>
    lines.length >= FEWEST_SHIFTED && lines.length * 2 > wrong.length;
  const shifted = isMost(next) ? next : isMost(before) ? before : null;
  if (shifted === null) return null;
  const first = Math.min(...shifted);
  const last = Math.max(0, ...[...right].filter((line) => line < first));
  const where = last === 0 ? `up to line ${first}` : `between line ${last} and line ${first}`;
  const [neighbour, fault] = shifted === next ? ['next', 'is one too many'] : ['previous', 'is missing'];
  return `${shifted.length} of ${wrong.length} symbols that are read wrong should be that of the ${neighbour} line of \`keys\`: a line ${fault}, ${where}.`;
}

/** Symbols named. */
const NAMED = 5;

/**
 * What to tell of texts with symbols that no class stands for: a file with a line too many has no class left for the space, though its number of lines
 * looks right. null: every symbol has one.
 */
export function unreadableTexts(texts: readonly string[], symbols: readonly string[]): string | null {
  const known = new Set(symbols.flatMap((symbol) => Array.from(symbol)));
  const missing = new Map<string, number>();
  let count = 0;
  for (const text of texts) {
    const unknown = new Set(Array.from(text.trim()).filter((symbol) => !known.has(symbol)));
    if (unknown.size > 0) count++;
    for (const symbol of unknown) missing.set(symbol, (missing.get(symbol) ?? 0) + 1);
  }
  if (count === 0) return null;
  const order = [...missing].sort((a, b) => b[1] - a[1]).map(([symbol]) => `'${symbol}'`);
  const named = `${order.slice(0, NAMED).join(', ')}${order.length > NAMED ? ', …' : ''}`;
  const space = missing.has(' ')
    ? ' If the model has a class for the space, `keys` has a line too many, or none for it.'
    : '';
  return `${count} of ${texts.length} texts hold symbols that no line of \`keys\` stands for (${named}): they can't be read right.${space}`;
}
