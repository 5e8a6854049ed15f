import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  classIndices
} from "./chunk-AFAWG3BD.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/data/formats/label-column.ts
function labelColumn(labels, order = null) {
  if (labels.length === 0 || labels.some((label) => label === null)) {
    return { labelled: false, classes: null, label: () => null };
  }
  if (order !== null || labels.some((label) => typeof label === "string")) {
    const names = [...new Set(labels.map(String))];
    const indices = classIndices(names, order ?? "name");
    if (indices === null) {
      throw new UserError(
        `class-order index: the label '${names.find((name) => !/^\d+$/.test(name))}' is no class index.`
      );
    }
    const classes = [...indices.values()].reduce((most, index) => Math.max(most, index), -1) + 1;
    return { labelled: true, classes, indices, label: (index) => indices.get(String(labels[index])) };
  }
  const numbers = labels;
  if (numbers.every(Number.isInteger)) {
    const classes = numbers.reduce((max, label) => Math.max(max, label), -1) + 1;
    return { labelled: true, classes, label: (index) => numbers[index] };
  }
  return { labelled: true, classes: null, label: (index) => scalar(numbers[index]) };
}
function scalar(value) {
  return { type: "float64", dims: [], data: Float64Array.of(value) };
}
function classOfLabel({ classes, label }, index) {
  const own = classes === null ? null : label(index);
  return typeof own === "number" ? own : null;
}

export {
  labelColumn,
  classOfLabel
};
