/** COCO's JSON: `images`, `annotations` with boxes, `categories`. */
import type { DataConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { shownPath } from '../../system/files/shown-path.js';
import { readJson } from '../../system/files/text-file.js';
import type { Box } from '../samples/annotation.js';
import type { Binding } from '../samples/binding.js';
import { classNamesIfAny } from '../samples/model-classes.js';
import type { Size } from '../samples/placement.js';
import type { Source } from '../samples/source.js';
import { modelsOwn, numberedClasses } from './class-indices.js';
import { annotatedImagesSource } from './named-images.js';
import { OutsideBoxes, SLACK_PIXELS } from './outside-boxes.js';

/** Categories named in a warning. */
const NAMED = 3;

interface CocoImage {
  id: number | string;
  file_name: string;
  width?: number;
  height?: number;
}

interface CocoAnnotation {
  image_id: number | string;
  category_id: number;
  bbox: [number, number, number, number];
  area?: number;
  iscrowd?: number;
}

interface CocoCategory {
  id: number;
  name?: string;
}

interface CocoFile {
  images: CocoImage[];
  annotations: CocoAnnotation[];
  categories: CocoCategory[];
}

/**
 * Classes are the categories, counted in the order of their ids, unless `class-names` lists their names or `class-order` says otherwise (`index`: the ids
 * themselves); where the model's config.json names all of them, by it. Throws UserError for what doesn't fit together.
 */
export async function cocoSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { path } = data;
  const file = await readCoco(path);
  const { indices, classes } = await categoryIndices(file.categories, data);
  const outside = new OutsideBoxes();
  const boxes = boxesByImage(file, { indices, path, outside });
  const sizes = new Map(
    file.images.flatMap(({ file_name, width, height }): [string, Size][] =>
      width && height ? [[file_name, { width, height }]] : [],
    ),
  );
  const names = file.categories.flatMap(({ id, name }): [string, number][] =>
    hasName({ name }) ? [[name!, indices.get(id)!]] : [],
  );
  const orders = new Map(
    file.images
      .map(({ id }) => id)
      .sort(byId)
      .map((id, order) => [id, order]),
  );
  return await annotatedImagesSource(data, bindings, {
    format: 'coco',
    images: file.images.map(({ id, file_name }) => ({
      file: file_name,
      annotation: () => ({ kind: 'boxes', boxes: boxes.get(id) ?? [], order: orders.get(id)! }),
    })),
    classes,
    classIndices: new Map(names),
    sizeOf: (name) => sizes.get(name) ?? null,
    warnings: [...outside.warnings(path), ...nameless(file.categories, path)],
  });
}

/** As pycocotools sorts them. */
function byId(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function readCoco(path: string): Promise<CocoFile> {
  const file = (await readJson(path)) as Partial<CocoFile> | null;
  for (const key of ['images', 'annotations', 'categories'] as const) {
    const list: unknown = file?.[key];
    if (!Array.isArray(list))
      throw new UserError(
        'data.wrong-format',
        `${path} is no COCO file with annotations: it has no list '${key}'.`,
      );
    const odd = list.findIndex((entry) => typeof entry !== 'object' || entry === null);
    if (odd >= 0) throw new UserError('data.record', `${path}: ${key}[${odd}] is no object.`);
  }
  const nameless = file!.images!.findIndex(({ file_name }) => typeof file_name !== 'string');
  if (nameless >= 0) throw new UserError('data.record', `${path}: images[${nameless}] has no 'file_name'.`);
  assertOwnIds(file!.images!, { path, list: 'images', kind: 'image', nameOf: ({ file_name }) => file_name });
  assertOwnIds(file!.categories!, { path, list: 'categories', kind: 'category', nameOf: ({ name }) => name });
  return file as CocoFile;
}

interface Entries<T> {
  path: string;
  list: string;
  kind: string;
  nameOf(entry: T): string | undefined;
}

/** Throws UserError for an id that two entries share: whatever refers to it would mean either. */
function assertOwnIds<T extends { id: unknown }>(
  entries: readonly T[],
  { path, list, kind, nameOf }: Entries<T>,
): void {
  const ids = new Set<unknown>();
  entries.forEach((entry, at) => {
    if (ids.has(entry.id))
      throw new UserError(
        'data.record',
        `${path}: ${list}[${at}] (${nameOf(entry) ?? 'without a name'}) has the id ${entry.id} of another ${kind}.`,
      );
    ids.add(entry.id);
  });
}

interface Categories {
  /** Class index by category id. */
  indices: ReadonlyMap<number, number>;
  classes: number;
}

async function categoryIndices(categories: readonly CocoCategory[], data: DataConfig): Promise<Categories> {
  const { path, classOrder, classNames: list } = data;
  const ids = categories.map(({ id }) => id).sort((a, b) => a - b);
  const names = categories.flatMap(({ name }) => (hasName({ name }) ? [name!] : []));
  const complete = names.length === categories.length;
  if (list === null && classOrder === 'index') return counted(new Map(ids.map((id) => [id, id])));
  if (list === null && classOrder === null) {
    const model = complete ? await classNamesIfAny(data) : null;
    const own = model && modelsOwn(names, model.names);
    if (model && own instanceof Map)
      return counted(new Map(categories.map(({ id, name }) => [id, own.get(name!)!])), model.names.length);
    return counted(new Map(ids.map((id, index) => [id, index])));
  }
  if (!complete) {
    throw new UserError(
      'data.record',
      `${path}: the category ${categories.find((one) => !hasName(one))!.id} has no name; \`class-names\` and \`class-order: ${classOrder ?? 'name'}\` need one.`,
    );
  }
  const { indices, classes } = await numberedClasses(
    names,
    { ...data, classOrder: classOrder ?? 'name' },
    'categories',
  );
  return { indices: new Map(categories.map(({ id, name }) => [id, indices.get(name!)!])), classes };
}

function counted(indices: ReadonlyMap<number, number>, least = 0): Categories {
  return { indices, classes: Math.max(least, Math.max(-1, ...indices.values()) + 1) };
}

function hasName({ name }: Pick<CocoCategory, 'name'>): boolean {
  return typeof name === 'string' && name.trim() !== '';
}

/** Categories that a report can't call by a name. */
function nameless(categories: readonly CocoCategory[], path: string): string[] {
  const without = categories.filter((category) => !hasName(category)).map(({ id }) => id);
  if (without.length === 0) return [];
  const named = `${without.slice(0, NAMED).join(', ')}${without.length > NAMED ? ', …' : ''}`;
  return [
    `${without.length} of ${categories.length} categories of ${shownPath(path)} have no name (id ${named}): their classes go by their numbers.`,
  ];
}

interface Place {
  indices: ReadonlyMap<number, number>;
  path: string;
  outside: OutsideBoxes;
}

function boxesByImage(
  { images, annotations }: CocoFile,
  { indices, path, outside }: Place,
): Map<CocoImage['id'], Box[]> {
  const byId = new Map(images.map((image) => [image.id, image]));
  const boxes = new Map<CocoImage['id'], Box[]>();
  annotations.forEach(({ image_id, category_id, bbox, area, iscrowd }, at) => {
    const problem = (what: string) => new UserError('data.record', `${path}: annotations[${at}] ${what}.`);
    const image = byId.get(image_id);
    if (!image) throw problem(`belongs to image ${image_id}, which 'images' doesn't have`);
    const index = indices.get(category_id);
    if (index === undefined) throw problem(`is of category ${category_id}, which 'categories' doesn't have`);
    if (!Array.isArray(bbox) || bbox.length !== 4 || !bbox.every(Number.isFinite)) {
      throw problem("has no 'bbox' of four numbers (left, top, width, height)");
    }
    const [left, top, width, height] = bbox;
    if (width < 0 || height < 0) {
      throw problem(
        `has a 'bbox' of ${width} × ${height}: it holds left, top, width and height, not corners`,
      );
    }
    const box: Box = {
      class: index,
      corners: [left, top, left + width, top + height],
      ...(typeof area === 'number' ? { area } : {}),
      crowd: iscrowd === 1,
    };
    outside.add(image.file_name, reachesOut(box, image));
    const own = boxes.get(image_id);
    if (own) own.push(box);
    else boxes.set(image_id, [box]);
  });
  return boxes;
}

function reachesOut({ corners: [left, top, right, bottom] }: Box, { width, height }: CocoImage): boolean {
  return (
    left < -SLACK_PIXELS ||
    top < -SLACK_PIXELS ||
    (width !== undefined && right > width + SLACK_PIXELS) ||
    (height !== undefined && bottom > height + SLACK_PIXELS)
  );
}
