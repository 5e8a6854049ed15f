/** Boxes from COCO's JSON, YOLO's text files and Pascal VOC's XML, with images that must be where the configuration says. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DataConfig } from '../../src/config/data-config.js';
import { guessFormat } from '../../src/data/format.js';
import { openDataset } from '../../src/data/open.js';
import type { AnnotationOf } from '../../src/data/samples/annotation.js';
import type { Dataset } from '../../src/data/samples/dataset.js';
import { collect, dataConfig, input, meta, temporaryFolder } from './samples.js';

const folder = temporaryFolder();
const images = join(folder, 'images');
const outside = join(folder, 'secret.png');
const INPUTS = [meta('x', 'float32', ['n', 3, 16, 16])];

/** Width and height of the images. */
const SIZES = { 'a.png': [40, 20], 'b.png': [20, 40], 'sub/c.png': [16, 16] } as const;

beforeAll(async () => {
  mkdirSync(join(images, 'sub'), { recursive: true });
  const picture = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: 'black' } }).png();
  for (const [name, [width, height]] of Object.entries(SIZES))
    await picture(width, height).toFile(join(images, name));
  await picture(8, 8).toFile(outside);
  symlinkSync(outside, join(images, 'link.png'));
});

const letterbox = { size: [16, 16] as [number, number], fill: [114], align: 'center' as const };

function opened(
  path: string,
  changes: Partial<DataConfig> = {},
): Promise<Dataset & { warnings: readonly string[] }> {
  return openDataset(dataConfig(path, { images, inputs: { '': input({ letterbox }) }, ...changes }), INPUTS);
}

/** Boxes by image: class and corners. */
async function boxesOf(dataset: Dataset): Promise<Record<string, number[][]>> {
  const samples = await collect(dataset);
  return Object.fromEntries(
    samples
      .map(({ id, annotation }): [string, number[][]] => [
        id,
        (annotation as AnnotationOf<'boxes'>).boxes.map((box) => [box.class, ...box.corners]),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const COCO = {
  images: [
    { id: 7, file_name: 'a.png', width: 40, height: 20 },
    { id: 8, file_name: 'b.png', width: 20, height: 40 },
  ],
  categories: [
    { id: 18, name: 'dog' },
    { id: 3, name: 'person' },
  ],
  annotations: [
    { id: 1, image_id: 7, category_id: 18, bbox: [2, 4, 10, 6], area: 30, iscrowd: 0 },
    { id: 2, image_id: 7, category_id: 3, bbox: [0, 0, 40, 20], iscrowd: 1 },
  ],
};

function coco(changes: object = {}, name = 'instances.json'): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ ...COCO, ...changes }));
  return file;
}

describe('coco', () => {
  it('counts classes in the order of their ids, and keeps areas and crowds', async () => {
    const dataset = await opened(coco());
    expect(dataset.description).toMatch(/^coco .*instances\.json$/);
    expect([dataset.labelled, dataset.classes]).toEqual([true, 2]);
    expect(Object.fromEntries(dataset.classIndices!)).toEqual({ person: 0, dog: 1 });
    expect(await boxesOf(dataset)).toEqual({
      'a.png': [
        [1, 2, 4, 12, 10],
        [0, 0, 0, 40, 20],
      ],
      'b.png': [],
    });
    const [sample] = (await collect(dataset)).filter(({ id }) => id === 'a.png');
    expect((sample!.annotation as AnnotationOf<'boxes'>).boxes).toMatchObject([
      { area: 30, crowd: false },
      { crowd: true },
    ]);
    expect((sample!.annotation as AnnotationOf<'boxes'>).order).toBe(
      COCO.images
        .map(({ id }) => id)
        .sort((a, b) => a - b)
        .indexOf(7),
    );
    expect(sample!.placement).toMatchObject({ original: { width: 40, height: 20 }, top: 4 });
  });

  it('takes ids for indices, or the order of a list of names, when told so', async () => {
    expect((await opened(coco(), { classOrder: 'index' })).classes).toBe(19);
    const dataset = await opened(coco(), { classNames: ['dog', 'cat', 'person'] });
    expect((await boxesOf(dataset))['a.png']!.map(([index]) => index)).toEqual([0, 2]);
    await expect(opened(coco(), { classNames: ['dog', 'cat'] })).rejects.toThrow(
      /names the class 'person', which `class-names` doesn't list/,
    );
  });

  it.each([
    [
      'a list that is missing',
      { annotations: undefined },
      /is no COCO file with annotations: it has no list 'annotations'/,
    ],
    ['an image without a name', { images: [{ id: 1 }] }, /images\[0\] has no 'file_name'/],
    [
      'a category that is not listed',
      { annotations: [{ image_id: 7, category_id: 4, bbox: [0, 0, 1, 1] }] },
      /annotations\[0\] is of category 4, which 'categories' doesn't have/,
    ],
    [
      'an image that is not listed',
      { annotations: [{ image_id: 9, category_id: 3, bbox: [0, 0, 1, 1] }] },
      /belongs to image 9, which 'images' doesn't have/,
    ],
    ['an entry that is nothing', { annotations: [null] }, /annotations\[0\] is no object/],
    [
      'corners in the place of width and height',
      { annotations: [{ image_id: 7, category_id: 3, bbox: [20, 10, -5, 5] }] },
      /annotations\[0\] has a 'bbox' of -5 × 5: it holds left, top, width and height, not corners/,
    ],
    [
      'an id that two images share',
      {
        images: [
          { id: 7, file_name: 'a.png' },
          { id: 7, file_name: 'b.png' },
        ],
        annotations: [],
      },
      /images\[1\] \(b\.png\) has the id 7 of another image/,
    ],
    [
      'an id that two categories share',
      { categories: [...COCO.categories, { id: 3, name: 'cat' }] },
      /categories\[2\] \(cat\) has the id 3 of another category/,
    ],
    [
      'a box of three numbers',
      { annotations: [{ image_id: 7, category_id: 3, bbox: [0, 0, 1] }] },
      /no 'bbox' of four numbers/,
    ],
    [
      'boxes of another image',
      { annotations: [{ image_id: 7, category_id: 3, bbox: [0, 0, 400, 200] }] },
      /1 of 1 boxes .* reach out of their image, the first in a\.png\. Are they in pixels/,
    ],
  ])('refuses %s', async (_, changes, message) => {
    await expect(opened(coco(changes))).rejects.toThrow(message);
  });

  it('tells of few boxes that reach out of their image', async () => {
    const annotations = Array.from({ length: 20 }, (_, at) => ({
      image_id: 7,
      category_id: 3,
      bbox: [0, 0, at === 4 ? 50 : 5, 5],
    }));
    expect((await opened(coco({ annotations }))).warnings.join()).toMatch(/1 of 20 boxes .* reach out/);
  });

  it('asks for the folder of the images', async () => {
    await expect(opened(coco(), { images: null })).rejects.toThrow(
      /say which folder they are in: `images: FOLDER`/,
    );
  });

  it.each(['../secret.png', 'link.png', outside])(
    'refuses %s, which lies outside of the images, links resolved',
    async (file) => {
      await expect(opened(coco({ images: [...COCO.images, { id: 9, file_name: file }] }))).rejects.toThrow(
        /lies outside of `images`/,
      );
    },
  );

  it('leaves out and names few missing images, and refuses when they are more than one in a hundred', async () => {
    const more = (missing: number, all: number) =>
      Array.from({ length: all }, (_, at) => ({
        id: 100 + at,
        file_name: at < missing ? `gone${at}.png` : 'a.png',
      }));
    const dataset = await opened(coco({ images: [...COCO.images, ...more(1, 98)] }));
    expect(dataset.length).toBe(99);
    expect(dataset.warnings.join()).toMatch(
      /1 of 100 images that the annotations name are not in .*: gone0\.png\. They are left out/,
    );
    await expect(opened(coco({ images: [...COCO.images, ...more(2, 98)] }))).rejects.toThrow(
      /2 of 100 images .*: gone0\.png, gone1\.png\. Correct `images`/,
    );
  });
});

describe('yolo', () => {
  const labels = join(folder, 'labels');
  const write = (files: Record<string, string>) => {
    mkdirSync(join(labels, 'sub'), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(labels, name), text);
  };
  const good = {
    'a.txt': '1 0.5 0.5 0.5 0.2\n',
    'classes.txt': 'cat\ndog\n',
    'sub/c.txt': '0 0.25 0.25 0.5 0.25 0.5 0.75\n',
  };

  it('scales shares by the size of each image; outlines give their box, images without a file hold nothing', async () => {
    write(good);
    const dataset = await opened(labels, { format: 'yolo', images: join(folder, 'plain') }).catch(() => null);
    expect(dataset).toBeNull();
    const found = await opened(labels, { format: 'yolo', images: await withoutLink() });
    expect(await boxesOf(found)).toEqual({
      'a.png': [[1, 10, 8, 30, 12]],
      'b.png': [],
      'sub/c.png': [[0, 4, 4, 8, 12]],
    });
    expect(found.classes).toBe(2);
  });

  it.each([
    ['0 0.5 0.5 0.5', /a\.txt:1: expected a class number and four shares/],
    ['x 0.5 0.5 0.5 0.1', /a\.txt:1: expected a class number/],
    ['0 0.5 0.5 -0.2 0.1', /a\.txt:1: expected a class number and four shares/],
    ['0 20 10 8 4', /2 boxes .*reach out of their image, the first in a\.txt/],
  ])('refuses %s', async (text, message) => {
    write({ ...good, 'a.txt': text });
    await expect(opened(labels, { format: 'yolo', images: await withoutLink() })).rejects.toThrow(message);
  });

  it('refuses two images whose labels would be the same file', async () => {
    write(good);
    const images = join(folder, 'twins');
    mkdirSync(images);
    for (const name of ['a.png', 'a.jpg'])
      await sharp({ create: { width: 4, height: 4, channels: 3, background: 'black' } }).toFile(
        join(images, name),
      );
    await expect(opened(labels, { format: 'yolo', images })).rejects.toThrow(
      /holds a\.jpg and a\.png, which share the labels a\.txt/,
    );
  });

  it('refuses labels without an image', async () => {
    write({ ...good, 'z.txt': '0 0.5 0.5 0.1 0.1' });
    await expect(opened(labels, { format: 'yolo', images: await withoutLink() })).rejects.toThrow(
      /1 of 4 images .*z\.\*/,
    );
  });

  /** The same images in a folder without links that lead out of it. */
  async function withoutLink(): Promise<string> {
    const plain = join(folder, 'plain-images');
    mkdirSync(join(plain, 'sub'), { recursive: true });
    for (const [name, [width, height]] of Object.entries(SIZES)) {
      await sharp({ create: { width, height, channels: 3, background: 'black' } })
        .png()
        .toFile(join(plain, name));
    }
    return plain;
  }
});

describe('voc', () => {
  const annotations = join(folder, 'annotations');
  const object = (name: string, box: number[], difficult = 0) =>
    `<object><name>${name}</name><difficult>${difficult}</difficult><bndbox>${['xmin', 'ymin', 'xmax', 'ymax']
      .map((side, at) => `<${side}>${box[at]}</${side}>`)
      .join('')}</bndbox></object>`;
  const write = (name: string, body: string) => {
    mkdirSync(annotations, { recursive: true });
    writeFileSync(join(annotations, name), `<annotation>${body}</annotation>`);
  };
  const size = '<size><width>40</width><height>20</height><depth>3</depth></size>';

  it('counts pixels from 1, ends included, and classes by name', async () => {
    write(
      'a.xml',
      `<filename>a.png</filename>${size}${object('dog', [1, 1, 10, 5])}${object('cat &amp; co', [3, 4, 40, 20], 1)}`,
    );
    write('b.xml', '<filename>b.png</filename>');
    const dataset = await opened(annotations);
    expect(dataset.description).toMatch(/^voc /);
    expect(Object.fromEntries(dataset.classIndices!)).toEqual({ 'cat & co': 0, dog: 1 });
    expect(await boxesOf(dataset)).toEqual({
      'a.png': [
        [1, 0, 0, 10, 5],
        [0, 2, 3, 40, 20],
      ],
      'b.png': [],
    });
    const [sample] = (await collect(dataset)).filter(({ id }) => id === 'a.png');
    expect((sample!.annotation as AnnotationOf<'boxes'>).boxes.map(({ difficult }) => difficult)).toEqual([
      false,
      true,
    ]);
  });

  it.each([
    [`<filename>a.png</filename><object><name></name></object>`, /a\.xml: object 1 has no <name>/],
    [`<filename>a.png</filename><object><name>dog</name></object>`, /object 1 \(dog\) has no <bndbox>/],
    [`<filename>a.png</filename>${size}${object('dog', [1, 1, 90, 5])}`, /1 of 1 boxes .*reach out/],
    [
      `<filename>a.png</filename>${object('dog', [10, 1, 2, 5])}`,
      /object 1 \(dog\) has a <bndbox> that ends before it begins: xmin 10, xmax 2/,
    ],
    ['<a></b>', /a\.xml is no XML/],
  ])('refuses %s', async (body, message) => {
    write('a.xml', body);
    await expect(opened(annotations)).rejects.toThrow(message);
  });

  it('is told from other folders and files by their names', async () => {
    expect(await guessFormat(annotations)).toBe('voc');
    expect(await guessFormat(coco())).toBe('coco');
    expect(await guessFormat(join(folder, 'labels', 'sub'))).toBe('yolo');
    expect(await guessFormat(images)).toBe('image-folder');
  });
});

describe('labels that link out of their folder', () => {
  it.each([
    ['yolo', 'a.txt'],
    ['voc', 'a.xml'],
    ['text-lines', 'labels.tsv'],
  ] as const)('are not read: %s', async (format, name) => {
    const own = temporaryFolder();
    mkdirSync(join(own, 'labels'));
    writeFileSync(join(own, 'secret'), 'not for you\n');
    symlinkSync(join(own, 'secret'), join(own, 'labels', name));
    const opening = opened(join(own, 'labels'), { format });
    await expect(opening).rejects.toThrow(/links outside of .*only files inside it are read/);
    await expect(opening).rejects.not.toThrow('not for you');
  });
});

describe('keys that a format does not read', () => {
  it('are refused', async () => {
    await expect(opened(images)).rejects.toThrow(
      /'images' is the folder of files that data name, and image-folder names none/,
    );
    const lines = join(folder, 'labels.tsv');
    writeFileSync(lines, 'a.png\ttext\n');
    await expect(opened(lines, { classNames: ['c'], format: 'text-lines' })).rejects.toThrow(
      /'class-names' lists the classes of coco, yolo, voc, image-folder, csv, jsonl, of masks and of texts, and this is text-lines without a tokenizer/,
    );
  });

  it('tables read the files that they name from the folder of the images only', async () => {
    const table = join(folder, 'list.csv');
    writeFileSync(table, 'path,label\na.png,0\nb.png,1\n');
    expect((await collect(await opened(table))).map(({ id }) => id).sort()).toEqual(['a.png', 'b.png']);
    writeFileSync(table, 'path,label\na.png,0\n../secret.png,1\n');
    await expect(opened(table).then(collect)).rejects.toThrow(/lies outside of `images`/);
  });

  it('or, without `images`, from their own folder only', async () => {
    const table = join(images, 'list.jsonl');
    const named = (file: string) => writeFileSync(table, `{"x": "${file}", "label": 0}\n`);
    const open = async () =>
      await collect(await openDataset(dataConfig(table), [meta('x', 'float32', [1, 3, 'h', 'w'])]));
    named('a.png');
    expect(await open()).toHaveLength(1);
    for (const file of ['../secret.png', 'link.png', outside]) {
      named(file);
      await expect(open()).rejects.toThrow(
        /lies outside of the table's folder \(.*\): only files inside it are read\. Name the folder that holds them: `images: FOLDER`/,
      );
    }
    rmSync(table);
  });
});
