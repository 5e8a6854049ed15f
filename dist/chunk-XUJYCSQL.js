import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/system/shown-path.ts
import { basename, isAbsolute, relative } from "node:path";
function shownPath(path, from = process.cwd()) {
  const inside = relative(from, path);
  return inside.startsWith("..") || isAbsolute(inside) ? basename(path) : inside || ".";
}

export {
  shownPath
};
