import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  sha256
} from "./chunk-WWTOTCN4.js";
import {
  NPY_HEADER_BYTES,
  parseNpyHeader
} from "./chunk-CQM643LP.js";
import {
  isDerivable,
  quoted
} from "./chunk-P3SRHLMA.js";
import {
  elementCount
} from "./chunk-OEIIXWBO.js";
import {
  bytesPerElement,
  fromBytes,
  isIntegerType,
  numbersOf
} from "./chunk-K7D3JYL6.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/data/formats/stored-array.ts
async function npyArray(range, place) {
  const head = await range.read(0, Math.min(range.length, NPY_HEADER_BYTES));
  const { type, dims, dataOffset } = parseNpyHeader(head, place);
  return elementArray({ type, dims, range, dataOffset, place });
}
function elementArray(array) {
  const { type, dims, range, dataOffset, place } = array;
  if (dims.length === 0) throw new UserError(`${place} is a scalar; its first axis must count the samples.`);
  const sliceBytes = elementCount(dims.slice(1)) * bytesPerElement(type);
  const expected = dataOffset + sliceBytes * dims[0];
  if (range.length < expected) {
    throw new UserError(
      `${place} is truncated: [${dims.join(", ")}] needs ${expected} bytes, it has ${range.length}.`
    );
  }
  return {
    type,
    dims,
    slice: (index) => range.read(dataOffset + index * sliceBytes, sliceBytes),
    whole: () => range.read(dataOffset, expected - dataOffset)
  };
}
function sliceTensor(array, bytes) {
  return { type: array.type, dims: array.dims.slice(1), data: fromBytes(array.type, bytes) };
}

// src/data/formats/array-source.ts
async function arraySource(options) {
  const { description, path, inputs, labels } = options;
  const bindings = options.bindings.filter(({ input }) => inputs.has(input));
  const counts = bindings.map(({ input, from }) => ({ name: from, count: inputs.get(input).dims[0] }));
  if (labels) counts.push({ name: "labels", count: labels.dims[0] });
  const length = counts[0].count;
  if (counts.some(({ count }) => count !== length)) {
    throw new UserError(
      `${path}: the arrays must hold as many samples as each other along their first axis, but ${counts.map(({ name, count }) => `'${name}' holds ${count}`).join(", ")}.`
    );
  }
  const classLabels = labels ? await classIndices(labels) : null;
  async function slices(index) {
    return Promise.all(bindings.map(({ input }) => inputs.get(input).slice(index)));
  }
  async function label(index) {
    if (classLabels) return classLabels[index];
    return labels ? sliceTensor(labels, await labels.slice(index)) : null;
  }
  return {
    description,
    length,
    labelled: labels !== null,
    classes: classLabels ? classLabels.reduce((max, value) => Math.max(max, value), -1) + 1 : null,
    classOf: (index) => classLabels?.[index] ?? null,
    id: (index) => `${bindings[0].from}[${index}]`,
    hash: async (index) => sha256(...await slices(index)),
    async read(index) {
      const parts = await slices(index);
      const values = {};
      bindings.forEach(({ input }, at) => {
        values[input] = { kind: "array", tensor: sliceTensor(inputs.get(input), parts[at]) };
      });
      return { values, label: await label(index) };
    }
  };
}
async function classIndices(labels) {
  if (!isIntegerType(labels.type) || elementCount(labels.dims.slice(1)) !== 1) return null;
  const data = fromBytes(labels.type, await labels.whole());
  return Float64Array.from(numbersOf({ type: labels.type, dims: labels.dims, data }));
}
function chooseArrays(bindings, available, { path, labels }) {
  const others = [...available.keys()].filter((name) => name !== (labels ?? DEFAULT_LABELS));
  const chosen = /* @__PURE__ */ new Map();
  for (const binding of bindings) {
    const { input, from, config } = binding;
    const only = bindings.length === 1 && others.length === 1 && config.from === null ? others[0] : null;
    const array = available.get(from) ?? (only === null ? void 0 : available.get(only));
    if (array === void 0 && isDerivable(binding, bindings)) continue;
    if (array === void 0) {
      throw new UserError(
        `${path} has no array '${from}' for the model's input '${input}'; it holds ${quoted([...available.keys()])}. ` + (config.from === null ? `Map one of them: \`inputs: { ${input}: { from: ${others[0] ?? "NAME"} } }\`.` : "Correct `from`.")
      );
    }
    chosen.set(input, array);
  }
  return chosen;
}
function chooseLabels(labels, available, path) {
  const array = available.get(labels ?? DEFAULT_LABELS);
  if (array === void 0 && labels !== null && labels !== DEFAULT_LABELS) {
    throw new UserError(`${path} has no labels '${labels}'; it holds ${quoted([...available.keys()])}.`);
  }
  return array ?? null;
}
var DEFAULT_LABELS = "labels";

export {
  npyArray,
  elementArray,
  arraySource,
  chooseArrays,
  chooseLabels,
  DEFAULT_LABELS
};
