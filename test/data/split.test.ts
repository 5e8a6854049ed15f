/** One folder split in two: every class its share, by the samples' own bytes, equal samples together. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { loadConfig, parseConfig } from '../../src/config/read/load.js';
import { openDataset } from '../../src/data/open.js';
import type { Source } from '../../src/data/samples/source.js';
import { sideOf } from '../../src/data/split.js';
import { collect, dataConfig, meta, temporaryFolder } from './samples.js';

/** A source of samples known by their bytes alone; `bytes` without a class. */
function source(bytes: readonly string[], classes?: readonly number[]): Source {
  return {
    description: 'made up',
    length: bytes.length,
    labelled: classes !== undefined,
    classes: null,
    ...(classes ? { classOf: (index: number) => classes[index]! } : {}),
    id: (index) => bytes[index]!,
    hash: async (index) => bytes[index]!,
    read: () => Promise.reject(new Error('not read')),
  };
}

const names = (count: number, prefix = 's') => Array.from({ length: count }, (_, at) => `${prefix}${at}`);
const split = (calibration: number, part: 'calibration' | 'evaluation' = 'calibration') => ({
  calibration,
  part,
});

async function calibrating(
  bytes: readonly string[],
  count: number,
  classes?: readonly number[],
): Promise<string[]> {
  const side = await sideOf(source(bytes, classes), split(count), '/data');
  return bytes.filter((_, at) => side[at] === 1);
}

describe('a split', () => {
  it('gives each sample one side', async () => {
    const all = source(names(100));
    const [calibration, evaluation] = [
      await sideOf(all, split(30), 'd'),
      await sideOf(all, split(30, 'evaluation'), 'd'),
    ];
    expect(calibration.reduce((sum, one) => sum + one, 0)).toBe(30);
    expect(Array.from(calibration, (one, at) => one + evaluation[at]!)).toEqual(Array(100).fill(1));
  });

  it('takes of each class its share', async () => {
    const bytes = names(100);
    const classes = bytes.map((_, at) => (at < 70 ? 0 : at < 95 ? 1 : 2));
    const chosen = await calibrating(bytes, 20, classes);
    const counts = [0, 0, 0];
    for (const name of chosen) counts[classes[bytes.indexOf(name)]!]!++;
    expect(counts).toEqual([14, 5, 1]);
  });

  it('keeps nearly all samples on their side when files are added or taken away', async () => {
    const before = await calibrating(names(200), 50);
    const more = [...names(20, 'new'), ...names(200)];
    const after = new Set(await calibrating(more, 50));
    expect(before.filter((name) => !after.has(name)).length).toBeLessThanOrEqual(12);
    expect(await calibrating([...names(200)].reverse(), 50)).toEqual([...before].reverse());
  });

  it('keeps equal samples together', async () => {
    const twice = [...names(40), ...names(40)];
    const side = await sideOf(source(twice), split(20), 'd');
    for (let at = 0; at < 40; at++) expect(side[at]).toBe(side[at + 40]);
  });

  it('leaves something to evaluate', async () => {
    await expect(sideOf(source(names(10)), split(10), '/data')).rejects.toThrow(
      /holds 10 samples.*would leave none to evaluate/,
    );
  });
});

describe('split in the configuration', () => {
  const folder = temporaryFolder();

  it('opens one folder of images as two sets without a common sample', async () => {
    for (const name of ['cat', 'dog']) mkdirSync(join(folder, 'all', name), { recursive: true });
    for (let at = 0; at < 20; at++) {
      const picture = sharp({
        create: { width: 4, height: 4, channels: 3, background: { r: at, g: at * 7, b: 0 } },
      });
      await picture.png().toFile(join(folder, 'all', at % 2 === 0 ? 'cat' : 'dog', `${at}.png`));
    }
    writeFileSync(join(folder, 'm.onnx'), '');
    writeFileSync(
      join(folder, 'quantgate.yml'),
      'version: 1\nmodels: [{ path: m.onnx, task: classification, data: { path: all, split: { calibration: 6 } } }]\n',
    );
    const [model] = (await loadConfig(join(folder, 'quantgate.yml'))).models;
    const inputs = [meta('x', 'float32', ['n', 3, 4, 4])];
    const calibration = await openDataset(model!.data.calibration!, inputs);
    const evaluation = await openDataset(model!.data.evaluation!, inputs);
    const ids = async (dataset: typeof calibration) => (await collect(dataset)).map(({ id }) => id);
    const [own, others] = [await ids(calibration), await ids(evaluation)];
    expect([own.length, others.length]).toEqual([6, 14]);
    expect(own.filter((id) => id.startsWith('cat')).length).toBe(3);
    expect(new Set([...own, ...others]).size).toBe(20);
    expect(calibration.description).toMatch(/split for calibration$/);
    rmSync(join(folder, 'quantgate.yml'));
    const limited = await openDataset({ ...model!.data.evaluation!, limit: 5 }, inputs);
    expect((await ids(limited)).every((id) => others.includes(id))).toBe(true);
  });

  it('reads labels of arrays and tables for the classes', async () => {
    writeFileSync(
      join(folder, 'list.jsonl'),
      names(10)
        .map((_, at) => JSON.stringify({ x: [at], label: at % 2 }))
        .join('\n'),
    );
    const data = dataConfig(join(folder, 'list.jsonl'), { split: split(4) });
    const samples = await collect(await openDataset(data, [meta('x', 'float32', ['n', 1])]));
    expect(samples.map(({ label }) => label).sort()).toEqual([0, 0, 1, 1]);
  });

  it.each([
    ['{ path: a }', /data\.path: one set is split in two: say how/],
    [
      '{ path: a, evaluation: b, split: { calibration: 5 } }',
      /data\.path: 'evaluation' names the data already/,
    ],
    [
      '{ evaluation: a, calibration: b, split: { calibration: 5 } }',
      /data\.calibration: 'split' takes the calibration samples out/,
    ],
    ['{ split: { calibration: 5 } }', /data\.split: there is nothing to split: give a 'path'/],
  ])('refuses %s', async (data, message) => {
    const text = `version: 1\nmodels: [{ path: m.onnx, data: ${data} }]\n`;
    await expect(parseConfig(text, { file: null, directory: '/project', expand: false })).rejects.toThrow(
      message,
    );
  });
});
