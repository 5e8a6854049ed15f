/** A language model's inputs by their role: which hold tokens, and which follow from the tokens alone. */
import { UserError } from '../../errors.js';
import { isIntegerType, type NumericType } from '../../tensor/elements.js';
import { filled } from '../../tensor/filled.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { ValueMeta } from '../../tensor/value-meta.js';

/** cache: keys and values of tokens before. branch: whether a merged decoder uses them. */
export type TokenRole = 'ids' | 'mask' | 'types' | 'positions' | 'cache' | 'branch';

const BY_NAME: readonly [RegExp, TokenRole][] = [
  [/past|_cache$/i, 'cache'],
  [/use_cache_branch/i, 'branch'],
  [/token_?type|segment/i, 'types'],
  [/position/i, 'positions'],
  [/mask/i, 'mask'],
  [/(^|_)ids(_\d+)?(:\d+)?$|^tokens?$/i, 'ids'],
];

/** By input name; inputs without a role are left out. */
export function tokenRoles(inputs: readonly Pick<ValueMeta, 'name' | 'type'>[]): Map<string, TokenRole> {
  const roles = new Map<string, TokenRole>();
  for (const { name, type } of inputs) {
    const role = BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
    if (role === undefined) continue;
    const integers = type !== null && (isIntegerType(type) || type === 'bool');
    if (role === 'cache' || integers || role === 'mask') roles.set(name, role);
  }
  // A single integer input holds the tokens, whatever its name.
  const ids = [...roles.values()].includes('ids');
  const others = inputs.filter(
    ({ name, type }) => !roles.has(name) && (type === 'int64' || type === 'int32'),
  );
  if (!ids && others.length === 1) roles.set(others[0]!.name, 'ids');
  return roles;
}

/** Whether an input of this role can be made where the data don't hold it. */
export function followsFromTokens(role: TokenRole | undefined): boolean {
  return role !== undefined && role !== 'ids';
}

/** What an input that the data don't hold is fed with, for a note. */
export const FED_INSTEAD: Record<Exclude<TokenRole, 'ids'>, string> = {
  mask: 'ones: every token counts',
  types: 'zeros: one segment',
  positions: 'the tokens counted from 0',
  cache: 'empty: no tokens before',
  branch: 'false: no tokens before',
};

export interface DerivedInput {
  name: string;
  type: NumericType;
  shape: readonly (number | string)[] | null;
  role: TokenRole;
}

/**
 * The input's tensor for tokens of shape [rows, length]. Throws UserError for a cache whose shape can't be told.
 */
export function derivedInput(input: DerivedInput, tokens: readonly number[]): Tensor {
  const { type, role } = input;
  const rows = tokens.length > 1 ? tokens[0]! : 1;
  const length = tokens.at(-1) ?? 1;
  switch (role) {
    case 'mask':
      return filled(type, tokens, () => 1);
    case 'positions':
      return filled(type, tokens, (at) => at % length);
    case 'cache':
      return filled(type, emptyCache(input, rows), () => 0);
    case 'branch':
      return filled(type, [1], () => 0);
    default:
      return filled(type, tokens, () => 0);
  }
}

/** [rows, heads, 0, width]: the axis that is neither the batch nor fixed has no entries. */
function emptyCache({ name, shape }: DerivedInput, rows: number): number[] {
  const open = (shape ?? []).flatMap((dim, axis) =>
    axis > 0 && (typeof dim === 'string' || dim < 0) ? [axis] : [],
  );
  const named = open.filter((axis) => /past|seq|len|cache/i.test(String(shape![axis])));
  const empty = named.length > 0 ? named : open;
  if (shape === null || shape.length < 2 || empty.length !== 1 || open.length !== 1) {
    throw new UserError(
      'data.cache-shape',
      `The model's input '${name}' looks like a cache of earlier tokens, but its shape [${(shape ?? []).join(', ')}] doesn't tell how an empty one looks: ` +
        'export the model with a fixed number of heads and a fixed width, or save the input with the data.',
    );
  }
  return shape.map((dim, axis) =>
    axis === 0 ? (typeof dim === 'number' && dim > 0 ? dim : rows) : axis === empty[0] ? 0 : (dim as number),
  );
}
