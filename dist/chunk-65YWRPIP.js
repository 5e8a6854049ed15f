import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  isAlive
} from "./chunk-OKSQO7JT.js";
import {
  MachineError,
  messageOf
} from "./chunk-IYM25C4U.js";

// src/system/scratch.ts
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
var own = null;
function scratchFolder(purpose) {
  return newFolder(join(processFolder(), `${purpose}-`));
}
function scratchFolderIn(place) {
  removeAbandoned(place);
  return newFolder(namedAfterProcess(place));
}
function processFolder() {
  if (own === null) {
    const place = scratchPlace();
    removeAbandoned(place);
    own = newFolder(namedAfterProcess(place));
    process.on("exit", () => rmSync(own, { recursive: true, force: true }));
  }
  return own;
}
var namedAfterProcess = (place) => join(place, `quantgate-${process.pid}-${hostname()}-`);
function newFolder(prefix) {
  try {
    return mkdtempSync(prefix);
  } catch (error) {
    throw new MachineError(
      `The temporary folder ${dirname(prefix)} can't be used: ${messageOf(error)}. Make room there, or name another with TMPDIR.`
    );
  }
}
function scratchPlace() {
  const given = process.env.RUNNER_TEMP;
  return given && existsSync(given) ? given : tmpdir();
}
function removeAbandoned(place) {
  let names = [];
  try {
    names = readdirSync(place);
  } catch {
  }
  for (const name of names) {
    const [, pid, host] = /^quantgate-(\d+)-(.+)-[^-]{6}$/.exec(name) ?? [];
    if (pid === void 0 || host !== hostname() || isAlive(Number(pid))) continue;
    try {
      rmSync(join(place, name), { recursive: true, force: true });
    } catch {
    }
  }
}

export {
  scratchFolder,
  scratchFolderIn,
  processFolder
};
