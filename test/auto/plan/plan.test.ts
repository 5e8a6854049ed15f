import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pinned, roundingFor } from '../../../src/auto/plan/apply-plan.js';
import {
  type Plan,
  readPlan,
  STAGE_METHODS,
  type StageMethod,
  writePlan,
} from '../../../src/auto/plan/plan.js';
import { overruledBy, overruledNotes } from '../../../src/auto/plan/plan-options.js';
import type { Rounding } from '../../../src/config/choices.js';
import type { QuantizeConfig } from '../../../src/config/config.js';
import { defaultQuantize } from '../../../src/config/defaults.js';
import { scratch } from '../../quantize/small-models.js';

const PLAN: Plan = {
  version: 1,
  model: 'a'.repeat(64),
  target: 'cpu',
  objective: 'latency',
  stages: [
    { method: 'int8-dynamic', operators: ['/layer/MatMul'] },
    { method: 'int8-static', operators: ['/stem/Conv', 'y: 1 # odd', '- "name"'], calibrator: 'mse' },
  ],
};

function problem(text: string): string {
  using place = scratch();
  const path = join(place.directory, 'plan.yml');
  writeFileSync(path, text);
  try {
    readPlan(path);
    return 'none';
  } catch (error) {
    return (error as Error).message.replace(path, 'plan.yml');
  }
}

function withRounding(method: StageMethod, rounding: Rounding): string {
  return writePlan({ ...PLAN, stages: [{ method, operators: ['a'], rounding }] });
}

describe('options beside a plan', () => {
  const plan: Plan = {
    ...PLAN,
    stages: [{ ...PLAN.stages[1]!, rounding: 'adaptive', 'bias-correction': true }, PLAN.stages[0]!],
  };

  it.each([
    [{}, []],
    [{ calibrator: 'mse', rounding: 'adaptive', biasCorrection: true, target: 'cpu' }, []],
    // A percentile is left open; no stage that says its rounding has gptq.
    [{ percentile: 99.9, rounding: 'gptq' }, []],
    [{ calibrator: 'minmax', rounding: 'nearest' }, ['calibrator', 'rounding']],
    [
      { target: 'arm64', include: ['a'], exclude: ['b'], biasCorrection: false },
      ['target', 'include', 'exclude', 'bias-correction'],
    ],
  ] as const)('%j: those that it says otherwise are told', (options, names) => {
    const said = defaultQuantize('auto', { ...options } as Partial<QuantizeConfig>);
    expect(overruledBy(plan, said)).toEqual(names);
    expect(overruledNotes(plan, said).map(({ message }) => message.match(/`[\w-]+`/g))).toEqual(
      names.length === 0 ? [] : [names.map((name) => `\`${name}\``)],
    );
  });
});

describe('a plan', () => {
  it('reads as it is written', () => {
    expect(`${writePlan(PLAN)}`).toMatchInlineSnapshot(`
      "version: 1
      model: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      target: cpu
      objective: latency
      stages:
        - method: int8-dynamic
          operators:
            - /layer/MatMul
        - method: int8-static
          operators:
            - /stem/Conv
            - "y: 1 # odd"
            - '- "name"'
          calibrator: mse
      "
    `);
  });

  it('comes back unchanged, whatever operators are called', () => {
    using place = scratch();
    const path = join(place.directory, 'plan.yml');
    const stage = fc.record({ method: fc.constantFrom(...STAGE_METHODS), operators: fc.array(fc.string()) });
    fc.assert(
      fc.property(fc.array(stage), (stages) => {
        writeFileSync(path, writePlan({ ...PLAN, stages }));
        expect(readPlan(path)).toEqual({ ...PLAN, stages });
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['[1, 2]', /it is not a mapping/],
    ['version: 2', /version 2 is not known/],
    ['version: 1\nmodel: abc', /'model' is no SHA-256/],
    [writePlan(PLAN).replace('int8-static', 'int9'), /stages\[1\] has the unknown method 'int9'/],
    [writePlan(PLAN).replace('mse', 'guess'), /stages\[1\] has the unknown calibrator 'guess'/],
    [writePlan(PLAN).replace('mse', 'mse\n    percentile: 30'), /stages\[1\]\.percentile is no number/],
    [withRounding('int8-static', 'gptq'), /stages\[0\]\.rounding is none of nearest, adaptive/],
    [withRounding('int4-weights', 'adaptive'), /stages\[0\]\.rounding is none of nearest, gptq/],
    [withRounding('float16', 'nearest'), /stages\[0\] has a rounding, which float16 has not/],
    [writePlan(PLAN).replace('target: cpu', 'target: toaster'), /unknown target 'toaster'/],
    [writePlan(PLAN).replace('stages', 'stagez'), /unknown key 'stagez'/],
    ['stages: [', /is not YAML/],
  ])('is refused with its place and a way out: %j', (text, message) => {
    expect(problem(text)).toMatch(message);
    expect(problem(text)).toContain('plan.yml');
  });

  it.each([
    ['int8-dynamic', 'adaptive'],
    ['int8-weights', 'gptq'],
    ['int4-weights', 'nearest'],
  ] as const)('records how %s rounded, and reads that back', (method, rounding) => {
    using place = scratch();
    const path = join(place.directory, 'plan.yml');
    const stages = [pinned({ method, operators: ['a'] }, { rounding })];
    writeFileSync(path, writePlan({ ...PLAN, stages }));
    expect(readPlan(path).stages).toEqual([{ method, operators: ['a'], rounding }]);
  });

  it('records no rounding of folded weights beside a method that rounds: they have none', () => {
    const stage = { method: 'folded-weights' as const, operators: ['a'] };
    expect(pinned(stage, { rounding: 'gptq' })).toEqual(stage);
  });

  it('hands a rounding to the stages whose method has it', () => {
    expect(roundingFor('int4-weights', { rounding: 'gptq' })).toBe('gptq');
    expect(roundingFor('int8-static', { rounding: 'gptq' })).toBeNull();
    expect(roundingFor('int4-weights', { rounding: null })).toBeNull();
  });

  it('is missed by name when it is not there', () => {
    expect(() => readPlan('/nowhere/plan.yml')).toThrow(/Plan \/nowhere\/plan.yml can't be read/);
  });
});
