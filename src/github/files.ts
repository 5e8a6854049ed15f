/** A report's files: JSON first, so that whatever happens later it is not lost. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderHtml } from '../report/html.js';
import { renderMarkdown } from '../report/markdown.js';
import type { Report } from '../report/report.js';
import type { ReportFiles } from './pipeline.js';

/** Writes quantgate-report.{json,md,html} into `directory`, each to a temporary name first. */
export async function writeReportFiles(report: Report, directory: string): Promise<ReportFiles> {
  await mkdir(directory, { recursive: true });
  const write = async (extension: string, content: string) => {
    const path = join(directory, `quantgate-report.${extension}`);
    await writeFile(`${path}.tmp`, content);
    await rename(`${path}.tmp`, path);
    return path;
  };
  return {
    json: await write('json', `${JSON.stringify(report, null, 2)}\n`),
    markdown: await write('md', renderMarkdown(report)),
    html: await write('html', renderHtml(report)),
    badges: null,
    models: null,
  };
}
