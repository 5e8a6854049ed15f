import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Dataset, ShownContent } from '../../src/data/samples/dataset.js';
import { shownSamples } from '../../src/measure/shown-samples.js';
import { readThumbnail } from '../../src/report/thumbnail.js';
import { measurement } from '../report/sample-reports.js';

const entry = (sample: string) =>
  ({ sample, label: '', original: '', variant: '', figures: [1, 0], scores: [null, null] }) as const;
const naming = (...ids: string[]) => [
  measurement('accuracy.top1', 'fraction', 0.9, {
    worst: ids.map((id) => ({ ...entry(id), figures: [1, 0], scores: [null, null] })),
  }),
];
const data = (contents: Record<string, ShownContent>): Dataset => ({
  description: 'made for the test',
  length: 1,
  labelled: true,
  classes: null,
  async *samples() {},
  shown: async (ids) => new Map(Object.entries(contents).filter(([id]) => ids.has(id))),
});

/** Noise, which JPEG packs badly. */
function noise(width: number, height: number): ShownContent {
  let state = 1;
  const pixels = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state >> 16;
  });
  return { pixels: { width, height, channels: 3, data: pixels } };
}

describe('samples in a report', () => {
  it('are pictures of at most 128 pixels that hold nothing else, and beginnings of texts', async () => {
    const shown = await shownSamples(
      naming('a', 'b', 'c'),
      data({ a: noise(300, 150), b: { text: 'x '.repeat(500) } }),
    );
    expect(shown.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(readThumbnail(shown[0]!.thumbnail!)).toMatchObject({ width: 128, height: 64 });
    expect([...shown[1]!.text!]).toHaveLength(200);
    expect((await sharp(Buffer.from(shown[0]!.thumbnail!, 'base64')).metadata()).exif).toBeUndefined();
  });

  it('are never enlarged', async () => {
    const shown = await shownSamples(naming('a'), data({ a: noise(28, 28) }));
    expect(readThumbnail(shown[0]!.thumbnail!)).toMatchObject({ width: 28, height: 28 });
  });

  it('become smaller where they are many, so that five models fit into a report of 2 MB', async () => {
    const contents = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`image-${at}`, noise(128, 128)]),
    );
    const shown = await shownSamples(naming(...Object.keys(contents)), data(contents));
    expect(JSON.stringify(shown).length).toBeLessThan(300_000);
    expect(shown.length).toBeGreaterThan(30);
    expect(readThumbnail(shown[0]!.thumbnail!)).toMatchObject({ width: 64 });
  });

  it('are none where no measurement names one', async () => {
    expect(await shownSamples([measurement('accuracy.top1', 'fraction', 0.9)], data({}))).toEqual([]);
  });
});
