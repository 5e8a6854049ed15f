import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/read/load.js';
import { UserError } from '../../src/errors.js';
import { assertApplicable } from '../../src/judge/applicable.js';

const MODELS = `version: 1
models:
  - path: classifier.onnx
    task: classification
    data: { evaluation: val }
    variants: [int8, fp16]
  - path: detector.onnx
    variants: [int8-dynamic]
  - { path: tagger.onnx, task: classification }
benchmark: { providers: [cpu, cuda], batch: [1, 8], threads: [2] }
`;

const config = (yaml: string) =>
  parseConfig(`${MODELS}${yaml}\n`, { file: null, directory: '/p', expand: false });

describe('checks that can apply', () => {
  it.each([
    'thresholds: { size.file: { max-ratio: 0.3, where: { variant: "int*", model: "*" } } }',
    'thresholds: { latency.p50: { max: 8 ms, where: { variant: original, provider: cuda, batch: 8, threads: 2 } } }',
    'thresholds: { accuracy.top1: { max-drop: 1pp } }',
    'thresholds: { accuracy.top1: { max-drop: 1pp, where: { model: classifier } } }',
    'thresholds: { memory.gpu: { max: 1 GiB } }',
    'thresholds: { fidelity.sqnr: { min: 20 dB, max-regression: 5% } }',
    'thresholds: { size.file: [{ max: 1 MB }, { max-ratio: 0.3 }] }\nwaivers: [{ check: "size.file[1].max-ratio", reason: r, until: 2099-01-01 }, { check: size.file, reason: r, until: 2099-01-01 }]',
  ])('%s', async (yaml) => {
    const loaded = await config(yaml);
    expect(() => assertApplicable(loaded)).not.toThrow();
  });

  it('include any number of a custom evaluator', async () => {
    const loaded = await parseConfig(
      'version: 1\nmodels: [{ path: a.onnx, evaluator: { module: e.mjs } }]\nthresholds: { accuracy.cer: { max: 0.1 }, accuracy.top1: { min: 0.5 } }',
      { file: null, directory: '/p', expand: false },
    );
    expect(() => assertApplicable(loaded)).not.toThrow();
  });
});

describe('checks that can never apply are refused with line and valid names:', () => {
  const CASES: [string, string, string][] = [
    [
      'unknown model',
      'thresholds: { size.file: { max: 1, where: { model: clasifier } } }',
      "config:11: thresholds.size.file.where.model: no model 'clasifier'; did you mean 'classifier'?; there are classifier, detector, tagger",
    ],
    [
      'unknown variant',
      'thresholds: { size.file: { max: 1, where: { variant: int4 } } }',
      "config:11: thresholds.size.file.where.variant: no variant 'int4'; did you mean 'int8'?; there are original, int8, fp16, int8-dynamic",
    ],
    [
      'a variant of another model',
      'thresholds: { size.file: { max: 1, where: { model: detector, variant: fp16 } } }',
      "config:11: thresholds.size.file.where.variant: no variant 'fp16'; there are original, int8-dynamic",
    ],
    [
      'a provider that is not measured',
      'thresholds: { latency.p50: { max: 1, where: { provider: webgpu } } }',
      "config:11: thresholds.latency.p50.where.provider: no measured provider 'webgpu'; there are cpu, cuda",
    ],
    [
      'a batch that is not measured',
      'thresholds: { latency.p50: { max: 1, where: { batch: [1, 16] } } }',
      'config:11: thresholds.latency.p50.where.batch: batch 16 is not measured; benchmark.batch is 1, 8',
    ],
    [
      'a thread count that is not measured',
      'thresholds: { latency.p50: { max: 1, where: { threads: 3 } } }',
      'config:11: thresholds.latency.p50.where.threads: threads 3 is not measured; benchmark.threads is 2',
    ],
    [
      'a metric of another task',
      'thresholds: { accuracy.miou: { min: 0.5 } }',
      'config:11: thresholds.accuracy.miou: accuracy.miou needs a model with task segmentation; classifier has task classification, detector has task none, tagger has task classification, which yields accuracy.top1, accuracy.top5',
    ],
    [
      'accuracy without data',
      'thresholds: { accuracy.top1: { min: 0.5, where: { model: tagger } } }',
      "config:11: thresholds.accuracy.top1: accuracy.top1 needs labelled samples; give tagger 'data.evaluation'",
    ],
    [
      'accuracy without a task',
      'thresholds: { accuracy.top1: { min: 0.5, where: { model: detector } } }',
      'config:11: thresholds.accuracy.top1: accuracy.top1 needs a model with task classification or text-classification; detector has task none',
    ],
    [
      'a custom number without an evaluator',
      'thresholds: { accuracy.topp1: { min: 0.5 } }',
      "config:11: thresholds.accuracy.topp1: no model yields accuracy.topp1; did you mean 'accuracy.top1'?; numbers of your own need task custom and an 'evaluator'",
    ],
    [
      'a fidelity relative to the original',
      'thresholds: { fidelity.cosine: { max-drop: 0.1 } }',
      "config:11: thresholds.fidelity.cosine.max-drop: fidelity.cosine compares with the original already; use 'min' or 'max'",
    ],
    [
      'the original relative to itself',
      'thresholds: { size.file: { max-ratio: 1, where: { variant: original } } }',
      "config:11: thresholds.size.file.max-ratio: the original can't be compared with itself; with where.variant original use 'max' or 'min'",
    ],
    [
      'a waiver of no check',
      'thresholds: { size.file: { max: 1 } }\nwaivers: [{ check: size.file.max-ratio, reason: r, until: 2099-01-01 }]',
      "config:12: waivers[0].check: no check 'size.file.max-ratio'; checks are size.file, size.file.max",
    ],
  ];
  it.each(CASES)('%s', async (_, yaml, message) => {
    const loaded = await config(yaml);
    let thrown: unknown;
    try {
      assertApplicable(loaded);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UserError);
    expect((thrown as Error).message).toBe(message);
  });

  it('all of them together', async () => {
    const loaded = await config(
      'thresholds:\n  accuracy.miou: { min: 0.5 }\n  size.file: { max: 1, where: { variant: int4, provider: x } }',
    );
    expect(() => assertApplicable(loaded)).toThrow(
      /^3 errors in config:\n {2}config:12: .*\n {2}config:13: /,
    );
  });
});
