import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/system/lfs-pointer.ts
import { open } from "node:fs/promises";
var START = "version https://git-lfs.github.com/spec/";
var FETCH_LFS = "`git lfs pull`, or `lfs: true` in actions/checkout";
function isLfsPointer(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1", 0, START.length) === START;
}
async function isLfsPointerFile(path) {
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(START.length), 0, START.length, 0);
    return isLfsPointer(buffer.subarray(0, bytesRead));
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

export {
  FETCH_LFS,
  isLfsPointer,
  isLfsPointerFile
};
