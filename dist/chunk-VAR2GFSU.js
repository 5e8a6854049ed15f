import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/system/physical-path.ts
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
function physicalPath(path) {
  const absolute = resolve(path);
  if (existsSync(absolute) || dirname(absolute) === absolute) return realpathSync(absolute);
  return join(physicalPath(dirname(absolute)), basename(absolute));
}
function relativeInside(directory, path) {
  const inside = relative(directory, path);
  return inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? null : inside;
}

export {
  physicalPath,
  relativeInside
};
