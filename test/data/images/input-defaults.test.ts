/** Presets and preprocessor_config.json become the settings that they stand for. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { InputConfig } from '../../../src/config/data-config.js';
import { changesAsWritten } from '../../../src/data/images/alternatives.js';
import { readPreprocessor } from '../../../src/data/images/hugging-face.js';
import { resolveInputs } from '../../../src/data/images/input-defaults.js';
import { notNormalized } from '../../../src/data/images/not-normalized.js';
import { openDataset } from '../../../src/data/open.js';
import { collect, dataConfig, input, meta, temporaryFolder } from '../samples.js';

const folder = temporaryFolder();

async function resolved(
  config: Partial<InputConfig>,
  shape: (number | string)[] = ['n', 3, 224, 224],
): Promise<InputConfig> {
  const data = dataConfig('data', { inputs: { '': input(config) } });
  return (await resolveInputs(data, [meta('x', 'float32', shape)])).data.inputs['']!;
}

describe('presets', () => {
  it('are sized to the model', async () => {
    expect(await resolved({ preset: 'imagenet' })).toMatchObject({
      resize: 256,
      crop: [224, 224],
      scale: true,
    });
    expect(await resolved({ preset: 'imagenet' }, ['n', 299, 299, 3])).toMatchObject({
      resize: 342,
      crop: [299, 299],
    });
    expect(await resolved({ preset: 'clip' }, ['n', 3, 'h', 'w'])).toMatchObject({
      resize: 224,
      crop: [224, 224],
      filter: 'bicubic',
    });
    expect(await resolved({ preset: 'yolo' }, ['n', 3, 384, 640])).toMatchObject({
      letterbox: { size: [384, 640], fill: [114], align: 'center' },
      filter: 'opencv-bilinear',
      scale: true,
      crop: null,
    });
    expect(await resolved({ preset: 'caffe' })).toMatchObject({ channels: 'bgr', scale: false });
  });

  it('yield to what is written besides, and to sizes that contradict them', async () => {
    expect(await resolved({ preset: 'imagenet', resize: 232, mean: [0.5] })).toMatchObject({
      resize: 232,
      crop: [224, 224],
      mean: [0.5],
      std: [0.229, 0.224, 0.225],
    });
    expect(await resolved({ preset: 'imagenet', resize: [224, 224] })).toMatchObject({ crop: null });
    const letterbox = { size: [64, 64] as [number, number], fill: [0], align: 'center' as const };
    expect(await resolved({ preset: 'imagenet', letterbox })).toMatchObject({ resize: null, crop: null });
    expect(await resolved({ preset: 'yolo', resize: [640, 640] })).toMatchObject({ letterbox: null });
  });
});

describe('changes that would explain a result', () => {
  it('are said of a preset so that they take effect', async () => {
    const preset = await resolved({ preset: 'imagenet' });
    expect(changesAsWritten({ scale: false, mean: null, std: null }, preset)).toBe(
      'write the settings of `preset: imagenet` out by themselves, without `mean` and `std` and with `scale: false`',
    );
    expect(changesAsWritten({ channels: 'bgr' }, preset)).toBe('write `channels: bgr`');
    expect(changesAsWritten({ mean: null }, input({ mean: [0.5] }))).toBe('leave out `mean`');
  });
});

describe('preprocessor_config.json', () => {
  const read = (json: object) => readPreprocessor(JSON.stringify(json), 'p.json');
  const imagenet = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };

  it.each([
    [
      'CLIP',
      {
        image_processor_type: 'CLIPImageProcessor',
        crop_size: { height: 224, width: 224 },
        do_center_crop: true,
        do_convert_rgb: true,
        do_normalize: true,
        do_resize: true,
        resample: 3,
        rescale_factor: 0.00392156862745098,
        size: { shortest_edge: 224 },
      },
      {
        resize: 224,
        crop: [224, 224],
        filter: 'bicubic',
        scale: true,
        mean: [0.48145466, 0.4578275, 0.40821073],
      },
    ],
    [
      'ViT, as old files write it',
      {
        feature_extractor_type: 'ViTFeatureExtractor',
        do_normalize: true,
        do_resize: true,
        image_mean: [0.5, 0.5, 0.5],
        image_std: [0.5, 0.5, 0.5],
        resample: 2,
        size: 224,
      },
      { resize: [224, 224], crop: null, filter: 'bilinear', scale: true, mean: [0.5, 0.5, 0.5] },
    ],
    [
      'DeiT',
      {
        feature_extractor_type: 'DeiTFeatureExtractor',
        crop_size: 224,
        do_center_crop: true,
        do_normalize: true,
        do_resize: true,
        ...imagenet,
        resample: 3,
        size: 256,
      },
      { resize: [256, 256], crop: [224, 224], filter: 'bicubic', mean: imagenet.image_mean },
    ],
    [
      'ConvNeXT below 384 pixels',
      {
        image_processor_type: 'ConvNextImageProcessor',
        crop_pct: 0.875,
        size: { shortest_edge: 224 },
        ...imagenet,
        resample: 3,
      },
      { resize: 256, crop: [224, 224], filter: 'bicubic' },
    ],
    [
      'ConvNeXT from 384 pixels on',
      { image_processor_type: 'ConvNextImageProcessor', size: { shortest_edge: 384 }, ...imagenet },
      { resize: [384, 384] },
    ],
    [
      'DETR',
      {
        feature_extractor_type: 'DetrFeatureExtractor',
        size: 800,
        max_size: 1333,
        format: 'coco_detection',
        ...imagenet,
      },
      { resize: { shorter: 800, longer: 1333 }, filter: 'bilinear', mean: imagenet.image_mean },
    ],
    [
      'YOLOS',
      {
        image_processor_type: 'YolosImageProcessor',
        do_pad: true,
        size: { longest_edge: 1333, shortest_edge: 512 },
        ...imagenet,
      },
      { resize: { shorter: 512, longer: 1333 }, crop: null },
    ],
    [
      'RT-DETR',
      {
        image_processor_type: 'RTDetrImageProcessor',
        do_normalize: false,
        size: { height: 640, width: 640 },
        resample: 2,
        do_pad: false,
      },
      { resize: [640, 640], scale: true },
    ],
    [
      'SegFormer',
      {
        feature_extractor_type: 'SegformerFeatureExtractor',
        reduce_labels: true,
        size: 512,
        resample: 2,
        ...imagenet,
      },
      { resize: [512, 512], mean: imagenet.image_mean },
    ],
    [
      'MobileViT, whose colours are turned and not normalized',
      {
        image_processor_type: 'MobileViTImageProcessor',
        do_flip_channel_order: true,
        size: { shortest_edge: 288 },
        crop_size: { height: 256, width: 256 },
      },
      { resize: 288, crop: [256, 256], channels: 'bgr' },
    ],
    [
      'a padded size and a factor of its own',
      {
        size: { longest_edge: 512 },
        do_pad: true,
        pad_size: { height: 512, width: 512 },
        rescale_factor: 0.0078431,
      },
      { resize: { longer: 512 }, pad: { size: [512, 512], fill: 'mean' }, scale: 0.0078431 },
    ],
  ])('of %s', (_, json, expected) => {
    const { defaults, unknown } = read(json);
    expect(defaults).toMatchObject(expected);
    expect(unknown).toEqual([]);
  });

  it('does not normalize where it says so', () => {
    const { defaults } = read({ image_processor_type: 'RTDetrImageProcessor' });
    expect(defaults.mean).toBeUndefined();
    expect(read({ do_rescale: false, do_normalize: false }).defaults).toMatchObject({ scale: false });
  });

  it('tells that masks count from 1, where there are masks and nothing says so', async () => {
    const file = join(folder, 'segformer.json');
    writeFileSync(
      file,
      JSON.stringify({ image_processor_type: 'SegformerImageProcessor', do_reduce_labels: true }),
    );
    const warnings = async (changes: object) => {
      const data = dataConfig('data', { inputs: { '': input({ preprocessor: file }) }, ...changes });
      return (await resolveInputs(data, [meta('x', 'float32', ['n', 3, 'h', 'w'])])).warnings.join();
    };
    expect(await warnings({ masks: 'masks' })).toMatch(/`ignore: 0` beside `masks` and `label-offset: -1`/);
    expect(await warnings({ masks: 'masks', ignore: 0 })).toBe('');
    expect(await warnings({})).toBe('');
  });

  it('tells what it says and is not done here', () => {
    expect(read({ do_thumbnail: true, resample: 5 }).unknown).toEqual(['do_thumbnail', 'resample: 5']);
  });

  it.each([
    ['{', /p\.json is no JSON/],
    ['[]', /holds no mapping/],
    ['{"size": {"depth": 3}}', /`size` is \{"depth":3\}; expected height and width/],
    ['{"size": 224, "image_mean": "a"}', /`image_mean` is "a"; expected numbers/],
  ])('that holds %s is refused', (text, message) => {
    expect(() => readPreprocessor(text, 'p.json')).toThrow(message);
  });

  it.each([
    ['crop_size', { do_center_crop: true, size: 8, crop_size: { height: 0.5, width: 8 } }],
    ['crop_size', { do_center_crop: true, size: 8, crop_size: -8 }],
    ['size', { size: 7.5 }],
    ['pad_size', { size: 8, do_pad: true, pad_size: { height: 8, width: '8' } }],
  ])('is refused where %s is no whole number of pixels', (key, json) => {
    expect(() => read({ image_processor_type: 'ViTImageProcessor', ...imagenet, ...json })).toThrow(
      `p.json: \`${key}\` is`,
    );
  });
});

describe('data with a preprocessor file', () => {
  it('are prepared as it says, and a key that is not done is a warning', async () => {
    mkdirSync(join(folder, 'images', 'a'), { recursive: true });
    const image = {
      create: { width: 20, height: 10, channels: 3, background: { r: 255, g: 0, b: 51 } },
    } as const;
    await sharp(image)
      .png()
      .toFile(join(folder, 'images', 'a', '1.png'));
    const file = join(folder, 'preprocessor_config.json');
    writeFileSync(
      file,
      JSON.stringify({
        size: { height: 4, width: 4 },
        resample: 3,
        image_mean: [0, 0, 0.2],
        image_std: [1, 1, 1],
        do_thumbnail: true,
      }),
    );
    const config = dataConfig(join(folder, 'images'), { inputs: { '': input({ preprocessor: file }) } });
    const dataset = await openDataset(config, [meta('x', 'float32', ['n', 3, 4, 4])]);
    expect(dataset.warnings.join()).toMatch(/says `do_thumbnail`, which is not done here/);
    const [sample] = await collect(dataset);
    const values = Array.from(sample!.feeds.x!.data as Float32Array);
    expect(values.slice(0, 16)).toEqual(Array(16).fill(1));
    expect(values.slice(32).every((value) => Math.abs(value) < 1e-7)).toBe(true);
    expect(sample!.placement).toMatchObject({
      original: { width: 20, height: 10 },
      canvas: { width: 4, height: 4 },
    });
  });

  it('that is not there end with its name', async () => {
    const config = dataConfig(folder, { inputs: { '': input({ preprocessor: join(folder, 'none.json') }) } });
    await expect(openDataset(config, [meta('x', 'float32', ['n', 3, 4, 4])])).rejects.toThrow(
      /preprocessor file .*none\.json can't be read/,
    );
  });
});

describe('calibration images that nobody normalized', () => {
  const images = join(folder, 'images');
  const inputs = [meta('x', 'float32', ['n', 3, 4, 4])];
  const open = (config: Partial<InputConfig>) =>
    openDataset(dataConfig(images, { inputs: { '': input({ resize: [4, 4], ...config }) } }), inputs);

  it('are told of, unless something says that 0 … 1 is right', async () => {
    expect(notNormalized(await open({}), inputs)).toMatch(/values from 0 to 1, because nothing says/);
    expect(notNormalized(await open({ scale: true }), inputs)).toBeNull();
    expect(notNormalized(await open({ mean: [0.5] }), inputs)).toBeNull();
    expect(notNormalized(await open({ preset: 'imagenet' }), inputs)).toBeNull();
  });

  it('are no matter for a model of grey images, or of bytes', async () => {
    const grey = [meta('x', 'float32', ['n', 1, 4, 4])];
    const dataset = await openDataset(
      dataConfig(images, { inputs: { '': input({ resize: [4, 4] }) } }),
      grey,
    );
    expect(notNormalized(dataset, grey)).toBeNull();
    const bytes = [meta('x', 'uint8', ['n', 3, 4, 4])];
    const fed = await openDataset(dataConfig(images, { inputs: { '': input({ resize: [4, 4] }) } }), bytes);
    expect(notNormalized(fed, bytes)).toBeNull();
  });
});
