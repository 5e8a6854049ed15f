import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../../src/runtime/browser/wire.js';

const leaf = fc.oneof(
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.float32Array({ maxLength: 5 }),
  fc.uint8Array({ maxLength: 9 }),
  fc.uint16Array({ maxLength: 5 }),
  fc.bigInt64Array({ maxLength: 3 }),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('tree'), { maxKeys: 4 }),
  ),
}));

describe('what travels to the page and back', () => {
  it('is what was sent, typed arrays and infinite numbers with it', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(withoutNegativeZero(decode(encode(value)))).toEqual(withoutNegativeZero(value));
      }),
    );
  });

  it('is read from bytes that begin anywhere', () => {
    const bytes = encode({ values: Float64Array.of(1, 2), few: Uint8Array.of(7) });
    const askew = new Uint8Array(bytes.length + 3);
    askew.set(bytes, 3);
    expect(decode(askew.subarray(3))).toEqual({ values: Float64Array.of(1, 2), few: Uint8Array.of(7) });
  });

  it('holds a Buffer as the bytes that it is', () => {
    expect(decode(encode({ model: Buffer.from([1, 2, 3]) }))).toEqual({ model: Uint8Array.of(1, 2, 3) });
  });
});

/** JSON knows no negative zero; -0 + 0 is 0. */
function withoutNegativeZero(value: unknown): unknown {
  if (typeof value === 'number') return value + 0;
  if (ArrayBuffer.isView(value) || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, withoutNegativeZero(held)]));
}
