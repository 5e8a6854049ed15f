/** quantgate badge: endpoint JSON and SVG badges from a report, and the Markdown to show them. */
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { EXIT } from '../errors.js';
import { renderBadges } from '../report/badge.js';
import { writeTextFile } from '../report-files.js';
import type { CliContext } from './context.js';
import { readReport } from './read-report.js';

export async function badgeCommand(
  context: CliContext,
  file: string,
  options: { out: string },
): Promise<number> {
  const badges = renderBadges(readReport(file));
  mkdirSync(options.out, { recursive: true });
  for (const { name, endpoint, svg } of badges) {
    writeTextFile(join(options.out, `${name}.json`), `${JSON.stringify(endpoint, null, 2)}\n`);
    writeTextFile(join(options.out, `${name}.svg`), svg);
  }
  const path = (name: string) => join(relative(process.cwd(), options.out) || '.', `${name}.svg`);
  const snippets = badges.map(({ name }) => ({ name, markdown: `![${name}](${path(name)})` }));
  context.print(snippets, () => snippets.map(({ markdown }) => markdown).join('\n'));
  return EXIT.pass;
}
