/** What a run leaves behind stays out of the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ENTRY = 'quantgate-out/';

/** The text of .gitignore with quantgate's output in it; null: it is in it. */
export function ignoreText(root: string): string | null {
  const file = join(root, '.gitignore');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (text.split(/\r?\n/).some((line) => /^\/?quantgate-out\/?$/.test(line.trim()))) return null;
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  return `${text}${end}${ENTRY}\n`;
}
