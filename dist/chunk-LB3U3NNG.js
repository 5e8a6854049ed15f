import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  isAlive
} from "./chunk-OKSQO7JT.js";

// src/system/partial-file.ts
import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
function partialName(target) {
  return `${target}.${process.pid}.tmp`;
}
function removePartials(target) {
  removeMatching(dirname(target), (name) => name.startsWith(`${basename(target)}.`) && isAbandoned(name));
}
function removeUnfinished(out) {
  rmSync(join(out, ".base"), { recursive: true, force: true });
  for (const folder of [out, join(out, "models"), join(out, "badges")]) removeMatching(folder, isAbandoned);
  removeMatching(join(out, "models"), (name) => name.startsWith(".command-"));
}
function isAbandoned(name) {
  const [, pid] = /\.(\d+)\.tmp$/.exec(name) ?? [];
  return pid !== void 0 && Number(pid) !== process.pid && !isAlive(Number(pid));
}
function removeMatching(folder, matches) {
  let names;
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names.filter(matches)) rmSync(join(folder, name), { recursive: true, force: true });
}

export {
  partialName,
  removePartials,
  removeUnfinished
};
