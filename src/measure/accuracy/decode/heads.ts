/** Which output of a detector holds what, and its values by row and column. */
import { UserError } from '../../../errors.js';
import { isIntegerType, numbersOf } from '../../../tensor/elements.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';

/** What an output of a detector may hold. */
export type Role = 'boxes' | 'scores' | 'classes';

/** Names that exporters give. */
const NAMES: Record<Role, RegExp> = {
  boxes: /box/i,
  scores: /score|conf|prob|logit/i,
  classes: /label|class/i,
};

/** A table of numbers: one row per candidate. */
export interface Table {
  rows: number;
  columns: number;
  at(row: number, column: number): number;
}

/** The output of a role: as configured (`outputs`), by its name, or by its type and shape. Throws UserError when none is it. */
export function outputOf(role: Role, outputs: Feeds, roles: Readonly<Record<string, string>>): Tensor {
  return find(role, outputs, roles)?.[1] ?? missing(role, outputs);
}

/** Name of the output of a role, where there is one. */
export function nameOf(role: Role, outputs: Feeds, roles: Readonly<Record<string, string>>): string | null {
  return find(role, outputs, roles)?.[0] ?? null;
}

function find(role: Role, outputs: Feeds, roles: Readonly<Record<string, string>>): [string, Tensor] | null {
  const entries = Object.entries(outputs);
  const configured = roles[role];
  if (configured !== undefined)
    return entries.find(([name]) => name === configured) ?? missing(role, outputs, configured);
  return (
    entries.find(([name]) => NAMES[role].test(name)) ??
    entries.find(([, tensor]) => looksLike(role, tensor)) ??
    null
  );
}

function looksLike(role: Role, { type, dims }: Tensor): boolean {
  if (role === 'boxes') return dims.length >= 2 && dims.at(-1) === 4;
  if (role === 'classes') return isIntegerType(type);
  return !isIntegerType(type) && dims.at(-1) !== 4;
}

function missing(role: Role, outputs: Feeds, configured?: string): never {
  const have = Object.entries(outputs)
    .map(([name, { dims }]) => `'${name}' [${dims.join(', ')}]`)
    .join(', ');
  const which = configured === undefined ? '' : ` '${configured}'`;
  throw new UserError(
    'accuracy.decoder',
    `The decoder needs an output${which} with the ${role}, but the model has ${have}. Name it: \`outputs: { ${role}: NAME }\`, or choose another \`decoder\`.`,
  );
}

/** The only output of detectors with one head. Throws UserError when it hasn't rows and columns. */
export function onlyTable(outputs: Feeds, roles: Readonly<Record<string, string>>): Tensor {
  const entries = Object.entries(outputs);
  const [, tensor] =
    entries.find(([name]) => name === roles.boxes) ??
    entries.find(([, { dims }]) => dims.length === 3 && dims[0] === 1) ??
    entries[0]!;
  return tensor;
}

/** [1, rows, columns] or [rows, columns]; `turned`: [1, columns, rows]. */
export function tableOf(tensor: Tensor, options: { turned?: boolean } = {}): Table {
  const values = numbersOf(tensor);
  const dims = tensor.dims.length === 3 && tensor.dims[0] === 1 ? tensor.dims.slice(1) : tensor.dims;
  if (dims.length !== 2) {
    throw new UserError(
      'accuracy.decoder',
      `The decoder needs an output of one row per box, [1, rows, columns], but this one is [${tensor.dims.join(', ')}]. Choose another \`decoder\`.`,
    );
  }
  const [first, second] = dims as [number, number];
  return options.turned
    ? { rows: second, columns: first, at: (row, column) => values[column * second + row]! }
    : { rows: first, columns: second, at: (row, column) => values[row * second + column]! };
}
