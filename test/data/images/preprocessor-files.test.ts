/** Images that a preprocessor_config.json prepares are what Hugging Face's own processors make of them, and those of presets what training made. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { InputPreset } from '../../../src/config/choices.js';
import type { InputConfig } from '../../../src/config/data-config.js';
import { readPreprocessor } from '../../../src/data/images/hugging-face.js';
import { openDataset } from '../../../src/data/open.js';
import { collect, dataConfig, input, meta, temporaryFolder } from '../samples.js';
import fixture from './fixtures/preprocessed.json' with { type: 'json' };
import { picture } from './picture.js';

const root = temporaryFolder();
const folder = join(root, 'images');
for (const { from } of fixture.cases[0]!.images) {
  const [width, height] = from as [number, number];
  mkdirSync(join(folder, 'a'), { recursive: true });
  const raw = { width, height, channels: 3 } as const;
  writeFileSync(
    join(folder, 'a', `${width}x${height}.png`),
    await sharp(picture(width, height, 3).data, { raw })
      .png()
      .toBuffer(),
  );
}

interface Reference {
  images: { from: number[]; shape: number[]; probes: number[] }[];
}

async function assertPrepared(
  config: Partial<InputConfig>,
  { images }: Reference,
  shape: (number | string)[],
): Promise<readonly string[]> {
  const data = dataConfig(folder, { inputs: { '': input(config) } });
  const dataset = await openDataset(data, [meta('x', 'float32', shape)]);
  for (const { id, feeds } of await collect(dataset)) {
    const { shape: expectedShape, probes } = images.find(({ from }) => id.includes(from.join('x')))!;
    const { dims, data: values } = feeds.x!;
    expect(dims.slice(1)).toEqual(expectedShape);
    for (const [at, expected] of probes.entries())
      expect(values[(at * 7919) % values.length]).toBeCloseTo(expected, 4);
  }
  return dataset.warnings;
}

describe('images prepared by preset', () => {
  it.each(fixture.presets)('$name', async ({ name, images }) => {
    await assertPrepared({ preset: name as InputPreset }, { images }, ['n', 3, 16, 16]);
  });
});

describe('images prepared by the file of', () => {
  it.each(fixture.cases)('$name', async ({ file, images }) => {
    const preprocessor = join(root, 'preprocessor_config.json');
    writeFileSync(preprocessor, JSON.stringify(file));
    const warnings = await assertPrepared({ preprocessor }, { images }, ['n', 3, 'h', 'w']);
    expect(warnings.join()).not.toContain('is not done here');
  });
});

it('a class that is not known is told: what its file does not say may be another than it is taken to be', () => {
  const unknown = (json: object) => readPreprocessor(JSON.stringify(json), 'p.json').unknown;
  expect(unknown({ image_processor_type: 'Owlv2ImageProcessor', size: 960 })).toEqual([
    'image_processor_type: Owlv2ImageProcessor',
  ]);
  expect(unknown({ image_processor_type: 'ViTImageProcessorFast', size: 224 })).toEqual([]);
  expect(unknown({ size: 224 })).toEqual([]);
});
