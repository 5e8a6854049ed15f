import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  elementCount
} from "./chunk-OEIIXWBO.js";
import {
  DEFAULT_INPUT
} from "./chunk-D475USFB.js";
import {
  allocate,
  isIntegerType,
  isNumericType
} from "./chunk-K7D3JYL6.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/data/samples/token-inputs.ts
var BY_NAME = [
  [/past|_cache$/i, "cache"],
  [/use_cache_branch/i, "branch"],
  [/token_?type|segment/i, "types"],
  [/position/i, "positions"],
  [/mask/i, "mask"],
  [/(^|_)ids(_\d+)?(:\d+)?$|^tokens?$/i, "ids"]
];
function tokenRoles(inputs) {
  const roles = /* @__PURE__ */ new Map();
  for (const { name, type } of inputs) {
    const role = BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
    if (role === void 0) continue;
    const integers = type !== null && (isIntegerType(type) || type === "bool");
    if (role === "cache" || integers || role === "mask") roles.set(name, role);
  }
  const ids = [...roles.values()].includes("ids");
  const others = inputs.filter(
    ({ name, type }) => !roles.has(name) && (type === "int64" || type === "int32")
  );
  if (!ids && others.length === 1) roles.set(others[0].name, "ids");
  return roles;
}
function followsFromTokens(role) {
  return role !== void 0 && role !== "ids";
}
var FED_INSTEAD = {
  mask: "ones: every token counts",
  types: "zeros: one segment",
  positions: "the tokens counted from 0",
  cache: "empty: no tokens before",
  branch: "false: no tokens before"
};
function derivedInput(input, tokens) {
  const { type, role } = input;
  const rows = tokens.length > 1 ? tokens[0] : 1;
  const length = tokens.at(-1) ?? 1;
  const made = (dims, value) => {
    const data = allocate(type, elementCount(dims));
    for (let at = 0; at < data.length; at++) set(data, at, value(at));
    return { type, dims, data };
  };
  switch (role) {
    case "mask":
      return made(tokens, () => 1);
    case "positions":
      return made(tokens, (at) => at % length);
    case "cache":
      return made(emptyCache(input, rows), () => 0);
    case "branch":
      return made([1], () => 0);
    default:
      return made(tokens, () => 0);
  }
}
function set(data, at, value) {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[at] = BigInt(value);
  else data[at] = value;
}
function emptyCache({ name, shape }, rows) {
  const open = (shape ?? []).flatMap(
    (dim, axis) => axis > 0 && (typeof dim === "string" || dim < 0) ? [axis] : []
  );
  const named = open.filter((axis) => /past|seq|len|cache/i.test(String(shape[axis])));
  const empty = named.length > 0 ? named : open;
  if (shape === null || shape.length < 2 || empty.length !== 1 || open.length !== 1) {
    throw new UserError(
      `The model's input '${name}' looks like a cache of earlier tokens, but its shape [${(shape ?? []).join(", ")}] doesn't tell how an empty one looks: export the model with a fixed number of heads and a fixed width, or save the input with the data.`
    );
  }
  return shape.map(
    (dim, axis) => axis === 0 ? typeof dim === "number" && dim > 0 ? dim : rows : axis === empty[0] ? 0 : dim
  );
}

// src/data/samples/binding.ts
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
  const roles = tokenRoles(inputs);
  return inputs.map((input) => {
    if (input.type === null || !isNumericType(input.type)) {
      throw new UserError(
        `${data.path}: the model's input '${input.name}' takes ${input.type ?? "no tensor"}; quantgate feeds numeric tensors only.`
      );
    }
    const config = data.inputs[input.name] ?? data.inputs[""] ?? DEFAULT_INPUT;
    const role = roles.get(input.name);
    return {
      input: input.name,
      type: input.type,
      shape: input.shape?.length ? input.shape : null,
      from: config.from ?? input.name,
      config,
      ...role === void 0 ? {} : { role },
      ...input.tableRows === void 0 ? {} : { tableRows: input.tableRows }
    };
  });
}
function isDerivable({ role, config }, bindings) {
  return config.from === null && followsFromTokens(role) && bindings.some((other) => other.role === "ids");
}
function textWithoutTokenizer(place, column) {
  return new UserError(
    `${place}: '${column}' holds text, and the model takes token ids. Name the model's tokenizer: \`data: { tokenizer: tokenizer.json }\` (--tokenizer on the command line).`
  );
}
function onlyBinding(bindings, path, format) {
  const [binding, ...others] = bindings.filter((one) => !isDerivable(one, bindings));
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
  FED_INSTEAD,
  derivedInput,
  bindInputs,
  isDerivable,
  textWithoutTokenizer,
  onlyBinding,
  quoted
};
