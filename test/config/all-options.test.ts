import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import schema from '../../quantgate.schema.json' with { type: 'json' };
import type {
  BaselineConfig,
  BenchmarkConfig,
  Check,
  Config,
  ModelConfig,
  OverrideConfig,
  QuantizeConfig,
  VariantConfig,
  Waiver,
  Where,
} from '../../src/config/config.js';
import type { DataConfig, InputConfig, SplitConfig } from '../../src/config/data-config.js';
import { parseConfig } from '../../src/config/read/load.js';
import { METRICS } from '../../src/terms/metrics.js';
import { schemaKeys } from './schema-keys.js';

const file = join(import.meta.dirname, 'fixtures', 'all-options.yml');
const text = readFileSync(file, 'utf8');
const load = () => parseConfig(text, { file, directory: '/project', expand: false });

/** The compiler makes sure that no field of T is left out here. */
type Fields<T> = { [K in keyof Required<T>]: true };

const fields = {
  config: {
    version: true,
    file: true,
    directory: true,
    models: true,
    benchmark: true,
    checks: true,
    confidence: true,
    onInconclusive: true,
    onMissingBase: true,
    onSkipped: true,
    onChance: true,
    onUnchanged: true,
    waivers: true,
    report: true,
  } satisfies Fields<Config>,
  model: {
    name: true,
    path: true,
    task: true,
    output: true,
    outputs: true,
    decoder: true,
    keys: true,
    labelOffset: true,
    evaluator: true,
    data: true,
    variants: true,
    baseline: true,
  } satisfies Fields<ModelConfig>,
  baseline: { file: true, sha256: true, externalData: true } satisfies Fields<BaselineConfig>,
  data: {
    path: true,
    format: true,
    limit: true,
    split: true,
    seed: true,
    inputs: true,
    labels: true,
    images: true,
    masks: true,
    ignore: true,
    classNames: true,
    classOrder: true,
    text: true,
    audio: true,
    // modelConfig is found beside the model, and no key.
  } satisfies Fields<Omit<DataConfig, 'modelConfig'>>,
  input: {
    from: true,
    preset: true,
    preprocessor: true,
    resize: true,
    filter: true,
    letterbox: true,
    crop: true,
    pad: true,
    channels: true,
    scale: true,
    mean: true,
    std: true,
    layout: true,
    // cropRounding follows from preset and file.
  } satisfies Fields<Omit<InputConfig, 'cropRounding'>>,
  quantize: {
    method: true,
    preset: true,
    target: true,
    calibrator: true,
    percentile: true,
    include: true,
    exclude: true,
    overrides: true,
    blockSize: true,
    symmetric: true,
    perChannel: true,
    saturationSafe: true,
    biasCorrection: true,
    equalization: true,
    smoothQuant: true,
    rounding: true,
    minSqnr: true,
    rest: true,
    maxSize: true,
    objective: true,
    budgetMs: true,
    plan: true,
    repair: true,
    files: true,
  } satisfies Fields<QuantizeConfig>,
  split: { part: true, calibration: true } satisfies Fields<SplitConfig>,
  override: {
    activation: true,
    weight: true,
    symmetric: true,
    perChannel: true,
  } satisfies Fields<OverrideConfig>,
  benchmark: {
    providers: true,
    batch: true,
    threads: true,
    concurrency: true,
    budgetMs: true,
    precision: true,
    device: true,
    shapes: true,
  } satisfies Fields<BenchmarkConfig>,
  check: {
    id: true,
    metric: true,
    level: true,
    where: true,
    max: true,
    min: true,
    maxRatio: true,
    minRatio: true,
    maxDrop: true,
    maxRegression: true,
    minSamples: true,
    confident: true,
    ignoreOps: true,
    line: true,
  } satisfies Fields<Check>,
  where: {
    model: true,
    variant: true,
    provider: true,
    batch: true,
    threads: true,
    concurrency: true,
  } satisfies Fields<Where>,
  waiver: { check: true, reason: true, until: true, line: true } satisfies Fields<Waiver>,
};

/** Every field named is set in at least one of the objects. */
function expectAllSet(wanted: Record<string, true>, objects: readonly object[]): void {
  const set = new Set(
    objects.flatMap((object) =>
      Object.entries(object).flatMap(([key, value]) => (value == null ? [] : [key])),
    ),
  );
  expect([...set]).toEqual(expect.arrayContaining(Object.keys(wanted)));
  expect(Object.keys(wanted)).toEqual(
    expect.arrayContaining([...set].filter((key) => !['name', 'kind'].includes(key))),
  );
}

describe('schema, types and reader agree', () => {
  it('every field of Config is set by some key of the file with all options', async () => {
    const config = await load();
    const [classifier, reader, detector] = config.models;
    const quantized = classifier!.variants.filter(
      (variant): variant is Extract<VariantConfig, { kind: 'quantize' }> => variant.kind === 'quantize',
    );
    expectAllSet(fields.config, [config]);
    expectAllSet({ ...fields.model }, [classifier!, reader!, detector!]);
    expectAllSet(fields.baseline, [classifier!.baseline!]);
    expectAllSet(fields.data, [
      classifier!.data.evaluation!,
      detector!.data.evaluation!,
      detector!.data.calibration!,
      reader!.data.evaluation!,
    ]);
    expectAllSet(fields.input, [
      classifier!.data.evaluation!.inputs['']!,
      detector!.data.evaluation!.inputs['']!,
    ]);
    expectAllSet(fields.split, [reader!.data.evaluation!.split!]);
    expectAllSet(fields.quantize, quantized);
    expectAllSet(fields.override, [quantized[0]!.overrides['/stem/Conv']!]);
    expectAllSet(fields.benchmark, [config.benchmark]);
    expectAllSet(fields.check, config.checks);
    expectAllSet(fields.where, [config.checks.find(({ metric }) => metric === 'latency.p99')!.where]);
    expectAllSet(fields.waiver, config.waivers);
  });

  it('every key of the schema stands in the file with all options', () => {
    const used = new Set<string>();
    const collect = (value: unknown): void => {
      if (Array.isArray(value)) for (const item of value) collect(item);
      else if (typeof value === 'object' && value !== null) {
        for (const [key, inner] of Object.entries(value)) {
          used.add(key);
          collect(inner);
        }
      }
    };
    collect(parse(text));
    const metrics = new Set(METRICS.map(({ name }) => name));
    expect([...schemaKeys(schema)].filter((key) => !used.has(key) && !metrics.has(key))).toEqual([]);
  });

  it('the schema lists every metric, and every key has a description or is described by its type', () => {
    expect(Object.keys(schema.definitions.thresholds.properties).sort()).toEqual(
      METRICS.map(({ name }) => name).sort(),
    );
  });

  it('the file with all options reads as this', async () => {
    const config = await load();
    await expect(`${JSON.stringify({ ...config, file: 'all-options.yml' }, null, 2)}\n`).toMatchFileSnapshot(
      'golden/all-options.json',
    );
  });
});
