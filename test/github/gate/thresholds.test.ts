import { describe, expect, it } from 'vitest';
import type { Check, Config } from '../../../src/config/config.js';
import {
  DEFAULT_BENCHMARK,
  defaultData,
  defaultModel,
  defaultQuantize,
} from '../../../src/config/defaults.js';
import {
  chooseThresholds,
  ownVerdictNote,
  type ThresholdsRequest,
} from '../../../src/github/gate/thresholds.js';
import { unjudgedResults } from '../../../src/github/gate/unjudged.js';
import { applyWaive } from '../../../src/github/pull-request/waive.js';
import { runVerdict } from '../../../src/judge/judge.js';
import { renderMarkdown } from '../../../src/report/markdown/markdown.js';
import { validateReport } from '../../../src/report/schema.js';
import { sampleReport } from '../sample-report.js';

const TODAY = '2026-11-23';

const sizeCheck = (changes: Partial<Check> = {}): Check => ({
  id: 'size.file',
  metric: 'size.file',
  level: 'error',
  where: {},
  maxRatio: 0.2,
  line: 9,
  ...changes,
});

function config(changes: Partial<Config> = {}): Config {
  const variants = [{ name: 'int8', kind: 'quantize' as const, ...defaultQuantize('int8-dynamic') }];
  return {
    version: 1,
    file: '/repo/quantgate.yml',
    directory: '/repo',
    models: [defaultModel('/repo/digits.onnx', { name: 'digits', task: 'none', variants })],
    benchmark: DEFAULT_BENCHMARK,
    checks: [sizeCheck()],
    confidence: 0.95,
    onInconclusive: 'warn',
    onMissingBase: 'info',
    onSkipped: 'warn',
    onChance: 'error',
    onUnchanged: 'warn',
    waivers: [],
    ...changes,
  };
}
const relaxed = config({ checks: [sizeCheck({ maxRatio: 0.9, line: 10 })] });

const read = (base: Config) => ({ state: 'read' as const, config: base });
const choose = (changes: Partial<ThresholdsRequest> = {}) =>
  chooseThresholds({
    head: relaxed,
    base: read(config()),
    from: 'base',
    proposed: true,
    file: 'quantgate.yml',
    today: TODAY,
    isThere: () => false,
    ...changes,
  });

describe('a pull request that relaxes its thresholds', () => {
  it("is judged by the base's", () => {
    const { config: chosen, thresholds } = choose();
    expect(chosen.checks).toEqual([sizeCheck()]);
    expect(thresholds).toEqual({ file: 'quantgate.yml', from: 'base', changed: true });
  });

  it('is told what its own would have said', () => {
    const report = sampleReport({ verdict: 'fail' });
    const note = ownVerdictNote(relaxed, choose(), report, TODAY);
    expect(note).toMatchObject({ level: 'warn', code: 'thresholds.changed' });
    expect(note!.message).toContain('the verdict is fail; by its own it would be pass');
  });

  it('keeps its own models, data and benchmark', () => {
    const head = { ...relaxed, benchmark: { ...DEFAULT_BENCHMARK, batch: [8] } };
    const chosen = choose({ head }).config;
    expect(chosen.benchmark.batch).toEqual([8]);
    expect(chosen.models).toBe(head.models);
  });

  it('is judged by its own when the workflow says so, and the change is told', () => {
    const chosen = choose({ from: 'head' });
    expect(chosen.config).toBe(relaxed);
    expect(chosen.thresholds).toMatchObject({ from: 'head', changed: true });
  });

  it('cannot grant itself a waiver', () => {
    const waivers = [{ check: 'size.file', reason: 'please', until: '2030-01-01', line: 3 }];
    expect(choose({ head: config({ waivers }) }).config.waivers).toEqual([]);
  });

  it('cannot turn the confidence or the levels', () => {
    const head = config({ confidence: 0.5, onInconclusive: 'off', onSkipped: 'off', onMissingBase: 'off' });
    expect(choose({ head }).config).toMatchObject({
      confidence: 0.95,
      onInconclusive: 'warn',
      onSkipped: 'warn',
    });
  });
});

describe('a pull request that leaves its thresholds alone', () => {
  it('is judged by them, under its own line numbers', () => {
    const head = config({ checks: [sizeCheck({ line: 99 })] });
    const chosen = choose({ head });
    expect(chosen.thresholds).toMatchObject({ from: 'base', changed: false });
    expect(chosen.config.checks[0]!.line).toBe(99);
    expect(ownVerdictNote(head, chosen, sampleReport(), TODAY)).toBeNull();
  });
});

describe('what of the base cannot judge this revision', () => {
  it('is left out and told: a check of a model that is gone with its file', () => {
    const base = config({
      models: [...config().models, defaultModel('/repo/gone.onnx', { name: 'gone', task: 'none' })],
      checks: [sizeCheck(), sizeCheck({ id: 'size.file[1]', where: { model: ['gone'] } })],
    });
    const chosen = choose({ base: read(base) });
    expect(chosen.config.checks.map(({ id }) => id)).toEqual(['size.file']);
    expect(chosen.notes[0]).toMatchObject({ level: 'warn', code: 'thresholds.not-applicable' });
    expect(chosen.notes[0]!.message).toContain('gone');
    expect(chosen.unjudged).toEqual([]);
  });

  const evading = (where: Check['where'], changes: Partial<Check> = {}) => {
    const base = config({
      models: [{ ...config().models[0]!, name: 'classifier' }],
      checks: [sizeCheck({ where, ...changes })],
    });
    return choose({ base: read(base) });
  };
  it.each<[string, Check['where'], Partial<Check>]>([
    ['its variant', { variant: ['int4'] }, {}],
    ['its provider', { provider: ['cuda'] }, {}],
    ['its batch', { batch: [64] }, {}],
    ["its model's name", { model: ['classifier'] }, {}],
    [
      'the data it needs',
      {},
      { metric: 'accuracy.top1', maxRatio: undefined, maxDrop: 0.01 } as Partial<Check>,
    ],
  ])('counts as failed when the pull request took away %s', (_, where, changes) => {
    const { unjudged, config: chosen, notes } = evading(where, changes);
    expect(chosen.checks).toEqual([]);
    expect(notes).toEqual([]);
    const results = unjudgedResults(unjudged, relaxed);
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ level: 'error', verdict: 'skipped' });
    expect(results[0]!.reason).toContain('waive label');
    expect(runVerdict(results, [])).toBe('fail');
    const report = validateReport(sampleReport({ verdict: 'fail', checks: results }));
    expect(renderMarkdown(report)).toContain('be judged by this check of the base');
    const waived = applyWaive(report, { by: 'alice', at: null }, 'waive');
    expect(waived.verdict).toBe('pass');
  });

  it('names the variant of a model that is not there under this name', () => {
    const { unjudged } = evading({ model: ['classifier'] });
    expect(unjudgedResults(unjudged, relaxed)).toMatchObject([{ model: 'classifier', variant: 'int8' }]);
  });

  it('warns when the check was of level warn, and is nothing when it was off', () => {
    const results = (level: Check['level']) =>
      unjudgedResults(evading({ variant: ['int4'] }, { level }).unjudged, relaxed);
    expect(runVerdict(results('warn'), [])).toBe('warn');
    expect(results('off')).toEqual([]);
  });

  it('is left out and told: a waiver whose last day is over, which this pull request may be about to remove', () => {
    const base = config({ waivers: [{ check: 'size.file', reason: 'x', until: '2026-11-22', line: 3 }] });
    const chosen = choose({ base: read(base), head: config() });
    expect(chosen.config.waivers).toEqual([]);
    expect(chosen.notes[0]!.message).toContain('expired on 2026-11-22');
  });
});

describe('a check that still judges another model', () => {
  const labelled = {
    task: 'classification' as const,
    data: {
      ...defaultModel('/x.onnx', { name: 'x', task: 'none' }).data,
      evaluation: defaultData('/repo/data'),
    },
  };
  const variant = (name: string) => ({ name, kind: 'quantize' as const, ...defaultQuantize('int8-dynamic') });
  const model = (name: string, changes: Partial<Config['models'][number]> = {}) => ({
    ...defaultModel(`/repo/${name}.onnx`, {
      name,
      task: 'none',
      variants: [variant('int8'), variant('fp16')],
    }),
    ...changes,
  });
  const top1 = { metric: 'accuracy.top1', maxRatio: undefined, maxDrop: 0.01 } as unknown as Partial<Check>;
  const taken = (
    head: Config['models'],
    {
      base = [model('one'), model('two')],
      check = {},
      there = true,
      ...rest
    }: {
      base?: Config['models'];
      check?: Partial<Check>;
      there?: boolean;
      headChecks?: Check[];
    } & Pick<Partial<Config>, 'benchmark'> = {},
  ) => {
    const checks = [sizeCheck(check)];
    const headConfig = config({ models: head, checks: rest.headChecks ?? checks });
    const chosen = choose({
      head: headConfig,
      base: read(config({ models: base, checks, ...(rest.benchmark && { benchmark: rest.benchmark }) })),
      isThere: () => there,
    });
    return { ...chosen, results: unjudgedResults(chosen.unjudged, headConfig) };
  };

  it.each([
    ['the thresholds are left alone', undefined],
    ['they are changed, too', [sizeCheck({ maxRatio: 0.9 })]],
  ])('counts as failed for one that left the configuration while its file is there (%s)', (_, headChecks) => {
    const { results, config: chosen } = taken([model('one')], { ...(headChecks && { headChecks }) });
    expect(chosen.checks).toHaveLength(1);
    expect(results).toMatchObject([{ model: 'two', variant: 'int8', verdict: 'skipped', level: 'error' }]);
    expect(results[0]!.reason).toContain(
      "'two' is in the base's quantgate.yml and not in this one, though its file is there",
    );
    expect(runVerdict(results, [])).toBe('fail');
  });

  it('says nothing of one that left with its file', () => {
    const { results, notes } = taken([model('one')], { there: false });
    expect([results, notes]).toEqual([[], []]);
  });

  it('counts as failed for one that lost its data', () => {
    const base = [model('one', labelled), model('two', labelled)];
    const { results } = taken([model('one', labelled), model('two')], { base, check: top1 });
    expect(results).toMatchObject([{ model: 'two', metric: 'accuracy.top1' }]);
    expect(taken(base, { base, check: top1 }).results).toEqual([]);
  });

  it('counts as failed for one that lost the variant that it names, or took a name that it does not', () => {
    const without = model('two', { variants: [variant('fp16')] });
    const of = (check: Partial<Check>, two = without) => taken([model('one'), two], { check }).results;
    expect(of({ where: { variant: ['int8'] } })[0]!.reason).toContain("no variant 'int8' of 'two'");
    expect(of({ where: { variant: ['int8', 'fp16'] } })).toHaveLength(1);
    const renamed = { ...model('two'), name: 'other' };
    expect(of({ where: { model: ['one', 't*'] } }, renamed)[0]!.reason).toContain("named 'other' here");
    expect(of({}, renamed)).toEqual([]);
  });

  it('tells what it judged by no name and is left out', () => {
    const { results, notes } = taken([model('one'), model('two', { variants: [variant('int8')] })]);
    expect(results).toEqual([]);
    expect(notes).toMatchObject([{ level: 'warn', code: 'thresholds.not-applicable' }]);
    expect(notes[0]!.message).toContain("'fp16' of 'two'");
    const latency = { metric: 'latency.p50' } as Partial<Check>;
    const benchmark = {
      ...DEFAULT_BENCHMARK,
      providers: ['cpu', 'cuda'],
      batch: [1, 8],
    } as Config['benchmark'];
    const both = [model('one'), model('two')];
    const messages = taken(both, { check: latency, benchmark }).notes.map(({ message }) => message);
    expect(messages.join()).toMatch(/providers cuda.*batch 8/);
    expect(taken(both, { benchmark }).notes).toEqual([]);
  });
});

describe('without a configuration in the base', () => {
  it.each([
    ['info', { state: 'absent' }],
    ['warn', { state: 'unreadable', cause: 'It is a link.', remedy: 'Commit it.' }],
  ] as const)("the head's holds, and the report says so at level %s", (level, base) => {
    const chosen = choose({ base });
    expect(chosen.config).toBe(relaxed);
    expect(chosen.thresholds).toMatchObject({ from: 'head', changed: false });
    expect(chosen.notes).toMatchObject([{ level, code: 'thresholds.no-base' }]);
    expect(chosen.notes[0]!.message).toContain('the thresholds of this revision hold');
  });
});

describe('a push', () => {
  it('is judged by what it contains', () => {
    expect(choose({ proposed: false }).config).toBe(relaxed);
  });
});
