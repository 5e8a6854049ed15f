/** quantgate badge: endpoint JSON and SVG badges from a report, and the Markdown to show them. */
import { join, relative } from 'node:path';
import { EXIT, UserError } from '../../errors.js';
import { readReport } from '../../library/read-report.js';
import { renderBadges } from '../../report/badges/badge.js';
import { badgeSnippets } from '../../report/badges/snippets.js';
import { httpUrl } from '../../report/words/escape.js';
import { writeTextFile } from '../../report-files.js';
import type { CliContext } from '../context/context.js';
import { assertSpares } from './spared-sources.js';

export async function badgeCommand(
  context: CliContext,
  file: string,
  options: { out: string; link?: string },
): Promise<number> {
  const link = httpUrl(options.link);
  if (options.link !== undefined && link === null)
    throw new UserError(
      'usage.invalid-value',
      `--link is '${options.link}', which is not an http(s) address.`,
    );
  const badges = renderBadges(readReport(file), { link });
  for (const { name } of badges) assertSpares([file], join(options.out, `${name}.json`));
  for (const { name, endpoint, svg } of badges) {
    writeTextFile(join(options.out, `${name}.json`), `${JSON.stringify(endpoint, null, 2)}\n`);
    writeTextFile(join(options.out, `${name}.svg`), svg);
  }
  const base = relative(process.cwd(), options.out) || '.';
  const markdown = badgeSnippets(badges, { base, link });
  const snippets = badges.map(({ name }, index) => ({ name, markdown: markdown[index]! }));
  context.print(snippets, () => markdown.join('\n'));
  return EXIT.pass;
}
