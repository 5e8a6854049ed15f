import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/data/samples/byte-range.ts
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
function fileRange(path, start, length) {
  return {
    length,
    async read(position, count) {
      const handle = await open(path, "r");
      try {
        const bytes = new Uint8Array(count);
        let done = 0;
        while (done < count) {
          const { bytesRead } = await handle.read(bytes, done, count - done, start + position + done);
          if (bytesRead === 0) throw new Error(`${path} ends ${count - done} bytes too early`);
          done += bytesRead;
        }
        return bytes;
      } finally {
        await handle.close();
      }
    }
  };
}
function memoryRange(bytes) {
  return {
    length: bytes.length,
    async read(position, length) {
      if (position + length > bytes.length) throw new Error("the data ends too early");
      return bytes.slice(position, position + length);
    }
  };
}
function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

export {
  fileRange,
  memoryRange,
  sha256
};
