import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import type { Candidate } from '../../../src/verify/repair/candidate.js';
import type { LosingLayer } from '../../../src/verify/repair/losing-layers.js';
import { repaired } from '../../../src/verify/repair/repair.js';
import { type Effort, type RepairOptions, TOO_DEAR } from '../../../src/verify/repair/search.js';

const losing = (node: string, ...sources: string[][]): LosingLayer => ({
  node,
  operator: 'Log',
  loss: 20,
  sources,
});

const WORST = [losing('log', ['add'], ['square'], ['conv'], ['input']), losing('div', ['sum'])];

/** Files whose outputs' SQNR is what `sqnrOf` says of the layers that are left. */
function repairOf(
  sqnrOf: (left: ReadonlySet<string>) => number,
  {
    goal = 40,
    floor = 30,
    reductions = 6,
    quantized = 5,
    hidden = [] as string[],
    files = 20,
    reduced = null as string[] | null,
    worst = WORST,
    costOf = (_: ReadonlySet<string>): number | null => null,
    savedOf = (_: ReadonlySet<string>): number | null => null,
    sizeOf = (_: ReadonlySet<string>): number => 0.5,
    reducedBytesOf = (_: ReadonlySet<string>): number => 1000,
    seenOf = (_: ReadonlySet<string>, sqnr: number) => sqnr,
    tries = false,
    lostInFull = 0,
    layersFor = (async () => null) as RepairOptions<Candidate>['layersFor'],
    foresees = false,
    restore = undefined as (() => Promise<void>) | undefined,
    aimAbove = undefined as number | undefined,
    bytesOf = undefined as ((layer: string) => number) | undefined,
    halves = undefined as string[] | undefined,
  } = {},
) {
  const made: string[][] = [];
  const file = (excluded: readonly string[], high = goal, lost = 0): Candidate => {
    const sqnr = sqnrOf(new Set(excluded)) - lost;
    const isLow = sqnr < high;
    return {
      sqnr,
      seen: seenOf(new Set(excluded), sqnr),
      worst: async () => (isLow ? worst : []),
      hidden: isLow ? hidden : [],
      excluded,
      quantized,
      reduced: reduced && new Set(reduced),
      cost: costOf(new Set(excluded)),
      saved: savedOf(new Set(excluded)),
      size: sizeOf(new Set(excluded)),
      reducedBytes: reducedBytesOf(new Set(excluded)),
      isTry: false,
    };
  };
  const efforts: string[] = [];
  const attempt = async (excluded: readonly string[], effort: Effort) => {
    made.push([...excluded]);
    efforts.push(effort);
    const isTry = tries && effort === 'try';
    return { ...file(excluded, isTry ? goal + 1 : goal, isTry ? 0 : lostInFull), isTry };
  };
  const context = { log: SILENT, signal: new AbortController().signal };
  const search = repaired(file([]), {
    ...{ goal, floor, reductions, files, layersFor, attempt, context },
    ...(foresees && { costOf: (excluded) => costOf(new Set(excluded)) }),
    ...(restore && { restore }),
    ...(aimAbove !== undefined && { aimAbove }),
    ...(bytesOf && { bytesOf }),
    ...(halves && { halves }),
  });
  return { result: search.then(({ file }) => file), search, made, efforts };
}

describe('a repair', () => {
  it('leaves the layer that loses most, where that is enough', async () => {
    const { result, made } = repairOf((left) => (left.has('log') ? 45 : 20));
    expect((await result).excluded).toEqual(['log']);
    expect(made).toEqual([['log']]);
  });

  it('goes on to what that layer reads, and gives back what need not be left', async () => {
    const { result, made } = repairOf((left) => (left.has('log') && left.has('square') ? 45 : 20));
    expect((await result).excluded).toEqual(['log', 'square']);
    expect(made.at(-1)).toEqual(['log', 'square']);
  });

  it('follows what amplifies all before it to the beginning', async () => {
    const { result } = repairOf((left) => (left.has('log') && left.has('input') ? 41 : 20));
    expect((await result).excluded).toContain('input');
    expect((await result).sqnr).toBe(41);
  });

  it('keeps the best where nothing reaches the goal, and makes it again', async () => {
    const { result, made } = repairOf((left) => (left.size === 1 ? 35 : 25));
    expect((await result).excluded).toEqual(['log']);
    expect(made.at(-1)).toEqual(['log']);
  });

  it('gives up a file above the floor only for one that is surely better', async () => {
    const { result, made } = repairOf((left) => (left.size === 0 ? 38 : 38.5));
    expect((await result).excluded).toEqual([]);
    expect(made.at(-1)).toEqual([]);
  });

  it('makes the first file no second time where that was put aside', async () => {
    let restored = 0;
    const restore = async () => {
      restored++;
    };
    const { result, made } = repairOf((left) => (left.size === 0 ? 38 : 38.5), { restore });
    expect((await result).excluded).toEqual([]);
    expect(made.length).toBeGreaterThan(0);
    expect(made).not.toContainEqual([]);
    expect(restored).toBe(1);
  });

  it('never takes a file in which nothing is left in the reduced type for a repair of one above the floor', async () => {
    const { result } = repairOf((left) => (left.size === 0 ? 35 : 300), { quantized: 0 });
    expect((await result).sqnr).toBe(35);
  });

  it('finds what loses in bodies, where layers are not compared, by giving halves back', async () => {
    const hidden = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const { result, made } = repairOf((left) => (left.has('f') ? 45 : 20), { hidden });
    expect((await result).excluded).toEqual(['f']);
    expect(made.at(-1)).toEqual(['f']);
  });

  it('puts the best file back where bodies left as they are do not help', async () => {
    const { result, made } = repairOf(() => 20, { hidden: ['a', 'b'] });
    expect((await result).excluded).toEqual([]);
    expect(made.at(-1)).toEqual([]);
  });

  it('leaves only layers that are in the reduced type, and makes no file twice', async () => {
    const { result, made } = repairOf((left) => (left.has('conv') ? 45 : 20), {
      reduced: ['conv', 'sum'],
    });
    expect((await result).excluded).toEqual(['conv']);
    expect(made).toEqual([['sum'], ['sum', 'conv'], ['conv']].map((names) => expect.arrayContaining(names)));
  });

  it('ends when its files are used up, with the best one there, and says so', async () => {
    const { search, made } = repairOf((left) => (left.size === 1 ? 35 : 25), { files: 3 });
    expect(await search).toMatchObject({ file: { excluded: ['log'] }, made: 3, isCutShort: true });
    expect(made.at(-1)).toEqual(['log']);
  });

  it('goes in longer strides where few files may be made', async () => {
    const { search } = repairOf((left) => (left.has('log') && left.has('input') ? 41 : 20), {
      files: 5,
      reductions: 0,
    });
    expect(await search).toMatchObject({ file: { sqnr: 41 }, isCutShort: false });
  });

  it('tries files without what takes long, and makes the one that is kept in full', async () => {
    const { result, made, efforts } = repairOf((left) => (left.has('log') ? 45 : 20), { tries: true });
    expect(await result).toMatchObject({ excluded: ['log'], isTry: false });
    expect(made).toEqual([['log'], ['log']]);
    expect(efforts).toEqual(['try', 'full']);
  });

  it('asks more of a try than of a file made in full, which may lose a little by what is added', async () => {
    const { result } = repairOf((left) => (left.has('square') ? 45 : left.has('log') ? 40.2 : 20), {
      tries: true,
    });
    expect((await result).excluded).toEqual(['square']);
  });

  it('leaves more where the file that is made in full falls short of the goal again', async () => {
    const layersFor = async (gain: number) =>
      Array.from({ length: Math.ceil(gain) }, (_, at) => `layer ${at}`);
    const { result, efforts } = repairOf((left) => 35 + left.size, { tries: true, lostInFull: 3, layersFor });
    const { sqnr, isTry } = await result;
    expect(isTry).toBe(false);
    expect(sqnr).toBeGreaterThanOrEqual(40);
    expect(efforts).toEqual(['try', 'full', 'try', 'full']);
  });

  it('puts the first file back where the one that is kept turns out worse in full', async () => {
    let times = 0;
    const { result } = repairOf((left) => (left.size === 0 ? 25 : times++ === 0 ? 41 : 24), { tries: true });
    expect(await result).toMatchObject({ excluded: [], isTry: false, sqnr: 25 });
  });

  it('gives a file above the floor little more time, one below it whatever it takes', async () => {
    const sqnrs = (before: number) => (left: ReadonlySet<string>) => (left.has('log') ? 45 : before);
    const costOf = (left: ReadonlySet<string>) => (left.has('log') ? 150 : 100);
    expect((await repairOf(sqnrs(35), { costOf }).result).excluded).toEqual([]);
    expect((await repairOf(sqnrs(20), { costOf }).result).excluded).toEqual(['log']);
  });

  it('gives no file above the floor away for one that saves next to nothing, though that reaches the goal', async () => {
    const sizeOf = (left: ReadonlySet<string>) => (left.has('square') ? 0.98 : 0.5);
    const sqnrOf = (left: ReadonlySet<string>) => (left.has('square') ? 60 : left.has('log') ? 34 : 25);
    // Below the floor at first, above it with one layer left: that one is kept.
    expect((await repairOf(sqnrOf, { sizeOf }).result).excluded).toEqual(['log']);
    const below = (left: ReadonlySet<string>) => (left.has('square') ? 60 : 25);
    expect((await repairOf(below, { sizeOf }).result).excluded).toContain('square');
  });

  it('gives no file above the floor away for one that computes in float32 again, however small that is', async () => {
    const reducedBytesOf = (left: ReadonlySet<string>) => (left.has('square') ? 100 : 900);
    const sqnrOf = (left: ReadonlySet<string>) => (left.has('square') ? 60 : left.has('log') ? 34 : 25);
    expect((await repairOf(sqnrOf, { reducedBytesOf }).result).excluded).toEqual(['log']);
    // Where times are known, they say it.
    const costOf = () => 100;
    expect((await repairOf(sqnrOf, { reducedBytesOf, costOf }).result).excluded).toContain('square');
  });

  it('pays next to nothing where only samples that nobody saw may fall short of the goal', async () => {
    const sqnrOf = (left: ReadonlySet<string>) => (left.has('loud') ? 42 : 38);
    const layersFor = async () => ['loud'];
    const seenOf = () => 41;
    const sizeOf = (growth: number) => (left: ReadonlySet<string>) => (left.has('loud') ? 0.5 + growth : 0.5);
    const costOf = (left: ReadonlySet<string>) => (left.has('loud') ? 105 : 100);
    const leftBy = async (options: Parameters<typeof repairOf>[1]) =>
      (await repairOf(sqnrOf, { layersFor, seenOf, ...options }).result).excluded;
    expect(await leftBy({ sizeOf: sizeOf(0.01) })).toEqual(['loud']);
    expect(await leftBy({ sizeOf: sizeOf(0.03) })).toEqual([]);
    expect(await leftBy({ costOf })).toEqual([]);
    const reducedBytesOf = (share: number) => (left: ReadonlySet<string>) =>
      left.has('loud') ? 1000 * share : 1000;
    expect(await leftBy({ reducedBytesOf: reducedBytesOf(0.95) })).toEqual(['loud']);
    expect(await leftBy({ reducedBytesOf: reducedBytesOf(0.8) })).toEqual([]);
    expect(await leftBy({ seenOf: () => 39, sizeOf: sizeOf(0.03), costOf })).toEqual(['loud']);
    // Nor is such a file made again and again where what layers do to the outputs can't be seen.
    const blind = repairOf(sqnrOf, { seenOf });
    expect((await blind.result).excluded).toEqual([]);
    expect(blind.made).toEqual([]);
  });

  it('makes no file whose time is foreseen to be too much, where the first one may stay', async () => {
    const costOf = (left: ReadonlySet<string>) => 100 + 6 * left.size;
    const sqnrOf = (left: ReadonlySet<string>) => 35 + 4 * left.size;
    const layersFor = async (gain: number) => ['loud', 'louder', 'loudest'].slice(0, Math.ceil(gain / 4));
    const foreseen = repairOf(sqnrOf, { layersFor, costOf, foresees: true });
    const made = repairOf(sqnrOf, { layersFor, costOf });
    expect((await foreseen.result).excluded).toEqual((await made.result).excluded);
    expect(foreseen.made.length).toBeLessThan(made.made.length);
    // One that may not stay is exchanged for what it takes.
    const below = repairOf((left) => 25 + 6 * left.size, { layersFor, costOf, foresees: true });
    expect((await below.result).excluded).toEqual(['loud', 'louder', 'loudest']);
  });

  it('tells where layers are looked for that they are surely more than may be left', async () => {
    const layers = Array.from({ length: 40 }, (_, index) => [`layer ${index}`]);
    const costOf = (left: ReadonlySet<string>) => 100 + 2 * left.size;
    const asked: boolean[] = [];
    const layersFor: RepairOptions<Candidate>['layersFor'] = async (_, affordable) => {
      const { isTooMany } = affordable!;
      asked.push(isTooMany(3, layers), isTooMany(30, layers));
      return TOO_DEAR;
    };
    const { result, made } = repairOf(() => 35, { layersFor, costOf, foresees: true });
    expect((await result).excluded).toEqual([]);
    expect(asked).toEqual([false, true]);
    expect(made).toEqual([]);
    await repairOf(() => 20, { layersFor, costOf, foresees: true }).result;
    expect(asked.slice(2, 4)).toEqual([false, false]);
  });

  it('pays no more for that doubt where the samples at hand had to be brought to the goal', async () => {
    const layersFor = async (gain: number) =>
      Array.from({ length: Math.ceil(gain) }, (_, at) => `layer ${at}`);
    const seenOf = (_: ReadonlySet<string>, sqnr: number) => sqnr + 6;
    const leftBy = async (growth: number) => {
      const sizeOf = (left: ReadonlySet<string>) => 0.5 + growth * left.size;
      return await repairOf((left) => 26 + left.size, { layersFor, seenOf, sizeOf }).result;
    };
    expect((await leftBy(0.001)).sqnr).toBeGreaterThanOrEqual(40);
    const { seen, sqnr, size } = await leftBy(0.01);
    expect(seen).toBeGreaterThanOrEqual(40);
    expect(sqnr).toBeLessThan(40);
    expect(size).toBeLessThanOrEqual(0.5 + 0.01 * 10 + 0.02);
  });

  it('leaves what the outputs hear most, and more of it where the file gains less than was expected', async () => {
    const heard = ['loud', 'louder', 'loudest'];
    const asked: number[] = [];
    const layersFor = async (gain: number) => {
      asked.push(gain);
      return heard.slice(0, Math.min(asked.length, 3));
    };
    const { result, made } = repairOf((left) => 20 + 8 * left.size, { layersFor });
    expect((await result).excluded).toEqual(heard);
    expect(made).toEqual([heard.slice(0, 1), heard.slice(0, 2), heard]);
    expect(asked[1]).toBeGreaterThan(asked[0]!);
  });

  it('asks for more where the layers that gave too little are named again', async () => {
    const layersFor = async (gain: number) =>
      Array.from({ length: 4 * Math.ceil(gain / 12) }, (_, at) => `layer ${at}`);
    const { result, made } = repairOf((left) => 36 + left.size / 2, { layersFor });
    expect((await result).sqnr).toBe(40);
    expect(made.map((left) => left.length)).toEqual([4, 8]);
  });

  it('leaves less of it where the goal costs what the method saves, as long as the floor is kept', async () => {
    const layersFor = async (gain: number) =>
      Array.from({ length: Math.ceil(gain) }, (_, at) => `layer ${at}`);
    const sizeOf = (left: ReadonlySet<string>) => 0.5 + 0.03 * left.size;
    const { result } = repairOf((left) => 28 + left.size, { layersFor, sizeOf });
    const { sqnr, size } = await result;
    expect(sqnr).toBeGreaterThanOrEqual(30);
    expect(sqnr).toBeLessThan(40);
    expect(size).toBeLessThanOrEqual(0.75);
  });

  describe('that takes time from the file and goes far beyond its goal', () => {
    const dear = ['a', 'b', 'c', 'd'];
    const layersFor = async () => dear;
    const savedOf = (left: ReadonlySet<string>) => 100 - 20 * left.size;
    const of = (needed: string, brings: number, files = 20) =>
      repairOf((left) => 20 + 20 * Number(left.has(needed)) + brings * left.size, {
        ...{ goal: 25, floor: 15, layersFor, savedOf, files },
      });

    it('gives back the layers that bring little', async () => {
      expect((await of('b', 1).result).excluded).toEqual(['b']);
    });

    it('keeps layers without which most of what it won is lost', async () => {
      const { result } = repairOf((left) => 20 + 6 * left.size, {
        ...{ goal: 25, floor: 15, layersFor, savedOf },
      });
      expect((await result).excluded).toHaveLength(3);
    });

    it('leaves it at that where few files may be made', async () => {
      expect((await of('b', 1, 5).result).excluded).toEqual(dear);
    });

    it('leaves it at that where the time is as good as the first file’s', async () => {
      const { result } = repairOf((left) => 20 + 20 * Number(left.has('b')), {
        ...{ goal: 25, floor: 15, layersFor, savedOf: () => 100 },
      });
      expect((await result).excluded).toEqual(dear);
    });
  });

  describe('that costs bytes and goes far beyond its aim', () => {
    const bytes: Record<string, number> = { a: 10, b: 4000, c: 20, d: 3000, e: 30, f: 40 };
    const names = Object.keys(bytes);
    const of = (needed: string, brings: number, own = {}) =>
      repairOf((left) => 16 + 12 * Number(left.has(needed)) + brings * left.size, {
        ...{ goal: 20, floor: 15, aimAbove: 6.5, bytesOf: (layer) => bytes[layer]! },
        layersFor: async () => names,
        sizeOf: (left) => 0.25 + [...left].reduce((sum, layer) => sum + bytes[layer]! / 40_000, 0),
        ...own,
      });

    it('gives back the largest layers that are not needed', async () => {
      const { excluded, sqnr } = await of('c', 0.1).result;
      expect(excluded).toContain('c');
      expect(excluded).not.toContain('b');
      expect(excluded).not.toContain('d');
      expect(sqnr).toBeGreaterThanOrEqual(25.5);
    });

    it('may make as many files again, where the search had few', async () => {
      const { search, made } = of('c', 0.1, { files: 2 });
      const { file } = await search;
      expect(file.excluded).toContain('c');
      expect(file.excluded).not.toContain('b');
      expect(made.length).toBeLessThanOrEqual(4);
    });

    it('keeps a large layer that is needed', async () => {
      const { result, made } = of('b', 0.1);
      const { excluded } = await result;
      expect(excluded).toContain('b');
      expect(excluded).not.toContain('d');
      // Without all of them it would be the first file.
      expect(made).not.toContainEqual([]);
    });

    it('leaves it at that near the aim, where bytes say little, and where they are not asked for', async () => {
      expect((await of('c', -0.5).result).excluded).toEqual(names);
      expect((await of('c', 0.1, { sizeOf: () => 0.25 }).result).excluded).toEqual(names);
      expect((await of('c', 0.1, { bytesOf: undefined }).result).excluded).toEqual(names);
    });
  });

  describe('that reaches its goal far below what it aimed at', () => {
    const of = (own = {}) =>
      repairOf((left) => 15 + Math.min(left.size, 14) / 2, {
        ...{ goal: 20, floor: 15, aimAbove: 6.5, bytesOf: () => 10, ...own },
        layersFor: async (gain) => Array.from({ length: Math.floor(gain) }, (_, at) => `layer ${at}`),
      });

    it('leaves more, once, where what is left costs few bytes', async () => {
      const { search, made } = of();
      expect((await search).file.sqnr).toBe(22);
      expect(made.map((left) => left.length)).toEqual([11, 17]);
    });

    it('keeps the one before where more of them gain nothing, or cost what was saved', async () => {
      const sizeOf = (left: ReadonlySet<string>) => (left.size > 11 ? 0.9 : 0.5);
      expect((await of({ sizeOf }).result).excluded).toHaveLength(11);
      expect((await of({ bytesOf: undefined }).result).excluded).toHaveLength(11);
    });
  });

  describe('of a file below the floor that loses most before a logarithm', () => {
    const spectrum = ['pow', 'real', 'frame'];
    const worst: LosingLayer[] = [
      { ...losing('frame'), operator: 'Slice', amplified: spectrum },
      losing('net'),
    ];
    const layersFor = async () => ['net', 'real'];
    const reduced = [...spectrum, 'net'];

    it('leaves all before it, before anything else is tried', async () => {
      const sqnrOf = (left: ReadonlySet<string>) => (spectrum.every((name) => left.has(name)) ? 45 : 10);
      const { result, made } = repairOf(sqnrOf, { worst, layersFor, reduced });
      expect((await result).excluded).toEqual(spectrum);
      expect(made).toEqual([spectrum]);
    });

    it('looks for other layers where little is left in 8 bits then: the logarithm stands at the end', async () => {
      const sqnrOf = (left: ReadonlySet<string>) => (left.has('real') ? 45 : 10);
      const costOf = (left: ReadonlySet<string>) => (left.has('pow') ? 2 : 1);
      const { result, made } = repairOf(sqnrOf, { worst, layersFor, reduced, costOf });
      expect((await result).excluded).toEqual(['net', 'real']);
      expect(made[0]).toEqual(spectrum);
    });

    it('looks for other layers where that is not enough, or the file may stay', async () => {
      const sqnrOf = (left: ReadonlySet<string>) => (left.has('net') ? 45 : 10);
      const low = repairOf(sqnrOf, { worst, layersFor, reduced });
      expect((await low.result).excluded).toEqual(['net', 'real']);
      expect(low.made[0]).toEqual(spectrum);
      const { made, result } = repairOf((left) => sqnrOf(left) + 25, { worst, layersFor, reduced });
      await result;
      expect(made[0]).toEqual(['net', 'real']);
    });
  });

  describe('of half precision', () => {
    const halves = ['log', 'add', 'square', 'conv', 'input', 'div', 'sum', 'net'];
    const all = ['log', 'add', 'square', 'conv', 'input', 'div', 'sum'];

    it('leaves all before a logarithm that loses much, before anything else is tried', async () => {
      let asked = 0;
      const layersFor = async () => {
        asked++;
        return ['net'];
      };
      const sqnrOf = (left: ReadonlySet<string>) => (all.every((name) => left.has(name)) ? 55 : 15);
      const { result, made } = repairOf(sqnrOf, { halves, layersFor });
      expect(await result).toMatchObject({ excluded: all, sqnr: 55 });
      expect(made).toEqual([all]);
      expect(asked).toBe(0);
    });

    it('looks for other layers where that is not enough', async () => {
      const layersFor = async () => ['net'];
      const { result, made } = repairOf((left) => (left.has('net') ? 45 : 20), { halves, layersFor });
      expect((await result).excluded).toEqual(['net']);
      expect(made).toEqual([all, ['net']]);
    });

    it('has weights alone in half where nothing else reaches the floor', async () => {
      const sqnrOf = (left: ReadonlySet<string>) => (left.size === halves.length ? 45 : 10 + left.size);
      expect((await repairOf(sqnrOf, { halves }).result).excluded).toEqual(halves);
      // Not where such a file saves nothing, nor where it falls short of the floor, too.
      const sizeOf = (left: ReadonlySet<string>) => (left.size === halves.length ? 1 : 0.5);
      expect((await repairOf(sqnrOf, { halves, sizeOf }).result).excluded).not.toEqual(halves);
      const { sqnr } = await repairOf((left) => 10 + left.size, { halves }).result;
      expect(sqnr).toBeLessThan(30);
    });
  });
});
