/** Puts a report on disk: every file complete or absent. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf, UserError } from './errors.js';
import { renderBadges } from './report/badge.js';
import { renderHtml } from './report/html/html.js';
import { renderJUnit } from './report/junit.js';
import { renderMarkdown } from './report/markdown/markdown.js';
import { validateReport } from './report/schema.js';
import { partialName } from './system/partial-file.js';
import type { Report } from './terms/report.js';

/** Absolute paths of what a run leaves behind. */
export interface ReportFiles {
  json: string;
  markdown: string;
  html: string;
  junit: string;
  /** Directories. */
  badges: string;
  models: string;
}

export function reportFiles(out: string): ReportFiles {
  const at = (name: string) => join(resolve(out), name);
  return {
    json: at('quantgate-report.json'),
    markdown: at('quantgate-report.md'),
    html: at('quantgate-report.html'),
    junit: at('quantgate-report.junit.xml'),
    badges: at('badges'),
    models: at('models'),
  };
}

/** Validates the report against its schema, then writes it in every format. The JSON comes first: nothing is lost if a renderer fails. */
export function writeReport(report: Report, out: string): ReportFiles {
  const files = reportFiles(out);
  const plain = JSON.parse(JSON.stringify(report)) as unknown;
  const valid = validateReport(plain);
  writeTextFile(files.json, `${JSON.stringify(plain, null, 2)}\n`);
  writeTextFile(files.markdown, renderMarkdown(valid));
  writeTextFile(files.html, renderHtml(valid));
  writeTextFile(files.junit, renderJUnit(valid));
  for (const { name, endpoint, svg } of renderBadges(valid)) {
    writeTextFile(join(files.badges, `${name}.json`), `${JSON.stringify(endpoint, null, 2)}\n`);
    writeTextFile(join(files.badges, `${name}.svg`), svg);
  }
  return files;
}

/** Writes to a temporary file beside the target and renames. @throws UserError when the place can't be written. */
export function writeTextFile(path: string, text: string): void {
  const temporary = partialName(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw new UserError(`${path} can't be written: ${messageOf(error)}.`);
  }
}

/** Fails early, before work is done, when the output directory can't be written. */
export function assertWritable(directory: string): void {
  const probe = partialName(join(directory, '.quantgate'));
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new UserError(
      `The output directory ${directory} can't be written: ${messageOf(error)}. Choose another with --out.`,
    );
  }
}
