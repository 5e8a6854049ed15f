import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { create, toBinary } from '@bufbuild/protobuf';
import { TensorProtoSchema } from 'onnx-buf';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { guessFormat } from '../../src/data/format.js';
import { openDataset } from '../../src/data/open.js';
import { UserError } from '../../src/errors.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { collect, dataConfig, input, meta, npy, npz, temporaryFolder } from './samples.js';

const root = temporaryFolder();
let folders = 0;

function folder(): string {
  const path = join(root, String(folders++));
  mkdirSync(path);
  return path;
}

/** Samples in the order of their ids: [numbers fed, label]. */
async function contents(path: string, ...[inputs, changes]: [Parameters<typeof openDataset>[1], object?]) {
  const samples = await collect(await openDataset(dataConfig(path, changes), inputs));
  const natural = new Intl.Collator('en', { numeric: true });
  return samples
    .sort((a, b) => natural.compare(a.id, b.id))
    .map(({ feeds, label }) => [
      ...Object.values(feeds).map((tensor) => Array.from(tensor.data as Float32Array)),
      label,
    ]);
}

describe('npy', () => {
  it('feeds the only input from one file, with labels.npy beside it', async () => {
    const path = folder();
    writeFileSync(join(path, 'features.npy'), npy(Float32Array.from([1, 2, 3, 4]), [2, 2]));
    writeFileSync(join(path, 'labels.npy'), npy(Int32Array.from([1, 0]), [2]));
    expect(await contents(join(path, 'features.npy'), [meta('x', 'float32', ['n', 2])])).toEqual([
      [[1, 2], 1],
      [[3, 4], 0],
    ]);
  });

  it('feeds each input from a file of its name in a folder', async () => {
    const path = folder();
    writeFileSync(join(path, 'a.npy'), npy(Float32Array.from([1, 2]), [2, 1]));
    writeFileSync(join(path, 'other.npy'), npy(BigInt64Array.from([7n, 8n]), [2, 1]));
    const inputs = { b: input({ from: 'other' }) };
    expect(
      await contents(path, [meta('a', 'float32', ['n', 1]), meta('b', 'int64', ['n', 1])], { inputs }),
    ).toEqual([
      [[1], [7n], null],
      [[2], [8n], null],
    ]);
  });

  it.each([
    [
      'big-endian',
      { header: "{'descr': '>f4', 'fortran_order': False, 'shape': (1, 1), }" },
      /little-endian/,
    ],
    [
      'Fortran order',
      { header: "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }" },
      /ascontiguousarray/,
    ],
    ['objects', { header: "{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }" }, /type '\|O'/],
    ['too few bytes', { header: "{'descr': '<f4', 'fortran_order': False, 'shape': (9, 9), }" }, /truncated/],
  ])('refuses %s', async (_, header, message) => {
    const path = join(folder(), 'x.npy');
    writeFileSync(path, npy(Float32Array.from([1]), [1, 1], header));
    await expect(openDataset(dataConfig(path), [meta('x', 'float32', ['n', 1])])).rejects.toThrow(message);
  });

  it('refuses what is not an array', async () => {
    const path = join(folder(), 'x.npy');
    writeFileSync(path, 'not an array');
    await expect(openDataset(dataConfig(path), [meta('x', 'float32', ['n', 1])])).rejects.toThrow(
      /x\.npy is not a NumPy array/,
    );
  });
});

describe('idx', () => {
  const images = Buffer.concat([
    Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2]),
    Buffer.from([0, 51, 102, 255, 1, 2, 3, 4]),
  ]);
  const labels = Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]);
  const inputs = [meta('image', 'uint8', ['n', 1, 2, 2])];

  it.each([
    ['', (bytes: Buffer) => bytes],
    ['.gz', (bytes: Buffer) => gzipSync(bytes)],
  ])("reads MNIST's pair of files%s", async (extension, pack) => {
    const path = folder();
    writeFileSync(join(path, `t10k-images-idx3-ubyte${extension}`), pack(images));
    writeFileSync(join(path, `t10k-labels-idx1-ubyte${extension}`), pack(labels));
    const expected = [
      [[0, 51, 102, 255], 7],
      [[1, 2, 3, 4], 9],
    ];
    expect(await contents(path, inputs)).toEqual(expected);
    expect(await contents(join(path, `t10k-images-idx3-ubyte${extension}`), inputs)).toEqual(expected);
  });

  it('turns big-endian elements around', async () => {
    const path = join(folder(), 'x-images.idx');
    writeFileSync(path, Buffer.from([0, 0, 12, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 1, 0, 255, 255, 255, 255]));
    expect(await contents(path, [meta('x', 'int32', ['n', 2])])).toEqual([[[256, -1], null]]);
  });

  it('refuses another header', async () => {
    const path = join(folder(), 'x-images.idx');
    writeFileSync(path, 'GIF89a');
    await expect(openDataset(dataConfig(path), inputs)).rejects.toThrow(/not an idx file/);
  });
});

describe('jsonl', () => {
  const inputs = [meta('ids', 'int64', ['n', 3]), meta('mask', 'float32', ['n', 3])];

  it('reads a value per input and class labels', async () => {
    const path = join(folder(), 'data.jsonl');
    writeFileSync(
      path,
      '{"ids": [1, 2, 3], "mask": [0.1, 1, 0], "label": 2}\n\n{"ids": [4, 5, 6], "mask": [1, 1, 1], "label": 0}\n',
    );
    expect(await contents(path, inputs)).toEqual([
      [[1n, 2n, 3n], [Math.fround(0.1), 1, 0], 2],
      [[4n, 5n, 6n], [1, 1, 1], 0],
    ]);
  });

  it('reads targets of several numbers, and names of classes', async () => {
    const path = join(folder(), 'targets.jsonl');
    writeFileSync(path, '{"x": 1, "labels": [0.5, 2]}\n{"x": 2, "labels": [1, 2]}');
    const [first] = await contents(path, [meta('x', 'float32', ['n'])]);
    expect((first![1] as Tensor).dims).toEqual([2]);
    const names = join(folder(), 'names.jsonl');
    writeFileSync(names, '{"x": 1, "label": "dog"}\n{"x": 2, "label": "cat"}');
    expect(await contents(names, [meta('x', 'float32', ['n'])])).toEqual([
      [[1], 1],
      [[2], 0],
    ]);
  });

  it.each([
    ['{"ids": [1, 2', /bad\.jsonl:2 is not JSON/],
    ['[1]', /bad\.jsonl:2 is not a JSON object/],
    ['{"ids": [[1], [2, 3]], "mask": [1, 1, 1]}', /bad\.jsonl:2: values must be numbers/],
    ['{"tokens": [1, 2, 3], "mask": [1, 1, 1]}', /no value 'ids'.*'tokens', 'mask'.*from: tokens/],
    ['{"ids": [1, 2, 3.5], "mask": [1, 1, 1]}', /element 2 of 3 is 3.5/],
  ])('names the line of %s', async (line, message) => {
    const path = join(folder(), 'bad.jsonl');
    writeFileSync(path, `{"ids": [1, 2, 3], "mask": [1, 1, 1]}\n${line}\n`);
    await expect(openDataset(dataConfig(path), inputs).then(collect)).rejects.toThrow(message);
  });
});

describe('csv', () => {
  async function images(): Promise<string> {
    const path = folder();
    for (const red of [10, 20]) {
      const background = { r: red, g: red, b: red };
      await sharp({ create: { width: 1, height: 1, channels: 3, background } })
        .png()
        .toFile(join(path, `${red}.png`));
    }
    return path;
  }
  const inputs = [meta('image', 'uint8', ['n', 1, 1, 1])];

  it('reads paths and labels, with a header or without', async () => {
    const path = await images();
    writeFileSync(join(path, 'with.csv'), 'label,path\ncat,10.png\n"dog",20.png\n');
    expect(await contents(join(path, 'with.csv'), inputs)).toEqual([
      [[10], 0],
      [[20], 1],
    ]);
    writeFileSync(join(path, 'without.tsv'), '10.png\t5\n20.png\t3\n');
    expect(await contents(join(path, 'without.tsv'), inputs)).toEqual([
      [[10], 5],
      [[20], 3],
    ]);
  });

  it('takes a file by its whole name, even where an image library would read options out of it', async () => {
    const path = await images();
    const names = [
      'scan[1]',
      '10.png[shrink=2]',
      'x].png',
      '[y].png',
      'with space.png',
      '100%.png',
      '-z.png',
    ];
    for (const name of names) copyFileSync(join(path, '20.png'), join(path, name));
    writeFileSync(join(path, 'odd.csv'), names.map((name) => `${name},1\n`).join(''));
    expect(await contents(join(path, 'odd.csv'), inputs)).toEqual(names.map(() => [[20], 1]));
    // Of a file that is there under another name only.
    writeFileSync(join(path, 'gone.csv'), '20.png[page=0],1\n');
    await expect(openDataset(dataConfig(join(path, 'gone.csv')), inputs)).rejects.toThrow(
      /20\.png\[page=0\]: ENOENT/,
    );
  });

  it('names missing files and columns', async () => {
    const path = await images();
    writeFileSync(join(path, 'gone.csv'), '10.png,1\n30.png,2\n');
    await expect(openDataset(dataConfig(join(path, 'gone.csv')), inputs).then(collect)).rejects.toThrow(
      /1 of 2 samples .*\s+30\.png: ENOENT/,
    );
    const asked = dataConfig(join(path, 'gone.csv'), { labels: 'species' });
    await expect(openDataset(asked, inputs)).rejects.toThrow(
      /no column 'species'; its first row is '10.png', '1'/,
    );
  });
});

describe('onnx-tests', () => {
  const tensor = (name: string, dims: number[], floatData: number[]) =>
    toBinary(
      TensorProtoSchema,
      create(TensorProtoSchema, { name, dataType: 1, dims: dims.map(BigInt), floatData }),
    );

  it('feeds the inputs as they are and takes the outputs as targets', async () => {
    const path = folder();
    for (const [index, value] of [3, 4].entries()) {
      const set = join(path, `test_data_set_${index}`);
      mkdirSync(set);
      writeFileSync(join(set, 'input_0.pb'), tensor('', [1, 2], [value, 1]));
      writeFileSync(join(set, 'output_0.pb'), tensor('y', [1, 2], [value, value]));
      writeFileSync(join(set, 'output_1.pb'), tensor('z', [1], [9]));
    }
    const inputs = [meta('x', 'float32', [1, 2])];
    expect(await contents(path, inputs)).toMatchObject([
      [[3, 1], { dims: [2], data: Float32Array.of(3, 3) }],
      [[4, 1], { dims: [2] }],
    ]);
    const [first] = await contents(path, inputs, { labels: 'z' });
    expect(first![1]).toMatchObject({ dims: [], data: Float32Array.of(9) });
    await expect(contents(path, inputs, { labels: 'w' })).rejects.toThrow(/no output 'w'; it holds 'y', 'z'/);
  });

  it.each(['x', 'xy', 'xyz', 'wxyz'])(
    'reads raw bytes wherever they begin in the file (name %s)',
    async (name) => {
      const path = join(folder(), 'test_data_set_0');
      mkdirSync(path);
      const values = Float32Array.of(0.5, -1, 3e8);
      const rawData = new Uint8Array(values.buffer);
      const proto = create(TensorProtoSchema, { name, dataType: 1, dims: [1n, 3n], rawData });
      writeFileSync(join(path, 'input_0.pb'), toBinary(TensorProtoSchema, proto));
      const [sample] = await contents(path, [meta(name, 'float32', [1, 3])]);
      expect(sample![0]).toEqual(Array.from(values));
    },
  );

  it('names files that are not tensors', async () => {
    const path = join(folder(), 'test_data_set_0');
    mkdirSync(path);
    writeFileSync(join(path, 'input_0.pb'), 'garbage');
    await expect(openDataset(dataConfig(path), [meta('x', 'float32', [1])])).rejects.toThrow(
      /1 of 1 samples .*\s+test_data_set_0\/input_0.pb: not a tensor/,
    );
  });
});

describe('guessFormat', () => {
  it.each([
    ['x.npz', 'npz'],
    ['x.npy', 'npy'],
    ['x.JSONL', 'jsonl'],
    ['x.tsv', 'csv'],
    ['train-images-idx3-ubyte.gz', 'idx'],
    ['train-images.idx3-ubyte', 'idx'],
  ])('takes %s for %s', async (name, format) => {
    const path = join(folder(), name);
    writeFileSync(path, '');
    expect(await guessFormat(path)).toBe(format);
  });

  it('asks for the format of a file it cannot tell', async () => {
    const path = join(folder(), 'data.bin');
    writeFileSync(path, '');
    await expect(guessFormat(path)).rejects.toThrow(/Set `format` to one of/);
  });

  it('says when file and folder are mixed up', async () => {
    const path = folder();
    await expect(
      openDataset(dataConfig(path, { format: 'npz' }), [meta('x', 'float32', [1])]),
    ).rejects.toThrow(/is a folder, but npz is a file/);
  });
});

describe('a damaged npz', () => {
  const file = Buffer.from(npz({ x: npy(new Float32Array(6), [2, 3]) }));
  const directory = file.lastIndexOf('PK\u0001\u0002');

  it('is the user’s error wherever its directory is wrong', async () => {
    const path = join(temporaryFolder(), 'x.npz');
    let refused = 0;
    for (let index = directory; index < file.length; index++) {
      const changed = Buffer.from(file);
      changed[index]! ^= 0xff;
      writeFileSync(path, changed);
      // Some bytes don't matter (times, attributes): then it is read.
      const opened = await openDataset(dataConfig(path), [meta('x', 'float32', [1, 3])]).catch(
        (error: unknown) => error,
      );
      if (!(opened instanceof Error)) continue;
      expect(opened, `byte ${index}`).toBeInstanceOf(UserError);
      refused++;
    }
    expect(refused).toBeGreaterThan(20);
  });
});
