/** Data that are not what they seem: said by name, before anything is measured on them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../src/data/open.js';
import { collect, dataConfig, input, meta, npy, npz, temporaryFolder } from './samples.js';

const root = temporaryFolder();
const IMAGE = meta('image', 'float32', ['batch', 3, 8, 8]);
const POINTER =
  'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n';

async function classFolder(name: string, classes: Record<string, number>): Promise<string> {
  const path = join(root, name);
  for (const [folder, count] of Object.entries(classes)) {
    mkdirSync(join(path, folder), { recursive: true });
    for (let index = 0; index < count; index++) {
      await sharp({ create: { width: 8, height: 8, channels: 3, background: { r: index, g: 0, b: 9 } } })
        .png()
        .toFile(join(path, folder, `${index}.png`));
    }
  }
  return path;
}

/** Label by class folder. */
async function labels(path: string, changes = {}): Promise<Record<string, unknown>> {
  const samples = await collect(await openDataset(dataConfig(path, changes), [IMAGE]));
  return Object.fromEntries(samples.map(({ id, label }) => [id.split('/')[0]!, label]));
}

describe('labels of an image folder', () => {
  it('are the folders: naming a column of them is an error that says so', async () => {
    const path = await classFolder('named', { cat: 1, dog: 1 });
    await expect(openDataset(dataConfig(path, { labels: 'answers' }), [IMAGE])).rejects.toThrow(
      /'labels: answers' names an array or a column, but an image folder has neither.*Remove 'labels'/,
    );
  });

  it('are numbered by name, by the numbers in names, or are the indices, as class-order says', async () => {
    const path = await classFolder('ordered', { class2: 1, class10: 1, class1: 1 });
    expect(await labels(path)).toEqual({ class1: 0, class10: 1, class2: 2 });
    expect(await labels(path, { classOrder: 'number' })).toEqual({ class1: 0, class2: 1, class10: 2 });
    await expect(labels(path, { classOrder: 'index' })).rejects.toThrow(
      /class-order index, but the class 'class1' is no class index/,
    );
    const numbers = await classFolder('numbers', { 2: 1, 10: 1, 1: 1 });
    expect(await labels(numbers)).toEqual({ 1: 1, 2: 2, 10: 10 });
    expect(await labels(numbers, { classOrder: 'name' })).toEqual({ 1: 0, 10: 1, 2: 2 });
    expect(await labels(numbers, { classOrder: 'number' })).toEqual({ 1: 0, 2: 1, 10: 2 });
  });
});

describe('class-names of an image folder', () => {
  it('give its folders the indices of the model, whatever the folders are called', async () => {
    const path = await classFolder('model-order', { ape: 1, bee: 1, cow: 1 });
    const named = { classNames: ['cow', 'dog', 'bee', 'ape'] };
    expect(await labels(path, named)).toEqual({ cow: 0, bee: 2, ape: 3 });
    expect((await openDataset(dataConfig(path, named), [IMAGE])).classes).toBe(4);
  });

  it('that miss a folder are an error that names it', async () => {
    const path = await classFolder('unlisted', { ape: 1, bee: 1 });
    await expect(labels(path, { classNames: ['ape', 'cow'] })).rejects.toThrow(
      /names the class 'bee', which `class-names` doesn't list/,
    );
  });

  it('count nothing where images calibrate and have no classes', async () => {
    const path = join(await classFolder('plain', { all: 1 }), 'all');
    const dataset = await openDataset(dataConfig(path, { classNames: ['ape', 'bee'] }), [IMAGE]);
    expect(dataset.classes).toBeNull();
  });
});

describe('an empty class folder', () => {
  it('counts as a class, and a warning says that a fresh checkout will not have it', async () => {
    const path = await classFolder('empty', { ape: 1, bee: 0, cow: 1 });
    const dataset = await openDataset(dataConfig(path), [IMAGE]);
    expect(dataset.classes).toBe(3);
    expect(dataset.warnings).toEqual([
      expect.stringMatching(/^The class folder 'bee' of .* holds no image\. .*git keeps no empty folders/),
    ]);
    expect(await labels(path)).toEqual({ ape: 0, cow: 2 });
  });

  it('shifts no class where the names are indices, and is still told', async () => {
    const path = await classFolder('empty-index', { 0: 1, 1: 0, 2: 1 });
    const { warnings } = await openDataset(dataConfig(path), [IMAGE]);
    expect(warnings).toEqual([expect.stringMatching(/holds no image\.$/)]);
  });

  it('is nothing that other data have', async () => {
    const path = await classFolder('full', { ape: 1, bee: 1 });
    expect((await openDataset(dataConfig(path), [IMAGE])).warnings).toEqual([]);
  });
});

describe('a Git LFS pointer', () => {
  const fetch = /Git LFS pointer.*`git lfs pull`, or `lfs: true` in actions\/checkout/;

  it('among images is named as one', async () => {
    const path = await classFolder('pointers', { cat: 2, dog: 2 });
    writeFileSync(join(path, 'cat', 'late.png'), POINTER);
    const opened = openDataset(dataConfig(path), [IMAGE]).then(collect);
    await expect(opened).rejects.toThrow(/1 of 5 samples[\s\S]*cat\/late\.png: a Git LFS pointer/);
    await expect(opened).rejects.toThrow(fetch);
  });

  it.each(['data.npz', 'data.jsonl', 'data.csv', 'data.npy', 'images-idx3-ubyte'])(
    'in the place of %s is named before it is read as such',
    async (name) => {
      const path = join(root, name);
      writeFileSync(path, POINTER);
      await expect(openDataset(dataConfig(path), [meta('x', 'float32', ['n', 2])])).rejects.toThrow(fetch);
    },
  );

  it('in the place of one array of a folder is named too', async () => {
    const path = join(root, 'arrays');
    mkdirSync(path);
    writeFileSync(join(path, 'x.npy'), npy(Float32Array.from([1, 2]), [1, 2]));
    writeFileSync(join(path, 'labels.npy'), POINTER);
    await expect(openDataset(dataConfig(path), [meta('x', 'float32', ['n', 2])])).rejects.toThrow(fetch);
  });
});

it('class-order on data whose labels are numbers is an error, not ignored', async () => {
  const path = join(root, 'numbers.npz');
  writeFileSync(
    path,
    npz({ x: npy(Float32Array.from([1, 2]), [1, 2]), labels: npy(BigInt64Array.from([1n]), [1]) }),
  );
  const opened = openDataset(dataConfig(path, { classOrder: 'number' }), [meta('x', 'float32', ['n', 2])]);
  await expect(opened).rejects.toThrow(
    /'class-order' orders names of classes, and labels of npz are numbers/,
  );
});

describe('text labels', () => {
  it('are numbered as class-order says, in csv and jsonl', async () => {
    const path = join(root, 'text.jsonl');
    writeFileSync(
      path,
      ['class2', 'class10'].map((label, x) => JSON.stringify({ x: [x, x], label })).join('\n'),
    );
    const read = async (changes = {}) => {
      const opened = await openDataset(dataConfig(path, changes), [meta('x', 'float32', ['n', 2])]);
      return [
        [...opened.classIndices!.keys()].sort(),
        (await collect(opened)).map(({ feeds, label }) => [feeds.x!.data[0], label]),
      ];
    };
    expect(await read()).toEqual([
      ['class10', 'class2'],
      expect.arrayContaining([
        [0, 1],
        [1, 0],
      ]),
    ]);
    expect(await read({ classOrder: 'number' })).toEqual([
      ['class10', 'class2'],
      expect.arrayContaining([
        [0, 0],
        [1, 1],
      ]),
    ]);
  });
});

it('the same samples can be prepared otherwise', async () => {
  const path = join(root, 'bytes.npz');
  writeFileSync(path, npz({ x: npy(Uint8Array.from([0, 255, 51, 102]), [1, 4]) }));
  const config = dataConfig(path, { inputs: { x: input({ mean: [0.5] }) } });
  const dataset = await openDataset(config, [meta('x', 'float32', ['n', 4])]);
  expect(dataset.preparations).toEqual([
    { input: 'x', config: expect.objectContaining({ mean: [0.5] }), stored: 'bytes', axes: 1 },
  ]);
  const values: unknown[] = [];
  for await (const { feeds } of dataset.preparedAs!('x', { mean: null, scale: false })) {
    values.push(Array.from(feeds.x!.data as Float32Array));
  }
  expect(values).toEqual([[0, 255, 51, 102]]);
});

describe('data for a model without inputs', () => {
  it('are refused', async () => {
    const path = join(root, 'unread.npz');
    writeFileSync(path, npz({ x: npy(new Float32Array(6), [2, 3]) }));
    await expect(openDataset(dataConfig(path), [])).rejects.toThrow(/the model has no inputs/);
  });
});
