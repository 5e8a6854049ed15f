/** Which index a class of the data has: the order of the model's own classes. */
import type { DataConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { classIndices, defaultOrder } from '../samples/class-order.js';
import { classNamesIfAny, indexByName, orderIsAGuess } from '../samples/model-classes.js';

export interface NumberedClasses {
  indices: ReadonlyMap<string, number>;
  /** The highest index and one more: of the model's classes, where somebody names them all. */
  classes: number;
  /** Said where the order is a guess. */
  warnings: readonly string[];
  /** Whether a name's index depends on which other names the data have. */
  counted: boolean;
}

/**
 * As `class-names` lists them, or as `class-order` says; else whole numbers are the indices themselves; else in the order of `id2label` in the model's
 * config.json, where that has all of the names; else by name, which is told. @param what the names are of, in the plural. Throws UserError for names
 * that the list doesn't have.
 */
export async function numberedClasses(
  names: readonly string[],
  data: DataConfig,
  what: string,
): Promise<NumberedClasses> {
  const { path, classNames: list, classOrder } = data;
  if (list !== null) return counted(listed(names, list, path), { least: list.length });
  const order = classOrder ?? defaultOrder(names);
  const indices = classIndices(names, order);
  if (indices === null) {
    throw new UserError(
      'data.unknown-class',
      `${path}: class-order index, but the class '${names.find((name) => !/^\d+$/.test(name))}' is no class index.`,
    );
  }
  if (order === 'index' || classOrder !== null) return { ...counted(indices), counted: order !== 'index' };
  const model = await classNamesIfAny(data);
  const own = model && modelsOwn(names, model.names);
  if (model && own instanceof Map) return counted(own, { least: model.names.length });
  const lacking = typeof own === 'string' ? { from: model!.from, lacking: own } : null;
  return {
    ...counted(indices),
    counted: true,
    warnings: names.length === 0 ? [] : [orderIsAGuess(names.length, what, lacking)],
  };
}

function counted(indices: ReadonlyMap<string, number>, { least = 0 } = {}): NumberedClasses {
  const highest = [...indices.values()].reduce((most, index) => Math.max(most, index), -1);
  return { indices, classes: Math.max(highest + 1, least), warnings: [], counted: false };
}

/** By name; or the first name that the model has no class for. */
export function modelsOwn(
  names: readonly string[],
  classes: readonly string[],
): ReadonlyMap<string, number> | string {
  const indexOf = indexByName(classes);
  const lacking = names.find((name) => indexOf(name) === undefined);
  return lacking ?? new Map(names.map((name) => [name, indexOf(name)!]));
}

/** Throws UserError for names that the list doesn't have. */
function listed(names: readonly string[], list: readonly string[], path: string): Map<string, number> {
  const indices = new Map(list.map((name, index) => [name, index]));
  const unknown = names.filter((name) => !indices.has(name));
  if (unknown.length === 0) return indices;
  throw new UserError(
    'data.unknown-class',
    `${path} names ${unknown.length === 1 ? 'the class' : 'the classes'} ${unknown.map((name) => `'${name}'`).join(', ')}, which \`class-names\` doesn't list. ` +
      'It holds the classes of the model, in their order.',
  );
}
