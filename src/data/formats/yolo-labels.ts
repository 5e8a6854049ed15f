/** YOLO's labels: a text file beside each image's name, one object per line: class, centre and size as shares of the image. */
import { readdir } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { DataConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { listedFile } from '../../system/files/listed-file.js';
import { readText } from '../../system/files/text-file.js';
import { IMAGE_EXTENSIONS } from '../images/images.js';
import type { Box } from '../samples/annotation.js';
import type { Binding } from '../samples/binding.js';
import type { Size } from '../samples/placement.js';
import type { Source } from '../samples/source.js';
import { annotatedImagesSource, imagesFolder } from './named-images.js';
import { OutsideBoxes } from './outside-boxes.js';

/** Files that tools put beside the labels. */
const NO_LABELS = new Set(['classes.txt', 'notes.txt', 'readme.txt']);
/** Rounding of shares. */
const SLACK = 0.005;
const PER_BOX = 5;

/** Left, top, right, bottom as shares of the image. */
interface ShareBox {
  class: number;
  corners: readonly [number, number, number, number];
}

/**
 * Every image in `images` is a sample; one without a label file holds no objects. Lines with more than four coordinates are outlines, whose box is
 * taken. Throws UserError for lines that are neither, and for labels without an image as `annotatedImagesSource` does.
 */
export async function yoloSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { path } = data;
  const folder = imagesFolder(data, 'yolo');
  const images = (await filesBelow(folder)).filter((file) =>
    IMAGE_EXTENSIONS.has(extname(file).toLowerCase()),
  );
  const labels = (await filesBelow(path)).filter((file) => isLabelFile(file));
  const byStem = imagesByStem(images, labels, folder);
  const outside = new OutsideBoxes();
  const boxes = new Map<string, ShareBox[]>();
  for (const file of labels) {
    const own = parseLabels(await readText(await listedFile(path, file)), join(path, file));
    for (const { corners } of own)
      outside.add(
        file,
        corners.some((share) => share < -SLACK || share > 1 + SLACK),
      );
    boxes.set(byStem.get(stem(file)) ?? `${stem(file)}.*`, own);
  }
  const list = data.classNames;
  const classes = 1 + [...boxes.values()].flat().reduce((most, box) => Math.max(most, box.class), -1);
  assertNamed(classes, list, path);
  const named = [...new Set([...images, ...boxes.keys()])].sort();
  return await annotatedImagesSource(data, bindings, {
    format: 'yolo',
    images: named.map((file, order) => ({
      file,
      annotation: (size) => ({
        kind: 'boxes',
        boxes: (boxes.get(file) ?? []).map((box) => inPixels(box, size)),
        order,
      }),
    })),
    classes: Math.max(classes, list?.length ?? 0),
    ...(list === null ? {} : { classIndices: new Map(list.map((name, index) => [name, index])) }),
    warnings: outside.warnings(path),
  });
}

/** The image of each label file. Throws UserError for two images that share one. */
function imagesByStem(
  images: readonly string[],
  labels: readonly string[],
  folder: string,
): Map<string, string> {
  const labelled = new Set(labels.map(stem));
  const byStem = new Map<string, string>();
  for (const file of images) {
    const other = byStem.get(stem(file));
    if (other !== undefined && labelled.has(stem(file)))
      throw new UserError(
        'data.ambiguous',
        `${folder} holds ${other} and ${file}, which share the labels ${stem(file)}.txt: rename or remove one of them.`,
      );
    byStem.set(stem(file), file);
  }
  return byStem;
}

function isLabelFile(file: string): boolean {
  return file.toLowerCase().endsWith('.txt') && !NO_LABELS.has(file.split('/').at(-1)!.toLowerCase());
}

/** Relative to the folder, with forward slashes, sorted. */
async function filesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => {
    throw new UserError('data.not-found', `${folder} is no folder that can be read.`);
  });
  return names.map((name) => name.split(sep).join('/')).sort();
}

function stem(file: string): string {
  return file.slice(0, file.length - extname(file).length);
}

function parseLabels(text: string, file: string): ShareBox[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, at) => (line.trim() === '' ? [] : parseLine(line, `${file}:${at + 1}`)));
}

function parseLine(line: string, where: string): ShareBox {
  const numbers = line.trim().split(/\s+/).map(Number);
  const [index = Number.NaN, ...rest] = numbers;
  const outline = numbers.length > PER_BOX && rest.length % 2 === 0 && rest.length >= 6;
  if (
    !numbers.every(Number.isFinite) ||
    !Number.isInteger(index) ||
    index < 0 ||
    (!outline && (rest[2]! < 0 || rest[3]! < 0)) ||
    (numbers.length !== PER_BOX && !outline)
  ) {
    throw new UserError(
      'data.record',
      `${where}: expected a class number and four shares of the image (centre x, y, width, height); found '${line.trim()}'.`,
    );
  }
  if (outline) {
    const xs = rest.filter((_, axis) => axis % 2 === 0);
    const ys = rest.filter((_, axis) => axis % 2 === 1);
    return { class: index, corners: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] };
  }
  const [x, y, width, height] = rest as [number, number, number, number];
  return { class: index, corners: [x - width / 2, y - height / 2, x + width / 2, y + height / 2] };
}

function inPixels(
  { class: index, corners: [left, top, right, bottom] }: ShareBox,
  { width, height }: Size,
): Box {
  return { class: index, corners: [left * width, top * height, right * width, bottom * height] };
}

function assertNamed(classes: number, list: readonly string[] | null, path: string): void {
  if (list === null || classes <= list.length) return;
  throw new UserError(
    'data.unknown-class',
    `${path} holds class ${classes - 1}, but \`class-names\` lists ${list.length}, 0 … ${list.length - 1}.`,
  );
}
