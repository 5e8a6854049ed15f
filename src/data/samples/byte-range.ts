/** Bytes that are read piece by piece, wherever they lie. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

export interface ByteRange {
  readonly length: number;
  /** Exactly `length` bytes from `position`; throws when the file ends before. */
  read(position: number, length: number): Promise<Uint8Array>;
}

/** Part of a file, opened anew for each piece: nothing to close, nothing held. */
export function fileRange(path: string, start: number, length: number): ByteRange {
  return {
    length,
    async read(position, count) {
      const handle = await open(path, 'r');
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
    },
  };
}

export function memoryRange(bytes: Uint8Array): ByteRange {
  return {
    length: bytes.length,
    async read(position, length) {
      if (position + length > bytes.length) throw new Error('the data ends too early');
      // A copy: it is aligned for every element type, and doesn't hold the whole.
      return bytes.slice(position, position + length);
    },
  };
}

/** SHA-256 (hex) of the concatenation. */
export function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
