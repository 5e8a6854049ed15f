/** Reports are checked before they are written and before they are read: one from a fork's job is anybody's text. */
import type { ErrorObject } from 'ajv';
import { UserError } from '../errors.js';
import { overallVerdict } from '../judge/judge.js';
import type { Report } from '../terms/report.js';
import type { OverallVerdict } from '../terms/verdict.js';
import { THUMBNAIL_PIXELS } from '../terms/worst-sample.js';
import { schemaValidator } from './schema-validator.js';
import { readThumbnail } from './thumbnail.js';
import { plainText } from './words/escape.js';

/** A reader should refuse larger files before it parses them. */
export const MAX_REPORT_BYTES = 64 * 1024 * 1024;
/** Nesting of free-form objects (provenance, details). Deeper ones overflow recursive readers, JSON.stringify among them. */
const MAX_DEPTH = 64;

/**
 * The value as a Report. Unknown fields are tolerated, because reports only grow, and never rendered. Throws UserError with the
 * JSON pointer of the first thing that is wrong.
 */
export function validateReport(value: unknown): Report {
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version !== 1) {
    const remedy =
      version > 1
        ? 'Use the quantgate version that wrote it'
        : 'Write it again with quantgate run, or use the version that wrote it';
    throw new UserError(
      'report.other-version',
      `The report has schemaVersion ${version}; this quantgate reads version 1. ${remedy}.`,
    );
  }
  assertDepth(value);
  const check = schemaValidator();
  if (!check(value)) throw new UserError('report.invalid', describe(check.errors![0]!));
  const problem = inconsistency(value);
  if (problem !== null) throw new UserError('report.invalid', `Not a valid quantgate report: ${problem}.`);
  return value;
}

function describe(error: ErrorObject): string {
  const place = error.instancePath === '' ? 'the report' : plainText(error.instancePath, 200);
  const allowed =
    'allowedValues' in error.params ? `: ${(error.params.allowedValues as unknown[]).join(', ')}` : '';
  const found = error.keyword === 'required' ? '' : `; found ${foundText(error.data)}`;
  return `Not a valid quantgate report: ${place} ${error.message ?? 'is wrong'}${allowed}${found}. Write it again with quantgate run.`;
}

function foundText(data: unknown): string {
  if (Array.isArray(data)) return `a list of ${data.length}`;
  if (typeof data === 'object' && data !== null) return 'an object';
  return plainText(typeof data === 'string' ? `'${data}'` : String(data), 60);
}

/** Walks without recursion: the depth is what is in doubt. */
function assertDepth(value: unknown): void {
  let layer: object[] = isObject(value) ? [value] : [];
  for (let depth = 0; layer.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new UserError(
        'report.invalid',
        `Not a valid quantgate report: nested more than ${MAX_DEPTH} levels deep.`,
      );
    }
    layer = layer.flatMap((object) => Object.values(object).filter(isObject));
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const SEVERITY: Readonly<Record<OverallVerdict, number>> = { pass: 0, warn: 1, fail: 2 };

/** What a schema can't say: names are unique, what was measured belongs to a model, and the verdict isn't better than the checks. */
function inconsistency(report: Report): string | null {
  const models = new Set<string>();
  for (const [index, model] of report.models.entries()) {
    if (models.has(model.name)) return `/models/${index}/name repeats '${plainText(model.name, 60)}'`;
    models.add(model.name);
    // Providers of several kinds make one file for each, under one name.
    const variants = new Set(model.variants.map(({ name, target }) => JSON.stringify([name, target])));
    if (variants.size < model.variants.length) return `/models/${index}/variants repeats a name and target`;
  }
  for (const [index, { samples = [] }] of report.models.entries()) {
    const bad = samples.findIndex(
      ({ thumbnail }) => thumbnail !== undefined && readThumbnail(thumbnail) === null,
    );
    if (bad >= 0)
      return `/models/${index}/samples/${bad}/thumbnail is no JPEG file of at most ${THUMBNAIL_PIXELS} pixels without anything else`;
  }
  const stray = report.measurements.findIndex((item) => !models.has(item.model));
  if (stray >= 0) {
    return `/measurements/${stray}/model '${plainText(report.measurements[stray]!.model, 60)}' is not among the models`;
  }
  const judged = overallVerdict(report.checks);
  if (SEVERITY[report.verdict] < SEVERITY[judged]) {
    return `/verdict '${report.verdict}' is better than its checks, which give '${judged}'`;
  }
  return null;
}
