import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIRST_MODELS, MODELS } from '../../bench/models/catalogue.js';
import { defaultCache } from '../../bench/models/fetch.js';
import { emptied, isComplete, keepFigures, keptFigures, withKept } from '../../bench/models/kept-rows.js';
import type { Figures } from '../../bench/models/measure.js';
import type { MethodName } from '../../bench/models/methods.js';
import { PACKAGES } from '../../bench/models/packages.js';
import { floats, type MakeSamples, writeSamples } from '../../bench/models/samples.js';
import { hann, pcm16, piece, resampled, spectrum, starts } from '../../bench/models/sounds.js';
import { brokenFiles, figuresTable, sourcesTable, weakFiles } from '../../bench/models/table.js';
import { magikaBytes, phonemeIds } from '../../bench/models/text-samples.js';
import { loadRuntime } from '../../src/runtime/load.js';
import { temporaryFolder } from '../data/samples.js';

describe('the catalogue of real models', () => {
  it('pins every package by version and SHA-256', () => {
    for (const { version, sha256 } of Object.values(PACKAGES)) {
      expect(version).toMatch(/^\d+(\.\d+)+$/);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('names every model once, and has enough for CI', () => {
    expect(new Set(MODELS.map(({ name }) => name)).size).toBe(MODELS.length);
    expect(MODELS.length).toBeGreaterThanOrEqual(FIRST_MODELS);
  });

  it('tells where a model comes from, under which licence', () => {
    const magika = MODELS.filter(({ name }) => name === 'magika');
    expect(sourcesTable(magika).split('\n').at(-1)).toBe(
      '| magika | magika 1.0.3 (PyPI) | `model.onnx` | Apache-2.0 |',
    );
  });

  it("keeps packages in the operating system's folder for caches", () => {
    expect(defaultCache({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe('/x/quantgate/bench-models');
    expect(defaultCache({}, 'darwin')).toMatch(/Library\/Caches\/quantgate\/bench-models$/);
  });
});

describe('samples', () => {
  it.each([
    ['ahead', ['0', '1', '2', '3']],
    ['among', ['0', '1', '5', '6']],
  ] as const)('calibrate %s: two of five, and the others judge', async (split, calibrating) => {
    const folder = temporaryFolder();
    const samples: MakeSamples = async function* () {
      for (let i = 0; i < 10; i++) yield { x: floats([1, 2], Float32Array.of(i, -i)) };
    };
    const preparation = { cache: folder, runtime: await loadRuntime() };
    const written = await writeSamples({ samples, split }, preparation, folder);
    const sets = (place: string) => readdirSync(place).map((name) => name.replace('test_data_set_', ''));
    expect(sets(written.calibration).sort()).toEqual(calibrating);
    expect(sets(written.evaluation)).toHaveLength(6);
    expect(written.counts).toEqual([4, 6]);
    // Never one that calibrated.
    expect([...(written.first.x!.data as Float32Array)]).toEqual(split === 'ahead' ? [4, -4] : [2, -2]);
  });

  it('of sound are read from 16-bit PCM behind other chunks', () => {
    const wav = Buffer.alloc(12 + 8 + 2 + 8 + 4);
    wav.write('RIFF', 0).toString();
    wav.write('WAVE', 8);
    wav.write('LIST', 12);
    wav.writeUInt32LE(2, 16);
    wav.write('data', 22);
    wav.writeUInt32LE(4, 26);
    wav.writeInt16LE(16384, 30);
    wav.writeInt16LE(-32768, 32);
    expect([...pcm16(wav)]).toEqual([0.5, -1]);
    expect(() => pcm16(wav.subarray(0, 22))).toThrow(/no samples/);
  });

  it('of sound at another rate lie between their neighbours', () => {
    const ramp = Float32Array.from({ length: 17 }, (_, i) => i);
    expect([...resampled(ramp, 32_000)].slice(0, 4)).toEqual([0, 0.5, 1, 1.5]);
    expect(starts(ramp, 7, 3)).toEqual([0, 5, 10]);
    expect([...piece(ramp, 15, 3, 2)]).toEqual([30, 32, 0]);
  });

  it('as spectra have a tone in its bin', () => {
    const tone = Float32Array.from({ length: 64 }, (_, i) => Math.cos((2 * Math.PI * 4 * i) / 32));
    const { real, imaginary, frames, bins } = spectrum(tone, 16, hann(32));
    expect([frames, bins]).toEqual([3, 17]);
    const power = Array.from({ length: bins }, (_, bin) => Math.hypot(real[bin]!, imaginary[bin]!));
    // Half of the window's sum; its neighbours get a half of that.
    expect(power[4]).toBeCloseTo(8, 4);
    expect(power[3]).toBeCloseTo(4, 4);
    expect(power[10]).toBeCloseTo(0, 4);
  });

  it('of bytes are stripped and padded as magika does it', () => {
    const bytes = magikaBytes(Buffer.from('  ab\n'));
    expect([...bytes.slice(0, 5)]).toEqual([97, 98, 10, 256, 256]);
    expect([...bytes.slice(-5)]).toEqual([256, 32, 32, 97, 98]);
    expect(magikaBytes(new Uint8Array(9000).fill(7)).every((byte) => byte === 7)).toBe(true);
  });

  it("of speech are the voice's numbers between pauses", () => {
    expect(phonemeIds('a .')).toEqual([1, 0, 14, 0, 3, 0, 10, 0, 2]);
    expect(phonemeIds('ˈᵻ')).toEqual([1, 0, 120, 0, 128, 0, 2]);
  });
});

function figures(method: MethodName, changes: Partial<Figures> = {}): Figures {
  return {
    model: 'net',
    method,
    bytes: 250,
    size: 0.25,
    latency: { value: 0.5, interval: [0.45, 0.55] },
    sqnr: 45,
    agreement: null,
    cost: { seconds: 1, cpuSeconds: 1, peakBytes: 2e8 },
    notes: [],
    failed: null,
    ...changes,
  };
}

const faultsOf = (all: readonly Figures[]) => [...brokenFiles(all), ...weakFiles(all)];

describe('what is off', () => {
  it('is nothing where files are small, fast and near', () => {
    expect(faultsOf([figures('int8-static'), figures('python-static', { sqnr: 40 })])).toEqual([]);
  });

  it.each<[string, Figures[], RegExp]>([
    ['a file that grew', [figures('int8-weights', { size: 1.02 })], /int8-weights: 1\.020 × the original/],
    ['a failure', [figures('float16', { failed: 'a bug' })], /float16: a bug/],
    [
      "less SQNR than Python's file",
      [figures('int8-static', { sqnr: 20 }), figures('python-static', { sqnr: 21 })],
      /int8-static: 20\.0 dB, Python's quantizer 21\.0 dB/,
    ],
    [
      "more time than Python's file",
      [figures('int8-static'), figures('python-static', { latency: { value: 0.4, interval: [0.38, 0.42] } })],
      /int8-static: 1\.25 × the time of Python's file/,
    ],
    [
      'int8-dynamic that is slower than float',
      [figures('int8-dynamic', { latency: { value: 1.2, interval: [1.1, 1.3] } })],
      /int8-dynamic: 1\.20 × the original's time/,
    ],
    ['float16 below 40 dB', [figures('float16', { sqnr: 36 })], /float16: 36\.0 dB \(notes: none\)/],
  ])('is told: %s', (_, all, sentence) => {
    expect(faultsOf(all)).toHaveLength(1);
    expect(faultsOf(all)[0]).toMatch(sentence);
  });

  it("is not what Python's quantizer left as it was, nor a latency without an interval", () => {
    expect(
      faultsOf([
        figures('int8-static'),
        figures('python-static', { size: 1.01, sqnr: 324, latency: { value: 0.2, interval: null } }),
      ]),
    ).toEqual([]);
  });

  it("is not Python's failure, nor a latency that may be even", () => {
    expect(
      faultsOf([
        figures('python-static', { failed: 'KeyError' }),
        figures('int8-dynamic', { latency: { value: 1.02, interval: [0.98, 1.05] } }),
      ]),
    ).toEqual([]);
  });

  it('stands beside the table', () => {
    const rows = figuresTable([
      figures('int8-static', { agreement: 0.975 }),
      figures('float16', { failed: 'a | b' }),
    ]);
    expect(rows.split('\n').slice(2)).toEqual([
      '| net | int8-static | 0.25× | 0.50× [0.45, 0.55] | 45.0 dB | 97.5 % | 1.0 | 200 MB |',
      '| net | float16 | a / b | – | – | – | 1.0 | 200 MB |',
    ]);
  });
});

describe('a row that an earlier run kept', () => {
  const rows = (failed: string | null): Figures[] =>
    (['int8-static', 'python-dynamic'] as const).map((method) => ({
      ...{ model: 'm', method, bytes: 1, size: 1, latency: null, sqnr: 30, agreement: null, cost: null },
      ...{ notes: [], failed: method === 'int8-static' ? failed : 'ValueError' },
    }));

  it('is complete when each method has its figures, though Python may have failed', () => {
    expect(isComplete(rows(null), ['int8-static', 'python-dynamic'])).toBe(true);
    expect(isComplete(rows(null), ['int8-static', 'float16'])).toBe(false);
    expect(isComplete(rows('took longer than 6 minutes'), ['int8-static'])).toBe(false);
    expect(isComplete(null, ['int8-static'])).toBe(false);
  });

  it('keeps files and figures of methods that a later run does not make', () => {
    const folder = temporaryFolder();
    const fetched = join(temporaryFolder(), 'model.onnx');
    writeFileSync(fetched, 'the model');
    const kept = join(folder, 'net');
    emptied(kept, { original: fetched, methods: ['float16', 'int8-static'] });
    for (const name of ['int8-static.onnx', 'int8-static.onnx.data', 'float16.onnx', 'leftover.data'])
      writeFileSync(join(kept, name), name);
    keepFigures(kept, [figures('int8-static', { sqnr: 20 }), figures('float16', { sqnr: 50 })]);

    emptied(kept, { original: fetched, methods: ['float16'] });
    keepFigures(kept, withKept(keptFigures(kept), [figures('float16', { sqnr: 60 })]));
    expect(readdirSync(kept).toSorted()).toEqual(
      ['figures.json', 'int8-static.onnx', 'int8-static.onnx.data', 'original.onnx'].toSorted(),
    );
    expect(keptFigures(kept)!.map(({ method, sqnr }) => [method, sqnr])).toEqual([
      ['int8-static', 20],
      ['float16', 60],
    ]);

    writeFileSync(fetched, 'a newer one');
    emptied(kept, { original: fetched, methods: ['float16'] });
    expect(existsSync(join(kept, 'int8-static.onnx'))).toBe(false);
    expect(keptFigures(kept)).toBeNull();
  });
});
