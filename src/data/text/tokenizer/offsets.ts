/** Where each token lies in the text it was made of. */

/** A byte of the normalized text, and the characters (UTF-16 code units) that it came from. */
interface Unit {
  byte: number;
  start: number;
  end: number;
}

export interface TokenSurfaces {
  /** The text as the tokenizer normalizes it. */
  normalize(text: string): string;
  /** UTF-8 bytes of what a token stands for; null: unknown. White space needn't be there. */
  surface(token: string): Uint8Array | null;
}

const UTF8 = new TextEncoder();
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d]);

/**
 * Start and end of each token, two numbers each. The text is normalized by characters as readers see them (grapheme clusters), and the tokens are found in it
 * one after the other, white space aside. A token of unknown surface lies between its neighbours; several in a row share the words there are.
 */
export function tokenOffsets(
  text: string,
  tokens: readonly string[],
  { normalize, surface }: TokenSurfaces,
): Int32Array {
  const units = unitsOf(text, normalize);
  const offsets = new Int32Array(tokens.length * 2);
  const place = (token: number, from: number, to: number) => {
    const start = from < to ? units[from]!.start : (units[from]?.start ?? text.length);
    offsets[token * 2] = start;
    offsets[token * 2 + 1] = from < to ? units[to - 1]!.end : start;
  };
  let cursor = 0;
  let unknown: number[] = [];
  const settle = (end: number) => {
    const spans = shared(units, { from: cursor, to: end }, unknown.length);
    unknown.forEach((token, at) => {
      place(token, ...spans[at]!);
    });
    unknown = [];
  };
  tokens.forEach((token, index) => {
    const bytes = surface(token)?.filter((byte) => !SPACES.has(byte)) ?? null;
    if (bytes === null) {
      unknown.push(index);
      return;
    }
    const found = bytes.length === 0 ? cursor : find(units, bytes, cursor);
    if (found < 0) {
      place(index, cursor, cursor);
      return;
    }
    if (unknown.length > 0) settle(found);
    place(index, found, found + bytes.length);
    cursor = found + bytes.length;
  });
  if (unknown.length > 0) settle(units.length);
  return offsets;
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function unitsOf(text: string, normalize: TokenSurfaces['normalize']): Unit[] {
  const units: Unit[] = [];
  const add = (part: string, normalized: string, start: number) => {
    for (const byte of UTF8.encode(normalized.replaceAll('▁', ' '))) {
      if (!SPACES.has(byte)) units.push({ byte, start, end: start + part.length });
    }
  };
  for (const { segment, index } of GRAPHEMES.segment(text)) {
    const normalized = normalize(segment);
    if (normalized !== segment) {
      add(segment, normalized, index);
      continue;
    }
    let start = index;
    for (const character of segment) {
      add(character, character, start);
      start += character.length;
    }
  }
  return units;
}

function find(units: readonly Unit[], bytes: Uint8Array, from: number): number {
  for (let start = from; start + bytes.length <= units.length; start++) {
    let at = 0;
    while (at < bytes.length && units[start + at]!.byte === bytes[at]) at++;
    if (at === bytes.length) return start;
  }
  return -1;
}

/** The range divided among `count` tokens: by words where there are as many or more, the last token taking the rest. */
function shared(
  units: readonly Unit[],
  { from, to }: { from: number; to: number },
  count: number,
): [number, number][] {
  const starts = [from];
  for (let at = from + 1; at < to; at++) if (units[at]!.start > units[at - 1]!.end) starts.push(at);
  return Array.from({ length: count }, (_, at): [number, number] => {
    if (at >= starts.length) return [to, to];
    return [starts[at]!, at === count - 1 ? to : (starts[at + 1] ?? to)];
  });
}
