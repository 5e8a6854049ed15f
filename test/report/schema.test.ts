import { describe, expect, it } from 'vitest';
import schema from '../../quantgate-report.schema.json' with { type: 'json' };
import { UserError } from '../../src/errors.js';
import { reportRows } from '../../src/report/rows/rows.js';
import { validateReport } from '../../src/report/schema.js';
import { MAX_MODELS, MAX_VARIANTS, type Report } from '../../src/terms/report.js';
import {
  CPU_MACHINE,
  check,
  GPU_MACHINE,
  interval,
  measurement,
  model,
  report,
  variant,
} from './sample-reports.js';
import { JPEG, WORST } from './worst-report.js';

/** Every field of the type, none left out: the compiler checks that against `Required`. */
const FULL: Required<Report> = {
  ...report(),
  environments: [CPU_MACHINE, GPU_MACHINE],
  environment: {
    ...GPU_MACHINE,
    browsers: [
      {
        provider: 'browser-webgpu',
        product: 'Chrome/156.0',
        sandboxed: true,
        adapter: { name: 'SwiftShader', software: true, float16: false },
      },
    ],
  },
  source: {
    repository: 'octo-org/vision',
    sha: 'a'.repeat(40),
    baseSha: 'b'.repeat(40),
    baseName: 'main',
    pullRequest: 1,
    runUrl: 'https://github.com/octo-org/vision/actions/runs/1',
    measuredSha: 'c'.repeat(40),
    runId: 1,
    runAttempt: 2,
    changed: true,
  },
  thresholds: { file: 'quantgate.yml', from: 'base', changed: false, sha: 'b'.repeat(40) },
  models: [
    model('classifier', {
      variants: [
        variant('int8', {
          unchanged: 'a copy',
          weights: {
            types: [{ type: 'int8', bytes: 9 }],
            layers: [{ node: 'stem', operator: 'Conv', bytes: 9 }],
          },
          layerErrors: {
            samples: 4,
            madeUp: false,
            compared: 1,
            tensors: [{ at: 0, node: 'stem', operator: 'Conv', sqnr: 30, loss: 3, became: 'QLinearConv' }],
          },
          candidates: [
            { name: 'int8', chosen: true, sizeRatio: 0.3, latencyRatio: 0.5, sqnr: 30, broken: ['cosine'] },
          ],
          keptFloat: [
            { operator: 'Conv', reason: 'too small', nodes: 1, examples: ['stem'], weightBytes: 9 },
          ],
          verification: {
            state: 'partly',
            reason: 'r',
            levels: ['all'],
            samples: 8,
            sqnr: 12,
            equal: 0.9,
            fitted: true,
            floor: 15,
            worst: [{ node: 'head', operator: 'Conv', loss: 9 }],
            repaired: ['stem'],
          },
        }),
      ],
      samples: [{ id: 'cat/1.jpg', text: 'a cat', thumbnail: JPEG }],
    }),
  ],
  measurements: [
    measurement('accuracy.top1', 'fraction', 0.87, {
      environment: 'a1b2c3d4',
      provider: 'cpu',
      batch: 1,
      threads: 2,
      concurrency: 1,
      interval: interval(0.8, 0.9),
      n: 400,
      ratio: { value: 0.9, interval: interval(0.8, 1) },
      drop: { value: 0.01, interval: interval(0, 0.02), lost: 3, gained: 1, p: 0.2, resolvable: 0.01 },
      base: { value: 0.88, ratio: { value: 0.99, interval: interval(0.9, 1.1) }, note: 'renamed' },
      details: { worst: ['a'] },
      distribution: {
        launches: [{ runs: 9, percentiles: [1, 2, 3, 4, 5] }],
        histogram: { from: 1, to: 5, counts: [5, 4], slower: 1 },
      },
      worst: WORST.slice(0, 1),
    }),
  ],
  checks: [
    check('accuracy.top1', 'max-drop', 0.01, 0.01, { environment: 'a1b2c3d4', interval: interval(0, 1) }),
  ],
  notes: [{ level: 'info', code: 'noise.load', message: 'm', model: 'classifier', variant: 'int8' }],
};

const OPTIONAL = [
  '/models/0/variants/0/verification',
  '/models/0/variants/0/verification/equal',
  '/models/0/variants/0/verification/fitted',
  '/environment/runner',
  '/environment/browsers',
  '/environments/1/runner',
  '/source/baseName',
  '/thresholds/sha',
  '/environment/noiseFloorFrom',
  '/environments/0/noiseFloorFrom',
  '/environments/1/noiseFloorFrom',
  '/environments',
  '/source/measuredSha',
  '/source/runId',
  '/source/runAttempt',
  '/source/changed',
  '/measurements/0/environment',
  '/measurements/0/details',
  '/measurements/0/distribution',
  '/measurements/0/worst',
  '/models/0/samples',
  '/models/0/samples/0/text',
  '/models/0/samples/0/thumbnail',
  '/checks/0/environment',
  '/models/0/variants/0/unchanged',
  '/models/0/variants/0/weights',
  '/models/0/variants/0/keptFloat',
  '/models/0/variants/0/candidates',
  '/models/0/variants/0/layerErrors',
];
/** Objects whose content is free. */
const FREE = ['/models/0/variants/0/provenance', '/measurements/0/details'];

type Json = Record<string, unknown>;

function copy(): Json {
  return JSON.parse(JSON.stringify(FULL)) as Json;
}

/** JSON pointers of every object field below `value`. */
function pointers(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null || FREE.includes(at)) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    ...(Array.isArray(value) ? [] : [`${at}/${key}`]),
    ...pointers(child, `${at}/${key}`),
  ]);
}

function parentOf(root: Json, pointer: string): [Json, string] {
  const keys = pointer.split('/').slice(1);
  const last = keys.pop()!;
  return [keys.reduce<unknown>((node, key) => (node as Json)[key], root) as Json, last];
}

function errorOf(value: unknown): string {
  try {
    validateReport(value);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  }
  throw new Error('it was accepted');
}

it('holds as many models and variants as a config may have', () => {
  expect(schema.properties.models.maxItems).toBe(MAX_MODELS);
  expect(schema.definitions.model.properties.variants.maxItems).toBe(MAX_VARIANTS);
});

describe('the report schema and the Report type', () => {
  it('agree on a report with every field', () => {
    expect(validateReport(copy())).toEqual(FULL);
  });

  it.each(pointers(copy()).filter((pointer) => !OPTIONAL.includes(pointer)))('require %s', (pointer) => {
    const value = copy();
    const [parent, key] = parentOf(value, pointer);
    delete parent[key];
    expect(errorOf(value)).toContain(`'${key}'`);
  });

  it.each(OPTIONAL)('do not require %s', (pointer) => {
    const value = copy();
    const [parent, key] = parentOf(value, pointer);
    delete parent[key];
    expect(() => validateReport(value)).not.toThrow();
  });

  it.each(pointers(copy()))('refuse another type at %s', (pointer) => {
    const value = copy();
    const [parent, key] = parentOf(value, pointer);
    parent[key] = typeof parent[key] === 'boolean' ? 'text' : true;
    expect(errorOf(value)).toContain('/');
  });

  it('describe no field that the type lacks', () => {
    const described = (node: unknown): string[] => {
      if (typeof node !== 'object' || node === null) return [];
      const { properties, if: _if, then: _then, else: _else, ...rest } = node as Json;
      return [
        ...Object.entries((properties as Json | undefined) ?? {}).flatMap(([key, child]) => [
          key,
          ...described(child),
        ]),
        ...Object.values(rest).flatMap(described),
      ];
    };
    const typed = new Set(pointers(copy()).map((pointer) => pointer.split('/').at(-1)!));
    expect([...new Set(described(schema))].filter((key) => !typed.has(key))).toEqual([]);
  });
});

describe('a report from elsewhere', () => {
  it('may have fields that this version does not know', () => {
    const value = { ...copy(), later: { anything: true } };
    expect(() => validateReport(value)).not.toThrow();
  });

  it.each([
    ['not an object', 'text', 'the report must be object'],
    ['null', null, 'the report must be object'],
    ['of a later version', { schemaVersion: 2 }, 'schemaVersion 2'],
    ['with an unknown verdict', { ...copy(), verdict: 'great' }, '/verdict'],
    ['with an infinite number', { ...copy(), durationMs: Number.POSITIVE_INFINITY }, '/durationMs'],
    ['with NaN', { ...copy(), durationMs: Number.NaN }, '/durationMs'],
    [
      'with a javascript: address',
      { ...copy(), source: { ...FULL.source, runUrl: 'javascript:alert(1)' } },
      '/source',
    ],
    ['with a sha that is none', { ...copy(), source: { ...FULL.source, sha: '$(id)' } }, '/source'],
    [
      'with a repository that is none',
      { ...copy(), source: { ...FULL.source, repository: '../x' } },
      '/source',
    ],
    ['with a huge name', { ...copy(), models: [model('x'.repeat(5000))] }, '/models/0/name'],
    [
      'with too many models',
      { ...copy(), models: Array.from({ length: 600 }, (_, i) => model(`m${i}`)) },
      '/models',
    ],
    [
      'with two files of one variant for the same target',
      { ...copy(), models: [model('classifier', { variants: [variant('int8'), variant('int8')] })] },
      '/models/0/variants repeats a name and target',
    ],
    ['with two models of one name', { ...copy(), models: [model(), model()] }, "repeats 'classifier'"],
    [
      'with a measurement of a model that is not there',
      { ...copy(), measurements: [{ ...FULL.measurements[0]!, model: 'ghost' }] },
      "'ghost'",
    ],
    [
      'with a verdict better than its checks',
      { ...copy(), checks: [{ ...FULL.checks[0]!, verdict: 'fail' }] },
      '/verdict',
    ],
    [
      'with a value that was not measured',
      { ...copy(), measurements: [{ ...FULL.measurements[0]!, status: 'skipped' }] },
      '/measurements/0/value',
    ],
    [
      'without a value though measured',
      { ...copy(), measurements: [{ ...FULL.measurements[0]!, value: null }] },
      '/measurements/0/value',
    ],
  ])('is refused %s, with the place', (_, value, place) => {
    expect(errorOf(value)).toContain(place);
  });

  it('is refused when it nests so deep that readers would overflow', () => {
    let deep: unknown = {};
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(errorOf({ ...copy(), later: deep })).toContain('levels deep');
  });

  it('does not put its own control characters into the error', () => {
    expect(errorOf({ ...copy(), verdict: '\u001b[31m\n::error::x' })).not.toMatch(/[\p{Cc}]/u);
  });
});

describe('a variant with a file for each kind of provider', () => {
  const both = [variant('int8', { target: 'cpu' }), variant('int8', { target: 'webgpu' })];
  const told = report({
    models: [model('classifier', { variants: both })],
    measurements: ['cpu', 'webgpu'].map((provider) =>
      measurement('latency.p50', 'ms', 1, { provider, variant: 'int8' }),
    ),
  });

  it('is valid, and every place has one row', () => {
    expect(validateReport(told)).toEqual(told);
    expect(reportRows(told).map(({ place }) => place.provider)).toEqual(['cpu', 'webgpu']);
  });
});
