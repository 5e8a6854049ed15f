/** Labels that are names: in which order they are the model's classes, and what is told where nobody says it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DataConfig } from '../../src/config/data-config.js';
import { dataOfModel } from '../../src/config/defaults.js';
import { openDataset } from '../../src/data/open.js';
import type { StoredDataset } from '../../src/data/samples/dataset.js';
import { collect, dataConfig, meta, temporaryFolder } from './samples.js';

const folder = temporaryFolder();
const images = join(folder, 'images');
const INPUTS = [meta('x', 'float32', ['n', 3, 8, 8])];
let pixels: Buffer;

beforeAll(async () => {
  pixels = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'black' } })
    .png()
    .toBuffer();
  for (const name of ['images/a.png', 'images/b.png', 'folders/cat/a.png', 'folders/dog/b.png'])
    write(name, pixels);
  const object = (name: string) =>
    `<object><name>${name}</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>4</xmax><ymax>4</ymax></bndbox></object>`;
  for (const [file, name] of [
    ['a', 'cat'],
    ['b', 'dog'],
  ])
    write(`voc/${file}.xml`, `<annotation><filename>${file}.png</filename>${object(name!)}</annotation>`);
  write('images.csv', 'path,label\na.png,cat\nb.png,dog\n');
  write('images.jsonl', '{"x": "a.png", "label": "cat"}\n{"x": "b.png", "label": "dog"}\n');
  write(
    'coco.json',
    JSON.stringify({
      images: [{ id: 1, file_name: 'a.png' }],
      categories: [
        { id: 1, name: 'cat' },
        { id: 2, name: 'dog' },
      ],
      annotations: [{ image_id: 1, category_id: 2, bbox: [0, 0, 4, 4] }],
    }),
  );
});

function write(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** Data by the path, with the folder of images where they need one. */
const DATA = { folders: false, voc: true, 'images.csv': true, 'images.jsonl': true } as const;

function opened(path: string, changes: Partial<DataConfig> = {}): Promise<StoredDataset> {
  const named = path === 'folders' ? {} : { images };
  return openDataset(dataConfig(join(folder, path), { ...named, ...changes }), INPUTS);
}

/** A model with a config.json beside it. */
function withConfig(path: string, config: string, labelOffset = 0): Promise<StoredDataset> {
  const model = join(dirname(write(`models-${path}/config.json`, config)), 'model.onnx');
  const named = path === 'folders' ? {} : { images };
  const data = dataConfig(join(folder, path), named);
  return openDataset(dataOfModel(data, { path: model, task: 'none', labelOffset }), INPUTS);
}

const indices = ({ classIndices }: StoredDataset) => Object.fromEntries(classIndices ?? []);
const id2label = (...names: string[]) => JSON.stringify({ id2label: { ...names } });

describe.each(Object.keys(DATA))('names in %s', (path) => {
  it('are taken in alphabetical order where nobody says another, and that is told', async () => {
    const dataset = await opened(path);
    expect(indices(dataset)).toEqual({ cat: 0, dog: 1 });
    expect(dataset.labelWarnings).toEqual([
      expect.stringMatching(
        /^Nothing names the model's classes: the data's 2 (labels|classes|class folders) are taken in alphabetical order\. `class-names` gives another\.$/,
      ),
    ]);
  });

  it('go by class-order, class-names or the config.json of the model, and nothing is told', async () => {
    const asked = await opened(path, { classOrder: 'name' });
    const listed = await opened(path, { classNames: ['cow', 'dog', 'cat'] });
    const beside = await withConfig(path, id2label('dog', 'cow', 'Cat'));
    expect([asked, listed, beside].map(indices)).toEqual([
      { cat: 0, dog: 1 },
      { cow: 0, dog: 1, cat: 2 },
      { cat: 2, dog: 0 },
    ]);
    expect([asked, listed, beside].map(({ classes }) => classes)).toEqual([2, 3, 3]);
    expect([asked, listed, beside].flatMap(({ labelWarnings }) => labelWarnings)).toEqual([]);
  });

  it('that a config.json lacks are counted as before, and it is told which one it lacks', async () => {
    const dataset = await withConfig(path, id2label('bird', 'cat'));
    expect(indices(dataset)).toEqual({ cat: 0, dog: 1 });
    expect(dataset.labelWarnings.join()).toMatch(
      /config\.json names the model's classes, but none 'dog': the/,
    );
  });

  it("don't go by another program's config.json, nor where labels are shifted", async () => {
    const odd = await withConfig(path, '// settings of an editor');
    const shifted = await withConfig(path, id2label('dog', 'cat'), 1);
    expect([odd, shifted].map(indices)).toEqual([
      { cat: 0, dog: 1 },
      { cat: 0, dog: 1 },
    ]);
  });
});

describe('categories of coco', () => {
  it('go by their ids, as trainers count them, which is no guess; by a config.json that names all of them', async () => {
    const dataset = await opened('coco.json');
    expect([indices(dataset), dataset.labelWarnings]).toEqual([{ cat: 0, dog: 1 }, []]);
    expect(indices(await withConfig('coco.json', id2label('N/A', 'cat', 'dog')))).toEqual({ cat: 1, dog: 2 });
    expect(indices(await withConfig('coco.json', id2label('cat', 'cow')))).toEqual({ cat: 0, dog: 1 });
  });

  it('without a name are counted, and told', async () => {
    const file = write(
      'nameless.json',
      JSON.stringify({
        images: [{ id: 1, file_name: 'a.png' }],
        categories: [{ id: 1, name: 'cat' }, { id: 7 }, { id: 9, name: ' ' }],
        annotations: [{ image_id: 1, category_id: 7, bbox: [0, 0, 4, 4] }],
      }),
    );
    const dataset = await openDataset(dataConfig(file, { images }), INPUTS);
    expect([dataset.classes, indices(dataset)]).toEqual([3, { cat: 0 }]);
    expect(dataset.warnings).toEqual([
      expect.stringMatching(
        /^2 of 3 categories of .*nameless\.json have no name \(id 7, 9\): their classes go by/,
      ),
    ]);
  });
});

it('images of another size than coco or Pascal VOC tells are counted and named', async () => {
  const coco = write(
    'sizes.json',
    JSON.stringify({
      images: [
        { id: 1, file_name: 'a.png', width: 8, height: 8 },
        { id: 2, file_name: 'b.png', width: 16, height: 8 },
      ],
      categories: [{ id: 1, name: 'cat' }],
      annotations: [{ image_id: 1, category_id: 1, bbox: [0, 0, 4, 4] }],
    }),
  );
  write(
    'sizes/a.xml',
    '<annotation><filename>a.png</filename><size><width>4</width><height>8</height></size></annotation>',
  );
  const warnings = async (path: string, changes = {}) => {
    const dataset = await openDataset(dataConfig(path, { images, ...changes }), INPUTS);
    await collect(dataset);
    return dataset.lateWarnings!().join();
  };
  expect(await warnings(coco)).toMatch(
    /^1 of 2 images have another size than .*sizes\.json tells: b\.png \(8 × 8, not 16 × 8\)\. Boxes are taken in pixels/,
  );
  const one = await Promise.all([...Array(8).keys()].map((seed) => warnings(coco, { limit: 1, seed })));
  expect([...new Set(one)].sort()).toEqual(['', expect.stringMatching(/^1 of 1 images/)]);
  expect(await warnings(join(folder, 'sizes'))).toMatch(/a\.png \(8 × 8, not 4 × 8\)/);
});
