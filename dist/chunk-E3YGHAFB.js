import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  isAlive
} from "./chunk-PPDM2O2Z.js";

// src/scratch.ts
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
var own = null;
function scratchFolder(purpose) {
  return mkdtempSync(join(processFolder(), `${purpose}-`));
}
function processFolder() {
  if (own === null) {
    const place = scratchPlace();
    removeAbandoned(place);
    own = mkdtempSync(join(place, `quantgate-${process.pid}-${hostname()}-`));
    process.on("exit", () => rmSync(own, { recursive: true, force: true }));
  }
  return own;
}
function scratchPlace() {
  const given = process.env.RUNNER_TEMP;
  return given && existsSync(given) ? given : tmpdir();
}
function removeAbandoned(place) {
  for (const name of readdirSync(place)) {
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
  processFolder
};
