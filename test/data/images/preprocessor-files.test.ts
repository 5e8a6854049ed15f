/** Images that a preprocessor_config.json prepares are what Hugging Face's own processors make of them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
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

describe('images prepared by the file of', () => {
  it.each(fixture.cases)('$name', async ({ file, images }) => {
    const preprocessor = join(root, 'preprocessor_config.json');
    writeFileSync(preprocessor, JSON.stringify(file));
    const config = dataConfig(folder, { inputs: { '': input({ preprocessor }) } });
    const dataset = await openDataset(config, [meta('x', 'float32', ['n', 3, 'h', 'w'])]);
    expect(dataset.warnings.join()).not.toContain('is not done here');
    for (const { id, feeds } of await collect(dataset)) {
      const { shape, probes } = images.find(({ from }) => id.includes(from.join('x')))!;
      const { dims, data } = feeds.x!;
      expect(dims.slice(1)).toEqual(shape);
      for (const [at, expected] of probes.entries())
        expect(data[(at * 7919) % data.length]).toBeCloseTo(expected, 4);
    }
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
