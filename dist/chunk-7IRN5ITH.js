import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  isNumericType
} from "./chunk-DFCMXZVG.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/data/samples/binding.ts
var NO_PREPROCESSING = {
  from: null,
  resize: null,
  crop: null,
  channels: null,
  scale: null,
  mean: null,
  std: null,
  layout: null
};
function bindInputs(data, inputs) {
  const names = inputs.map((input) => input.name);
  for (const key of Object.keys(data.inputs)) {
    if (key === "" && inputs.length !== 1) {
      throw new UserError(
        `${data.path}: 'input' prepares the only input of a model, but this model has ${names.length}: ${quoted(names)}. Use 'inputs' with one entry per name.`
      );
    }
    if (key !== "" && !names.includes(key)) {
      throw new UserError(
        `${data.path}: preprocessing is given for input '${key}', but the model's inputs are ${quoted(names)}.`
      );
    }
  }
  return inputs.map((input) => {
    if (input.type === null || !isNumericType(input.type)) {
      throw new UserError(
        `${data.path}: the model's input '${input.name}' takes ${input.type ?? "no tensor"}; quantgate feeds numeric tensors only.`
      );
    }
    const config = data.inputs[input.name] ?? data.inputs[""] ?? NO_PREPROCESSING;
    return {
      input: input.name,
      type: input.type,
      shape: input.shape?.length ? input.shape : null,
      from: config.from ?? input.name,
      config
    };
  });
}
function onlyBinding(bindings, path, format) {
  const [binding, ...others] = bindings;
  if (!binding || others.length > 0) {
    throw new UserError(
      `${path}: ${format} feeds one input, but the model has ${bindings.length}: ${quoted(bindings.map(({ input }) => input))}. Use npz or jsonl, with one array per input.`
    );
  }
  return binding;
}
function quoted(names) {
  return names.length === 0 ? "nothing" : names.map((name) => `'${name}'`).join(", ");
}

export {
  bindInputs,
  onlyBinding,
  quoted
};
