import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  guessFormat,
  namesClasses
} from "./chunk-GX2LVYN6.js";
import {
  defaultData
} from "./chunk-V4CTKNK7.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/cli/given-data.ts
async function givenData(path, like, changes = {}) {
  const data = defaultData(path, changes);
  if (like === null) return data;
  const format = await guessFormat(data.path);
  return {
    ...data,
    inputs: like.inputs,
    labels: format === "image-folder" ? null : like.labels,
    classOrder: namesClasses(format) ? like.classOrder : null
  };
}

// src/cli/pick-model.ts
import { resolve } from "node:path";
function pickModel(config, name, file) {
  const names = config.models.map((model) => model.name).join(", ");
  if (name !== void 0) {
    const found = config.models.find((model) => model.name === name);
    if (!found) throw new UserError(`No model is called '${name}' in ${config.file}. It has: ${names}.`);
    return found;
  }
  const byFile = file ? config.models.find((model) => model.path === resolve(file)) : void 0;
  if (byFile) return byFile;
  if (config.models.length === 1) return config.models[0];
  throw new UserError(`${config.file} has several models: choose one with --model (${names}).`);
}

export {
  givenData,
  pickModel
};
