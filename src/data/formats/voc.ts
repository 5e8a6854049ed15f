/** Pascal VOC's XML: one file per image, `object`s with a `name` and a `bndbox`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import type { DataConfig } from '../../config/data-config.js';
import { messageOf, UserError } from '../../errors.js';
import { listedFile } from '../../system/files/listed-file.js';
import type { Box } from '../samples/annotation.js';
import type { Binding } from '../samples/binding.js';
import type { Size } from '../samples/placement.js';
import type { Source } from '../samples/source.js';
import { numberedClasses } from './class-indices.js';
import { annotatedImagesSource } from './named-images.js';
import { OutsideBoxes, SLACK_PIXELS } from './outside-boxes.js';

interface VocObject {
  name?: unknown;
  difficult?: unknown;
  bndbox?: Record<'xmin' | 'ymin' | 'xmax' | 'ymax', unknown>;
}

interface VocImage {
  file: string;
  /** As the annotation tells it; null: it doesn't. */
  size: Size | null;
  objects: (Omit<Box, 'class'> & { name: string })[];
}

/** Pixels are counted from 1, ends included: the left edge of pixel 1 is at 0. */
const FIRST_PIXEL = 1;

/** Classes are numbered by name (code units), as the 20 of Pascal VOC usually are, unless `class-names` or the model's config.json lists them. Throws UserError. */
export async function vocSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { path } = data;
  const files = (await readdir(path)).filter((name) => name.toLowerCase().endsWith('.xml')).sort();
  const outside = new OutsideBoxes();
  const images: VocImage[] = [];
  for (const file of files)
    images.push(parseImage(await readFile(await listedFile(path, file), 'utf8'), file, { path, outside }));
  const sizes = new Map(images.map(({ file, size }) => [file, size]));
  const names = [...new Set(images.flatMap(({ objects }) => objects.map(({ name }) => name)))];
  const { indices, classes, warnings: labelWarnings } = await numberedClasses(names, data, 'classes');
  return await annotatedImagesSource(data, bindings, {
    format: 'voc',
    images: images.map(({ file, objects }, order) => ({
      file,
      annotation: () => ({
        kind: 'boxes',
        boxes: objects.map(({ name, ...box }) => ({ ...box, class: indices.get(name)! })),
        order,
      }),
    })),
    classes,
    sizeOf: (name) => sizes.get(name) ?? null,
    classIndices: indices,
    warnings: outside.warnings(path),
    labelWarnings,
  });
}

function parseImage(
  text: string,
  file: string,
  { path, outside }: { path: string; outside: OutsideBoxes },
): VocImage {
  const where = join(path, file);
  const annotation = parseXml(text, where);
  const { filename, size, object } = annotation as {
    filename?: unknown;
    size?: { width?: unknown; height?: unknown };
    object?: VocObject[];
  };
  const name = typeof filename === 'string' && filename !== '' ? filename : file.replace(/\.xml$/i, '.jpg');
  const objects = (object ?? []).map((one, at) => parseObject(one, `${where}: object ${at + 1}`));
  const [width, height] = [Number(size?.width ?? 0), Number(size?.height ?? 0)];
  const told = width > 0 && height > 0 ? { width, height } : null;
  for (const { corners } of objects) outside.add(name, reachesOut(corners, told));
  return { file: name, size: told, objects };
}

function parseXml(text: string, where: string): Record<string, unknown> {
  let parsed: Record<string, unknown>;
  try {
    parsed = new XMLParser({ parseTagValue: false, isArray: (tag) => tag === 'object' }).parse(
      text,
      true,
    ) as Record<string, unknown>;
  } catch (error) {
    throw new UserError('data.malformed', `${where} is no XML: ${messageOf(error)}.`);
  }
  const { annotation } = parsed;
  if (typeof annotation === 'object' && annotation !== null) return annotation as Record<string, unknown>;
  throw new UserError(
    'data.wrong-format',
    `${where} is no Pascal VOC annotation: its root is not <annotation>.`,
  );
}

function parseObject({ name, difficult, bndbox }: VocObject, where: string): VocImage['objects'][number] {
  if (typeof name !== 'string' || name === '') throw new UserError('data.record', `${where} has no <name>.`);
  const [left, top, right, bottom] = (['xmin', 'ymin', 'xmax', 'ymax'] as const).map((side) =>
    Number(bndbox?.[side] ?? Number.NaN),
  );
  const corners = [left! - FIRST_PIXEL, top! - FIRST_PIXEL, right!, bottom!] as const;
  if (!corners.every(Number.isFinite)) {
    throw new UserError(
      'data.record',
      `${where} (${name}) has no <bndbox> with the numbers xmin, ymin, xmax and ymax.`,
    );
  }
  if (corners[2] < corners[0] || corners[3] < corners[1]) {
    throw new UserError(
      'data.record',
      `${where} (${name}) has a <bndbox> that ends before it begins: xmin ${left}, xmax ${right}, ymin ${top}, ymax ${bottom}.`,
    );
  }
  return { name, corners, difficult: difficult === '1' };
}

function reachesOut([left, top, right, bottom]: Box['corners'], size: Size | null): boolean {
  return (
    left < -SLACK_PIXELS ||
    top < -SLACK_PIXELS ||
    (size !== null && (right > size.width + SLACK_PIXELS || bottom > size.height + SLACK_PIXELS))
  );
}
