/** How many tokens of one text, or of a pair, fit into a row. */

/**
 * Lengths that a pair is cut to: the longer text first, token by token; both to about half where both are longer than that. The rule of Hugging Face's
 * `longest_first`.
 */
export function longestFirst(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second];
  const shorter = Math.min(first, second);
  let [less, more] = [shorter, Math.max(shorter, room - shorter)];
  if (less + more > room) {
    less = Math.floor(room / 2);
    more = less + (room % 2);
  }
  return first > second ? [more, less] : [less, more];
}

/** Beginnings and ends of windows of `size` tokens that share `overlap` with the one before; the last one ends where the text does. */
export function windowsOf(length: number, size: number, overlap: number): [start: number, end: number][] {
  const windows: [number, number][] = [];
  for (let start = 0; ; start += size - overlap) {
    const end = Math.min(length, start + size);
    windows.push([start, end]);
    if (end === length) return windows;
  }
}
