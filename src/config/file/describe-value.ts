/** Values in the words of error texts. */

const LONGEST = 60;

/** What a value is, as a person would say it: for error texts. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') {
    return `'${value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}'`;
  }
  return String(value);
}
