/** Puts a report on disk: every file complete or absent. */
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { messageOf, writeError } from './errors.js';
import { renderBadges } from './report/badges/badge.js';
import { type HtmlOptions, renderHtml } from './report/html/html.js';
import { renderJUnit } from './report/junit.js';
import { renderMarkdown } from './report/markdown/markdown.js';
import { validateReport } from './report/schema.js';
import { sha256OfFile } from './system/files/file-hash.js';
import { makeFolder } from './system/files/make-folder.js';
import { partialName } from './system/files/partial-file.js';
import { ORIGINAL } from './terms/measurement.js';
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
export function writeReport(report: Report, out: string, page: HtmlOptions = {}): ReportFiles {
  const files = reportFiles(out);
  const plain = JSON.parse(JSON.stringify(report)) as unknown;
  const valid = validateReport(plain);
  writeTextFile(files.json, `${JSON.stringify(plain, null, 2)}\n`);
  writeTextFile(files.markdown, renderMarkdown(valid));
  writeTextFile(files.html, renderHtml(valid, page));
  writeTextFile(files.junit, renderJUnit(valid));
  for (const { name, endpoint, svg } of renderBadges(valid)) {
    writeTextFile(join(files.badges, `${name}.json`), `${JSON.stringify(endpoint, null, 2)}\n`);
    writeTextFile(join(files.badges, `${name}.svg`), svg);
  }
  return files;
}

/**
 * Models that the last report in this folder says it made: what `removeLeftovers` may take away. Empty without a readable report. Read it before the
 * new report takes its place.
 */
export function modelsOfLastRun(out: string): MadeModel[] {
  let report: Report;
  try {
    report = validateReport(JSON.parse(readFileSync(reportFiles(out).json, 'utf8')));
  } catch {
    return [];
  }
  return madeModels(report);
}

interface MadeModel {
  /** Relative to the output directory. */
  file: string;
  sha256: string;
}

function madeModels({ models }: Report): MadeModel[] {
  return models.flatMap(({ variants }) =>
    variants.flatMap(({ file, sha256, method }) =>
      file !== null && sha256 !== null && method !== 'file' && method !== ORIGINAL ? [{ file, sha256 }] : [],
    ),
  );
}

/** Removes the models of the last run that the new report doesn't have. Only files that are still what was made: the folder may hold others. */
export async function removeLeftovers(
  out: string,
  last: readonly MadeModel[],
  report: Report,
): Promise<void> {
  const kept = new Set(madeModels(report).map(({ file }) => file));
  const { models } = reportFiles(out);
  for (const { file, sha256 } of last) {
    const path = resolve(out, file);
    if (kept.has(file) || relative(models, path).startsWith('..')) continue;
    if (!lstatSync(path, { throwIfNoEntry: false })?.isFile() || (await sha256OfFile(path)) !== sha256)
      continue;
    for (const one of [path, `${path}.data`, `${path}_data`]) rmSync(one, { force: true });
    for (
      let folder = dirname(path);
      folder !== models && readdirSync(folder).length === 0;
      folder = dirname(folder)
    )
      rmdirSync(folder);
  }
}

/** Writes to a temporary file beside the target and renames. @throws UserError when the place can't be written, MachineError when the system doesn't let us. */
export function writeTextFile(path: string, text: string): void {
  const temporary = partialName(path);
  try {
    makeFolder(dirname(path));
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw writeError(`${path} can't be written: ${messageOf(error)}.`, error);
  }
}

/** Fails early, before work is done, when the output directory can't be written. */
export function assertWritable(directory: string): void {
  const probe = partialName(join(directory, '.quantgate'));
  try {
    makeFolder(directory);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw writeError(
      `The output directory ${directory} can't be written: ${messageOf(error)}. Choose another with --out, or remove the one that is there (a container's root may own it).`,
      error,
    );
  }
}
