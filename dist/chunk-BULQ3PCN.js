import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  guessFormat,
  namesClasses
} from "./chunk-HG7K7Y73.js";
import {
  defaultData,
  defaultText,
  textOfModel
} from "./chunk-D475USFB.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/cli/given-data.ts
import { resolve } from "node:path";
async function givenData(path, like, changes = {}) {
  const data = defaultData(path, changes);
  if (like === null) return data;
  const format = await guessFormat(data.path);
  return {
    ...data,
    inputs: like.inputs,
    ...like.text ? { text: like.text } : {},
    labels: format === "image-folder" ? null : like.labels,
    classOrder: namesClasses(format) ? like.classOrder : null
  };
}
function withGivenText(data, { tokenizer, maxLength }, model) {
  if (tokenizer === void 0 && maxLength === void 0) return data;
  const option = tokenizer === void 0 ? "--max-length" : "--tokenizer";
  if (data === null) throw new UserError(`${option} prepares data, but none are given.`);
  const text = data.text ?? null;
  if (tokenizer === void 0 && text === null)
    throw new UserError("--max-length cuts texts that a tokenizer reads: give --tokenizer FILE with it.");
  const changes = { maxLength: maxLength ?? text?.maxLength ?? null, columns: text?.columns ?? null };
  return {
    ...data,
    text: textOfModel(
      tokenizer === void 0 ? { ...text, ...changes } : defaultText(resolve(tokenizer), changes),
      { ...model, path: resolve(model.path) }
    )
  };
}

// src/cli/pick-model.ts
import { resolve as resolve2 } from "node:path";
function pickModel(config, name, file) {
  const names = config.models.map((model) => model.name).join(", ");
  if (name !== void 0) {
    const found = config.models.find((model) => model.name === name);
    if (!found) throw new UserError(`No model is called '${name}' in ${config.file}. It has: ${names}.`);
    return found;
  }
  const byFile = file ? config.models.find((model) => model.path === resolve2(file)) : void 0;
  if (byFile) return byFile;
  if (config.models.length === 1) return config.models[0];
  throw new UserError(`${config.file} has several models: choose one with --model (${names}).`);
}

export {
  givenData,
  withGivenText,
  pickModel
};
