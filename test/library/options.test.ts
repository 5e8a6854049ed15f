import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DataConfig } from '../../src/config/data-config.js';
import { DEFAULT_INPUT, defaultData, defaultText } from '../../src/config/defaults.js';
import type { RawCheck, RawConfig, RawData, RawModel, RawSource, RawVariant } from '../../src/config/raw.js';
import type { TaskOptions } from '../../src/library/evaluate.js';
import type { CheckOptions, JudgeOptions } from '../../src/library/judge.js';
import { kebab } from '../../src/library/options/config-keys.js';
import { type DataOptions, readData } from '../../src/library/options/data.js';
import { OptionError } from '../../src/library/options/option-error.js';
import type { MethodOptions } from '../../src/library/quantize.js';
import {
  bench,
  evaluate,
  type Feeds,
  Interrupted,
  inspect,
  judge,
  type Measurement,
  quantize,
  render,
  run,
  UserError,
} from '../../src/library.js';
import { scratchFolder } from '../../src/system/files/scratch.js';
import { blankMeasurement } from '../../src/terms/measurement.js';
import { EXAMPLE } from '../cli/command-line.js';

const MODEL = join(EXAMPLE, 'digits.onnx');
const folder = scratchFolder('library');
const out = join(folder, 'made.onnx');

describe('options', () => {
  it('are the keys of quantgate.yml in camelCase', () => {
    type Camel<Key> = Key extends `${infer Head}-${infer Rest}` ? `${Head}${Capitalize<Camel<Rest>>}` : Key;
    type Missing<Given, Wanted> = [Exclude<Given, Wanted>, Exclude<Wanted, Given>];
    type None = [never, never];
    const variant: None = {} as Missing<
      keyof MethodOptions,
      Camel<Exclude<keyof RawVariant, 'name' | 'file' | 'command' | 'timeout'>>
    >;
    type OfData = Exclude<keyof RawData, 'path' | 'evaluation' | 'calibration'>;
    const data: None = {} as Missing<keyof DataOptions, Camel<OfData | keyof RawSource>>;
    const check: None = {} as Missing<keyof CheckOptions, Camel<keyof RawCheck>>;
    type OfModel = Exclude<keyof RawModel, 'name' | 'path' | 'data' | 'variants' | 'baseline'>;
    const task: None = {} as Missing<keyof TaskOptions, Camel<OfModel>>;
    type OfFile = Exclude<keyof RawConfig, 'extends' | 'models' | 'benchmark' | 'report'>;
    const judging: None = {} as Missing<Exclude<keyof JudgeOptions, 'config'>, Camel<OfFile>>;
    expect([variant, data, check, task, judging]).toHaveLength(5);
    expect(kebab('saturationSafe')).toBe('saturation-safe');
  });

  const wrong: [string, () => Promise<unknown>, RegExp][] = [
    [
      'one that there is not',
      () => quantize(MODEL, { out, blokSize: 32 } as never),
      /^'blokSize' is no option; did you mean 'blockSize'\?$/,
    ],
    [
      'a key below another',
      () => quantize(MODEL, { out, calibration: { path: 'x.npz', limits: 3 } as never }),
      /'calibration\.limits' is no option; did you mean 'limit'/,
    ],
    [
      'a value that the schema refuses',
      () => quantize(MODEL, { out, calibration: { path: 'x.npz', classOrder: 'size' as never } }),
      /^'calibration\.classOrder': expected one of index, name, number; found 'size'/,
    ],
    [
      'one that the method does not read',
      () => quantize(MODEL, { out, method: 'float16', blockSize: 32 }),
      /^'blockSize': only for method int8-weights/,
    ],
    ['a file that is not said', () => quantize(MODEL, {} as never), /^'out' is missing/],
    [
      'a key of another kind of variant',
      () => quantize(MODEL, { out, file: 'x' } as never),
      /'file' is no option/,
    ],
    ['data that are not there', () => evaluate(MODEL, { task: 'classification' }), /give 'data\.path'/],
    ['more worst samples than a report shows', () => run({ reportSamples: 21 }), /^'reportSamples' must be/],
    ['threads that are none', () => bench(MODEL, { threads: 0 }), /^'threads' must be/],
    [
      'threads where nothing is computed',
      () => inspect(MODEL, { threads: 1 } as never),
      /'threads' is no option/,
    ],
    ['a time without its unit', () => bench(MODEL, { budget: 30 as never }), /^'budget': .*write '30s'/],
    [
      'a dimension that no input has',
      () => bench(MODEL, { shapes: { x: 1 } }),
      /^'shapes': no input has .*'x'/,
    ],
    ['no model', () => bench([]), /No model is given/],
    ['nothing to judge by', () => judge({ measurements: [] }, {}), /give 'thresholds' or 'config'/],
    [
      'a bound without sense',
      () => judge({ measurements: [] }, { thresholds: { 'size.file': { maxRatio: 'x' } } }),
      /^'thresholds\.size\.file\.maxRatio': /,
    ],
    [
      'a format that there is not',
      async () => render([], { format: 'pdf' as never }),
      /'format' must be one of/,
    ],
  ];
  for (const [what, call, message] of wrong)
    it(`name ${what}`, async () => {
      const error = await call().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).message).toMatch(message);
      expect((error as UserError).code).toBeDefined();
    });

  it('are named as another writer does, by whoever catches the error', () => {
    const error = new OptionError('usage.invalid-value', (option) => `${option('blockSize')} is odd`);
    expect(error.message).toBe("'blockSize' is odd");
    expect(error.writtenAs((path) => `--${kebab(path)}`)).toMatchObject({
      message: '--block-size is odd',
      code: 'usage.invalid-value',
    });
  });
});

describe('data over those of a config', () => {
  const own: DataConfig = defaultData(join(EXAMPLE, 'data', 'calibration.npz'), {
    limit: 50,
    inputs: {
      image: { ...DEFAULT_INPUT, from: 'images', letterbox: { size: [8, 8], fill: [0], align: 'center' } },
    },
    text: defaultText(join(folder, 'tokenizer.json'), { maxLength: 128, columns: ['a', 'b'] }),
  });
  const read = (given: string | DataOptions | undefined, known: DataConfig | null = own) =>
    readData(given, {
      option: 'data',
      own: known,
      like: known,
      model: { path: MODEL, task: 'none', labelOffset: 0 },
    });

  it('stay as they are where nothing is given', async () => {
    expect(await read(undefined)).toMatchObject({ limit: 50, inputs: own.inputs });
    expect(await read(undefined, null)).toBeNull();
  });

  it('keep what is not given', async () => {
    const data = await read({ limit: 3, maxLength: 16, input: { resize: 4 } });
    expect(data).toMatchObject({ path: own.path, limit: 3, text: { maxLength: 16, columns: ['a', 'b'] } });
    // One way to a size replaces the other.
    expect(data!.inputs.image).toMatchObject({ from: 'images', resize: 4, letterbox: null });
  });

  it('elsewhere are prepared alike, and have a limit of their own', async () => {
    const data = await read(join(EXAMPLE, 'data', 'evaluation.npz'));
    expect(data).toMatchObject({ limit: null, inputs: own.inputs, text: { maxLength: 128 } });
  });

  it('are all there is without one', async () => {
    const data = await read({ path: 'x.npz', inputs: { image: { from: 'images', mean: 0.5 } } }, null);
    expect(data!.inputs.image).toEqual({ ...DEFAULT_INPUT, from: 'images', mean: [0.5] });
  });
});

describe('calls', () => {
  it('end with Interrupted when their signal is aborted, and leave nothing', async () => {
    const controller = new AbortController();
    const call = quantize(MODEL, {
      out,
      calibration: { path: join(EXAMPLE, 'data', 'calibration.npz'), inputs: { image: { from: 'images' } } },
      signal: controller.signal,
      onProgress: ({ done }) => done > 3 && controller.abort('enough'),
    });
    await expect(call).rejects.toThrow(Interrupted);
    await expect(call).rejects.toMatchObject({ cause: 'enough' });
    expect(existsSync(out)).toBe(false);
  });

  it('calibrate on tensors, which must be what the model takes', async () => {
    const image = (dims: number[], data = new Float32Array(28 * 28)): Feeds => ({
      image: { type: 'float32', dims, data },
    });
    const made = (calibration: Feeds[]) => quantize(MODEL, { out, calibration, verify: false });
    await expect(made([])).rejects.toThrow(/No samples are given/);
    await expect(made([{}])).rejects.toThrow(/Sample 0 has no tensor 'image'/);
    await expect(made([image([1, 28, 28, 1])])).rejects.toThrow(
      /'image' is \[1, 28, 28, 1\]; the model takes \[/,
    );
    await expect(made([image([2, 1, 28, 28])])).rejects.toThrow(/holds 784 values/);
    await expect(made([{ ...image([1, 1, 28, 28]), other: image([1, 1, 28, 28]).image! }])).rejects.toThrow(
      /no input 'other'/,
    );
    const half = { type: 'float16', dims: [1, 1, 28, 28], data: new Uint16Array(28 * 28) } as const;
    await expect(made([{ image: half }])).rejects.toThrow(/is float16; the model takes float32/);
    const samples = [0, 1].map((seed) =>
      image(
        [1, 1, 28, 28],
        Float32Array.from({ length: 784 }, (_, i) => Math.sin(i * (seed + 1))),
      ),
    );
    expect((await made(samples)).groups.quantized).toBeGreaterThan(0);
  });

  it('say in the result, and to who listens, what a terminal would', async () => {
    const texts: string[] = [];
    const made = await quantize(MODEL, {
      out,
      method: 'float16',
      exclude: 'NoSuchNode',
      onMessage: ({ text }) => texts.push(text),
    });
    expect(made.file).toBe(out);
    expect(made.sizeBytes.quantized).toBeLessThan(made.sizeBytes.original);
    expect(made.notes.map(({ message }) => message).some((text) => text.includes('NoSuchNode'))).toBe(true);
    for (const { message } of made.notes) expect(texts).toContain(message);
  });

  it('judge figures whose reference bears its own name', async () => {
    const at = { model: 'm', provider: null, batch: null, threads: null, concurrency: null };
    const figure = (variant: string, value: number, ratio: number | null): Measurement => ({
      ...blankMeasurement({ ...at, variant }, 'size.parameters'),
      value,
      ratio: ratio === null ? null : { value: ratio, interval: null },
    });
    const measured = { reference: 'm', measurements: [figure('m', 100, null), figure('m.int8', 90, 0.9)] };
    const thresholds = { 'size.parameters': { maxRatio: 0.5 } };
    const { verdict, checks } = await judge(measured, { thresholds });
    expect(verdict).toBe('fail');
    expect(checks.map(({ variant, observed }) => [variant, observed])).toEqual([['m.int8', 0.9]]);
  });

  it('judge the sizes of what was timed', async () => {
    const timed = { reference: 'm', measurements: [], sizes: { m: 100, 'm.int8': 25 } };
    const { checks } = await judge(timed, { thresholds: { 'size.file': { maxRatio: 0.5, max: 20 } } });
    expect(
      checks.map(({ variant, condition, observed, verdict }) => [variant, condition, observed, verdict]),
    ).toEqual([
      ['m.int8', 'max', 25, 'fail'],
      ['m.int8', 'max-ratio', 0.25, 'pass'],
    ]);
  });
});
