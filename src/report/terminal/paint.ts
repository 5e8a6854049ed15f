/** Colour in the terminal: it repeats what marks and words say. */
import type pc from 'picocolors';
import type { Tone } from '../words/verdict-words.js';

export type Colors = ReturnType<typeof pc.createColors>;
export type Paint = (text: string) => string;

export function tonePaint(colors: Colors, tone: Tone): Paint {
  return { good: colors.green, bad: colors.red, caution: colors.yellow, quiet: colors.dim }[tone];
}
