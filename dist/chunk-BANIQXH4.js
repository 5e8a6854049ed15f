import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  processFolder
} from "./chunk-65YWRPIP.js";
import {
  memoryRange
} from "./chunk-WWTOTCN4.js";

// src/data/samples/inflate.ts
import { read, unlinkSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
var MEMORY_LIMIT_BYTES = 64 * 2 ** 20;
var readAt = promisify(read);
var scratchCount = 0;
async function addressable(stream, sizeHint) {
  const chunks = [];
  let length = 0;
  if ((sizeHint ?? 0) <= MEMORY_LIMIT_BYTES) {
    const iterator = stream.iterator({ destroyOnReturn: false });
    for await (const chunk of iterator) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MEMORY_LIMIT_BYTES) return scratchFile(chunks, stream);
    }
    return memoryRange(Buffer.concat(chunks));
  }
  return scratchFile(chunks, stream);
}
async function scratchFile(first, rest) {
  const path = join(processFolder(), `${scratchCount++}.inflated`);
  const handle = await open(path, "wx+", 384);
  unlinkSync(path);
  SCRATCH_HANDLES.push(handle);
  let length = 0;
  const append = async (chunk) => {
    await handle.write(chunk, 0, chunk.length, length);
    length += chunk.length;
  };
  for (const chunk of first) await append(chunk);
  for await (const chunk of rest) await append(chunk);
  const total = length;
  return {
    length: total,
    async read(position, count) {
      const bytes = new Uint8Array(count);
      const bytesRead = await readFully(handle.fd, bytes, position);
      if (bytesRead < count) throw new Error("the data ends too early");
      return bytes;
    }
  };
}
var SCRATCH_HANDLES = [];
async function readFully(descriptor, bytes, position) {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await readAt(descriptor, bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

export {
  addressable
};
