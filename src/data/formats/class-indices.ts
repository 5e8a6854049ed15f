/** Which index a class of the annotations has: the order of the model's own classes. */
import { UserError } from '../../errors.js';
import { type ClassOrder, classIndices } from '../samples/class-order.js';

/** Index by name: in the order of the list, or of `order`. Throws UserError for names that the list doesn't have. */
export function indicesByName(
  names: readonly string[],
  list: readonly string[] | null,
  order: ClassOrder,
  path: string,
): ReadonlyMap<string, number> {
  if (list === null) {
    const indices = classIndices(names, order);
    if (indices !== null) return indices;
    throw new UserError(
      'data.unknown-class',
      `${path}: class-order index, but the class '${names.find((name) => !/^\d+$/.test(name))}' is no class index.`,
    );
  }
  const indices = new Map(list.map((name, index) => [name, index]));
  const unknown = names.filter((name) => !indices.has(name));
  if (unknown.length === 0) return indices;
  throw new UserError(
    'data.unknown-class',
    `${path} names ${unknown.length === 1 ? 'the class' : 'the classes'} ${unknown.map((name) => `'${name}'`).join(', ')}, which \`class-names\` doesn't list. ` +
      'It holds the classes of the model, in their order.',
  );
}
