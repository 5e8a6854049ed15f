/** Objects of the report in which anything may stand: what is known of them is told in words. */

/** Reads one or more keys of an object that is free-form. `text: null`: known, and nothing to tell. null: not what it knows. */
export type Reader = (object: Record<string, unknown>) => { keys: string[]; text: string | null } | null;

/** What `readers` know of an object, joined to one text, and the rest of it as it came. */
export function inWords(
  object: Record<string, unknown>,
  readers: readonly Reader[],
): { text: string | null; object: Record<string, unknown> } {
  const rest = { ...object };
  const texts: string[] = [];
  for (const read of readers) {
    const found = read(rest);
    if (found === null) continue;
    if (found.text !== null) texts.push(found.text);
    for (const key of found.keys) delete rest[key];
  }
  return { text: texts.length > 0 ? texts.join('; ') : null, object: rest };
}

export const isNumber = (value: unknown): value is number => typeof value === 'number';
