import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  classIndices
} from "./chunk-AFAWG3BD.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/data/formats/class-indices.ts
function indicesByName(names, list, order, path) {
  if (list === null) {
    const indices2 = classIndices(names, order);
    if (indices2 !== null) return indices2;
    throw new UserError(
      `${path}: class-order index, but the class '${names.find((name) => !/^\d+$/.test(name))}' is no class index.`
    );
  }
  const indices = new Map(list.map((name, index) => [name, index]));
  const unknown = names.filter((name) => !indices.has(name));
  if (unknown.length === 0) return indices;
  throw new UserError(
    `${path} names ${unknown.length === 1 ? "the class" : "the classes"} ${unknown.map((name) => `'${name}'`).join(", ")}, which \`class-names\` doesn't list. It holds the classes of the model, in their order.`
  );
}

export {
  indicesByName
};
