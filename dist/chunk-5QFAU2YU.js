import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  findProfile
} from "./chunk-LOF5LS5W.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import {
  MachineError,
  UserError
} from "./chunk-IYM25C4U.js";

// src/runtime/profile-file.ts
import { existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
async function openProfiledIn(directory, open) {
  const profilePrefix = join(directory, "profile");
  const optimizedModelPath = join(directory, "optimized.onnx");
  try {
    const opened = await openDumping(open, { profilePrefix, optimizedModelPath });
    const graph = existsSync(optimizedModelPath) ? await readOptimized(optimizedModelPath) : null;
    const descriptor = openSync(findProfile(profilePrefix), "r");
    return { ...opened, profile: { read: () => readFileSync(descriptor, "utf8"), graph } };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
function openProfiled(open) {
  return openProfiledIn(scratchFolder("profile"), open);
}
async function openDumping(open, { profilePrefix, optimizedModelPath }) {
  try {
    return await open({ profilePrefix, optimizedModelPath });
  } catch (error) {
    if (!(error instanceof UserError || error instanceof MachineError)) throw error;
    return open({ profilePrefix });
  }
}
async function readOptimized(path) {
  const { readOptimizedGraph } = await import("./chunk-2RRWFTZM.js");
  try {
    return readOptimizedGraph(path);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

export {
  openProfiledIn,
  openProfiled
};
