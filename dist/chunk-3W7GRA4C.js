import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  UserError
} from "./chunk-KJWZXA2F.js";

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
  pickModel
};
