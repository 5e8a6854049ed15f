/** Which options of a variant can't do without calibration data: told before anything is quantized. */
import { expect, it } from 'vitest';
import { defaultQuantize } from '../../../src/config/defaults.js';
import { calibrationNeed, lacksCalibration } from '../../../src/quantize/method/calibration-need.js';

const tokens = { readsTokensAlone: true };
const others = { readsTokensAlone: false };

it.each([
  ['int8-static', {}, 'int8-static', 'int8-static'],
  ['auto', {}, 'auto', null],
  ['auto', { plan: 'plan.yml' }, null, null],
  ['int8-weights', { rounding: 'gptq' }, 'gptq', 'gptq'],
  ['int8-dynamic', { rounding: 'adaptive' }, 'adaptive', 'adaptive'],
  ['int8-dynamic', { rounding: 'nearest' }, null, null],
  ['int8-dynamic', { smoothQuant: true }, 'smooth-quant', 'smooth-quant'],
  ['int8-dynamic', {}, null, null],
  ['int4-weights', { minSqnr: 20 }, 'min-sqnr', null],
  ['int4-weights', { maxSize: { ratio: 0.2 } }, null, null],
  ['float16', {}, null, null],
] as const)(
  '%s with %j needs data for %s, of a model that reads tokens alone for %s',
  (method, options, need, ofTokens) => {
    const variant = defaultQuantize(method, options);
    expect([calibrationNeed(variant, others), calibrationNeed(variant, tokens)]).toEqual([need, ofTokens]);
  },
);

it('says where data are named', () => {
  expect(lacksCalibration('gptq').message).toMatch(
    /^rounding gptq fits .*: name it under data\.calibration, or with --calibration\.$/,
  );
});
