/** Rows of tokens as the model's inputs ask for them. */
import { UserError } from '../../errors.js';
import { allocate } from '../../tensor/elements.js';
import { type Binding, quoted } from '../samples/binding.js';
import type { RawValue } from '../samples/source.js';
import type { FedTokens } from './text-rows.js';
import type { Encoding, TokenizerFacts, TokenRow } from './tokenizer/encoding.js';

/** Tokens of a row that the model's shape asks for; null: as many as there are. Throws UserError for a model without an input for tokens. */
export function fixedLength(bindings: readonly Binding[], path: string): number | null {
  const dim = idsBinding(bindings, path).shape?.[1];
  return typeof dim === 'number' && dim > 0 ? dim : null;
}

export function idsBinding(bindings: readonly Binding[], path: string): Binding {
  const found = bindings.find(({ role }) => role === 'ids');
  if (found) return found;
  throw new UserError(
    'data.tokenizer-mismatch',
    `${path}: a tokenizer makes token ids, but none of the model's inputs takes them: ${quoted(bindings.map(({ input }) => input))}. Remove \`tokenizer\`.`,
  );
}

export interface Layout {
  facts: TokenizerFacts;
  /** Of every row; null: of the longest. */
  length: number | null;
}

function lengthOf(rows: readonly TokenRow[], { length }: Layout): number {
  return length ?? Math.max(1, ...rows.map(({ ids }) => ids.length));
}

/** Facts about tokens, laid out as the tokens are fed. */
export function fedTokens(rows: readonly TokenRow[], layout: Layout): FedTokens {
  const length = lengthOf(rows, layout);
  const left = layout.facts.padSide === 'left';
  return {
    rows,
    spread(values, per) {
      const all = new Int32Array(length * per).fill(-1);
      all.set(values, left ? all.length - values.length : 0);
      return all;
    },
  };
}

/**
 * Values of the inputs that tokens, mask and types go to, each [rows, length]: shorter rows are filled up with the tokenizer's padding, which the mask
 * leaves out. Inputs that follow from these are left to whoever prepares the sample.
 */
export function tokenValues(
  { rows }: Encoding,
  bindings: readonly Binding[],
  layout: Layout,
): Record<string, RawValue> {
  const { facts } = layout;
  const length = lengthOf(rows, layout);
  const values: Record<string, RawValue> = {};
  for (const { input, role, type } of bindings) {
    if (role !== 'ids' && role !== 'mask' && role !== 'types') continue;
    const filling = role === 'ids' ? facts.padId : 0;
    const data = allocate(type, rows.length * length);
    const big = data instanceof BigInt64Array || data instanceof BigUint64Array;
    if (filling !== 0) data.fill((big ? BigInt(filling) : filling) as never);
    rows.forEach(({ ids, typeIds }, row) => {
      const from = row * length + (facts.padSide === 'left' ? length - ids.length : 0);
      for (let at = 0; at < ids.length; at++) {
        const value = role === 'ids' ? ids[at]! : role === 'mask' ? 1 : typeIds[at]!;
        data[from + at] = (big ? BigInt(value) : value) as never;
      }
    });
    values[input] = { kind: 'feed', tensor: { type, dims: [rows.length, length], data } };
  }
  return values;
}
