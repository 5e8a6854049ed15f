import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  relativeInside
} from "./chunk-VAR2GFSU.js";
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/system/listed-file.ts
import { realpath } from "node:fs/promises";
import { join } from "node:path";
async function listedFile(folder, name) {
  const path = join(folder, name);
  const real = await realpath(path).catch(() => null);
  if (real !== null && relativeInside(await realpath(folder), real) === null) {
    throw new UserError(
      `${shownPath(path)} links outside of ${shownPath(folder)}: only files inside it are read.`
    );
  }
  return path;
}

export {
  listedFile
};
