/** Inputs that the data don't hold and that follow from an image or a recording. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { openCalibration, openDataset } from '../../src/data/open.js';
import { numbersOf } from '../../src/tensor/elements.js';
import type { Feeds } from '../../src/tensor/tensor.js';
import type { ValueMeta } from '../../src/tensor/value-meta.js';
import { collect, dataConfig, input, meta, npy, npz, temporaryFolder } from './samples.js';

const folder = temporaryFolder();
const IMAGE = meta('images', 'float32', ['n', 3, 'height', 'width']);
const letterbox = { size: [16, 32] as [number, number], fill: [114], align: 'top-left' as const };

/** A picture of 20 × 40 (width × height): letterboxed into 32 × 16 it takes the first 8 columns. */
beforeAll(async () => {
  await sharp({ create: { width: 20, height: 40, channels: 3, background: 'red' } })
    .png()
    .toFile(join(folder, 'a.png'));
});

function opened(inputs: readonly ValueMeta[], path = folder, prepared: readonly string[] = ['']) {
  const own = Object.fromEntries(prepared.map((name) => [name, input({ letterbox })]));
  return openDataset(dataConfig(path, { inputs: own }), inputs);
}

async function fed(inputs: readonly ValueMeta[]): Promise<Feeds> {
  const [sample] = await collect(await opened(inputs));
  return sample!.feeds;
}

it.each([
  ['orig_target_sizes', 'int64', [32, 16]],
  ['im_shape', 'float32', [16, 32]],
  ['image_shape', 'float16', [16, 32]],
  ['target_sizes', 'int32', [16, 32]],
  ['scale_factor', 'float32', [1, 1]],
  ['scale_factor', 'float16', [1, 1]],
] as const)("'%s' (%s) follows from the size of what the model sees", async (name, type, expected) => {
  for (const inputs of [
    [IMAGE, meta(name, type, ['n', 2])],
    [meta(name, type, ['n', 2]), IMAGE],
  ]) {
    const feeds = await fed(inputs);
    expect(Object.keys(feeds)).toEqual(inputs.map((one) => one.name));
    expect(feeds[name]).toMatchObject({ type, dims: [1, 2] });
    expect(Array.from(numbersOf(feeds[name]!))).toEqual(expected);
  }
});

it('the size is that of the image, wherever the colours are, and a note tells what was fed', async () => {
  const last = meta('images', 'float32', ['n', 16, 32, 3]);
  const dataset = await opened([
    last,
    meta('im_shape', 'float32', [1, 2]),
    meta('scale_factor', 'float32', [1, 2]),
  ]);
  const [sample] = await collect(dataset);
  expect(Array.from(numbersOf(sample!.feeds.im_shape!))).toEqual([16, 32]);
  expect(dataset.warnings.join('\n')).toMatch(/'im_shape'; fed with height and width of what the model sees/);
  expect(dataset.warnings.join('\n')).toMatch(/'scale_factor'; fed with a scale of 1/);
});

it("'pixel_mask' is one where the image is, in the model's size", async () => {
  const { pixel_mask: mask } = await fed([IMAGE, meta('pixel_mask', 'int64', ['n', 'height', 'width'])]);
  expect(mask!.dims).toEqual([1, 16, 32]);
  const expected = Array.from({ length: 16 * 32 }, (_, at) => Number(at % 32 < 8));
  expect(Array.from(numbersOf(mask!))).toEqual(expected);
  const { pixel_mask: coarse } = await fed([IMAGE, meta('pixel_mask', 'bool', ['n', 2, 4])]);
  expect(Array.from(numbersOf(coarse!))).toEqual([1, 0, 0, 0, 1, 0, 0, 0]);
});

it('what the data hold is fed as it is', async () => {
  const path = join(folder, 'arrays.npz');
  const images = npy(new Float32Array(3 * 4 * 6), [1, 3, 4, 6]);
  writeFileSync(path, npz({ images, im_shape: npy(Float32Array.of(7, 9), [1, 2]) }));
  const dataset = await opened([IMAGE, meta('im_shape', 'float32', ['n', 2])], path, []);
  const [sample] = await collect(dataset);
  expect(Array.from(numbersOf(sample!.feeds.im_shape!))).toEqual([7, 9]);
  expect(dataset.warnings).toEqual([]);
});

it('the length of a recording is that of its open axis', async () => {
  const path = join(folder, 'features.npz');
  writeFileSync(path, npz({ audio_signal: npy(new Float32Array(80 * 5), [1, 80, 5]) }));
  for (const shape of [['n'], ['n', 1]]) {
    const inputs = [meta('audio_signal', 'float32', ['n', 80, 'time']), meta('length', 'int64', shape)];
    const [sample] = await collect(await openDataset(dataConfig(path), inputs));
    expect(sample!.feeds.length).toMatchObject({ dims: shape.map(() => 1), data: BigInt64Array.of(5n) });
  }
});

it('samples are stacked with what follows from them where the batch is fixed', async () => {
  const inputs = [meta('images', 'float32', [2, 3, 16, 32]), meta('orig_target_sizes', 'int64', [2, 2])];
  const data = dataConfig(folder, { inputs: { '': input({ letterbox }) } });
  const [sample] = await collect(await openCalibration(data, inputs));
  expect(sample!.feeds.orig_target_sizes).toMatchObject({
    dims: [2, 2],
    data: BigInt64Array.of(32n, 16n, 32n, 16n),
  });
});
