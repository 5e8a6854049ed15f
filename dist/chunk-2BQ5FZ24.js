import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  MachineError
} from "./chunk-IYM25C4U.js";

// src/system/bundled-file.ts
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
var found = /* @__PURE__ */ new Map();
function bundledFile(name) {
  const known = found.get(name);
  if (known) return known;
  const here = dirname(fileURLToPath(import.meta.url));
  for (let directory = here; ; directory = dirname(directory)) {
    const candidates = directory === here ? [name, `dist/${name}`] : [`dist/${name}`];
    const path = candidates.map((candidate) => join(directory, candidate)).find((file) => existsSync(file));
    if (path) {
      found.set(name, path);
      return path;
    }
    if (directory === dirname(directory)) break;
  }
  throw new MachineError(
    `quantgate's ${name} is missing beside ${here}. Build it (npm run build) or reinstall quantgate.`
  );
}

export {
  bundledFile
};
