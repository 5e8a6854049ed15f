import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { assertDisjoint } from '../../src/data/disjoint.js';
import { openDataset } from '../../src/data/open.js';
import { UserError } from '../../src/errors.js';
import { collect, dataConfig, input, meta, npy, npz, temporaryFolder } from './samples.js';

const folder = temporaryFolder();
const IMAGE = meta('image', 'float32', ['batch', 3, 8, 8]);

async function image(file: string, red: number, size = { width: 8, height: 8 }): Promise<void> {
  const background = { r: red, g: 0, b: 255 };
  await sharp({ create: { ...size, channels: 3, background } })
    .png()
    .toFile(file);
}

describe('an image folder', () => {
  const path = join(folder, 'classes');
  beforeAll(async () => {
    for (const [name, red] of [
      ['cat', 10],
      ['dog', 20],
      ['eel', 30],
    ] as const) {
      mkdirSync(join(path, name), { recursive: true });
      for (let index = 0; index < 4; index++) await image(join(path, name, `${index}.png`), red + index);
      writeFileSync(join(path, name, 'notes.txt'), 'not an image');
    }
  });

  it('gives the same when it is read early, and has read by then', async () => {
    const copy = join(folder, 'read-early');
    cpSync(path, copy, { recursive: true });
    const expected = await collect(await openDataset(dataConfig(path), [IMAGE]));
    const dataset = await openDataset(dataConfig(copy), [IMAGE]);
    dataset.readEarly!();
    // Nothing is asked for meanwhile: only time passes.
    await new Promise((resolve) => setTimeout(resolve, 500));
    rmSync(copy, { recursive: true, force: true });
    expect(await collect(dataset)).toEqual(expected);
  });

  it('numbers its classes in the order of their names', async () => {
    const dataset = await openDataset(dataConfig(path), [IMAGE]);
    expect(dataset).toMatchObject({
      length: 12,
      labelled: true,
      classes: 3,
      description: expect.stringMatching(/^image-folder .*classes$/),
    });
    const labels = (await collect(dataset)).map(({ id, label }) => `${id.split('/')[0]} ${label}`);
    expect(new Set(labels)).toEqual(new Set(['cat 0', 'dog 1', 'eel 2']));
  });

  it('reads class indices when every name is an integer', async () => {
    const numbered = join(folder, 'numbered');
    for (const name of ['007', '12']) mkdirSync(join(numbered, name), { recursive: true });
    await image(join(numbered, '007', 'a.png'), 1);
    await image(join(numbered, '12', 'b.png'), 2);
    const dataset = await openDataset(dataConfig(numbered), [IMAGE]);
    expect(dataset.classes).toBe(13);
    expect((await collect(dataset)).map(({ label }) => label).sort()).toEqual([12, 7]);
  });

  it('names a link that leads back to a folder around it, and steps over one that leads nowhere', async () => {
    const linked = join(folder, 'linked');
    mkdirSync(join(linked, 'cat'), { recursive: true });
    await image(join(linked, 'cat', 'a.png'), 1);
    symlinkSync('self', join(linked, 'self'));
    symlinkSync('nowhere', join(linked, 'cat', 'gone'));
    expect((await openDataset(dataConfig(linked), [IMAGE])).length).toBe(1);
    symlinkSync('..', join(linked, 'cat', 'up'));
    const error = await openDataset(dataConfig(linked), [IMAGE]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(/cat\/up is a link back to a folder that holds it .*Remove/);
  });

  it('is unlabelled without class folders', async () => {
    const flat = join(folder, 'flat');
    mkdirSync(flat);
    await image(join(flat, 'a.png'), 1);
    const dataset = await openDataset(dataConfig(flat), [IMAGE]);
    expect(dataset).toMatchObject({ length: 1, labelled: false, classes: null });
    expect((await collect(dataset))[0]!.label).toBeNull();
  });

  it('feeds red, green, blue planes divided by 255', async () => {
    const [sample] = await collect(await openDataset(dataConfig(path, { limit: 1 }), [IMAGE]));
    const red =
      Number(sample!.id[4]!.replace(/\D/, '0')) + { cat: 10, dog: 20, eel: 30 }[sample!.id.slice(0, 3)]!;
    const { dims, data, type } = sample!.feeds.image!;
    expect({ dims, type }).toEqual({ dims: [1, 3, 8, 8], type: 'float32' });
    expect([data[0], data[64], data[128]]).toEqual([Math.fround(red / 255), 0, 1]);
  });

  it('keeps its order for a seed, whatever the limit, and changes it with the seed', async () => {
    const ids = async (seed: number, limit: number | null) =>
      (await collect(await openDataset(dataConfig(path, { seed, limit }), [IMAGE]))).map(({ id }) => id);
    const all = await ids(0, null);
    expect(await ids(0, 5)).toEqual(all.slice(0, 5));
    expect(await ids(1, null)).not.toEqual(all);
    expect([...(await ids(1, null))].sort()).toEqual([...all].sort());
    expect(all).not.toEqual([...all].sort());
  });

  it('names and counts the images that do not decode', async () => {
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    await image(join(broken, 'a.png'), 1);
    writeFileSync(join(broken, 'b.png'), 'no picture');
    writeFileSync(join(broken, 'c.jpg'), '');
    const reading = openDataset(dataConfig(broken), [IMAGE]).then(collect);
    await expect(reading).rejects.toThrow(UserError);
    await expect(reading).rejects.toThrow(
      /2 of 3 samples .*can't be decoded:\s+b\.png: .*\s+c\.jpg: the file is empty/,
    );
  });

  it('says both shapes and what to set when the images do not fit the model', async () => {
    const opening = openDataset(dataConfig(path), [meta('x', 'float32', [1, 3, 224, 224])]);
    await expect(opening).rejects.toThrow(
      /\[1, 3, 8, 8\] for the model's input 'x', which takes \[1, 3, 224, 224\].*resize: 224, crop: 224/,
    );
  });

  it('refuses a folder without images', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    await expect(openDataset(dataConfig(empty), [IMAGE])).rejects.toThrow(/holds no samples/);
    await expect(openDataset(dataConfig(join(folder, 'gone')), [IMAGE])).rejects.toThrow(/does not exist/);
  });
});

describe.each([
  ['stored', 0],
  ['deflated', 6],
] as const)('an npz with %s arrays', (name, level) => {
  const path = join(folder, `${name}.npz`);
  const pixels = Uint8Array.from({ length: 5 * 4 }, (_, index) => index * 10);
  beforeAll(() => {
    const arrays = {
      images: npy(pixels, [5, 2, 2]),
      labels: npy(BigInt64Array.from([3n, 1n, 4n, 1n, 5n]), [5]),
    };
    writeFileSync(path, npz(arrays, level));
  });

  it('adds the batch and channel axes and normalizes 8-bit arrays like images', async () => {
    const inputs = { image: input({ from: 'images', mean: [0.5], std: [0.25] }) };
    const dataset = await openDataset(dataConfig(path, { inputs }), [
      meta('image', 'float32', ['n', 1, 2, 2]),
    ]);
    expect(dataset).toMatchObject({ length: 5, labelled: true, classes: 6 });
    for (const { id, feeds, label } of await collect(dataset)) {
      const index = Number(/\d+/.exec(id)![0]);
      expect(label).toBe([3, 1, 4, 1, 5][index]);
      expect(feeds.image!.dims).toEqual([1, 1, 2, 2]);
      const expected = [...pixels.subarray(index * 4, index * 4 + 4)].map((value) =>
        Math.fround((Math.fround(Math.fround(value) / 255) - 0.5) / 0.25),
      );
      expect([...(feeds.image!.data as Float32Array)]).toEqual(expected);
    }
  });

  it('feeds the only input from the only array beside the labels', async () => {
    const dataset = await openDataset(dataConfig(path), [meta('image', 'float32', ['n', 1, 2, 2])]);
    expect(dataset.length).toBe(5);
  });

  it('lists its arrays when one is missing, and suggests `from`', async () => {
    const inputs = [meta('image', 'float32', ['n', 1, 2, 2]), meta('mask', 'float32', ['n', 1, 2, 2])];
    await expect(openDataset(dataConfig(path), inputs)).rejects.toThrow(
      /no array 'image'.*'images', 'labels'.*from: images/,
    );
  });

  it('hashes the bytes of a sample, so that overlap is found across sets', async () => {
    const inputs = { '': input({ from: 'images' }) };
    const open = (seed: number, limit: number | null) =>
      openDataset(dataConfig(path, { inputs, seed, limit }), [meta('image', 'float32', ['n', 1, 2, 2])]);
    const overlapping = assertDisjoint(await open(0, 4), await open(1, 4));
    await expect(overlapping).rejects.toThrow(/share [34] samples: images\[\d\], images\[\d\], images\[\d\]/);
    const other = join(folder, `other-${name}.npz`);
    writeFileSync(
      other,
      npz(
        {
          images: npy(
            pixels.map((value) => value + 1),
            [5, 2, 2],
          ),
        },
        level,
      ),
    );
    const disjoint = await openDataset(dataConfig(other, { inputs }), [
      meta('image', 'float32', ['n', 1, 2, 2]),
    ]);
    await expect(assertDisjoint(await open(0, null), disjoint)).resolves.toBeUndefined();
  });
});

describe('arrays in other types than the model takes', () => {
  const open = async (data: ArrayBufferView, type: 'float32' | 'int32' | 'int64' | 'uint8') => {
    const path = join(folder, `${type}-${data.constructor.name}.npz`);
    writeFileSync(path, npz({ x: npy(data, [2, 2]) }));
    return (await collect(await openDataset(dataConfig(path), [meta('x', type, ['n', 2])])))
      .sort((a, b) => a.id.localeCompare(b.id))
      .map(({ feeds }) => Array.from(feeds.x!.data as Float32Array));
  };

  it('are cast when no value changes', async () => {
    expect(await open(Float64Array.from([1, 2.5, -3, 0]), 'float32')).toEqual([
      [1, 2.5],
      [-3, 0],
    ]);
    expect(await open(Int32Array.from([1, 2, -3, 0]), 'int64')).toEqual([
      [1n, 2n],
      [-3n, 0n],
    ]);
    expect(await open(BigInt64Array.from([1n, 2n, -3n, 0n]), 'int32')).toEqual([
      [1, 2],
      [-3, 0],
    ]);
  });

  it('are refused when one would', async () => {
    await expect(open(Float64Array.from([0.1, 0.1, 0.1, 0.1]), 'float32')).rejects.toThrow(
      /float64 doesn't fit the model's input 'x' of type float32: element 0 of 2 is 0.1. Save the array as float32/,
    );
    await expect(open(Int32Array.from([300, 300, 300, 300]), 'uint8')).rejects.toThrow(
      /element 0 of 2 is 300/,
    );
  });
});
