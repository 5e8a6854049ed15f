/** A note where nothing else says which file it is about. */
import type { Note } from './measurement.js';

/** `int8: Judged in half arithmetic: …` */
export function noteSentence({ variant, message }: Pick<Note, 'variant' | 'message'>): string {
  return variant === null ? message : `${variant}: ${message}`;
}
