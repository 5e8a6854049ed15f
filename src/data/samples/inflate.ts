/** Compressed bytes made addressable: small ones in memory, large ones in a nameless temporary file. */
import { read, unlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { processFolder } from '../../system/files/scratch.js';
import { type ByteRange, memoryRange } from './byte-range.js';

/** Above this, inflated bytes go to disk. */
const MEMORY_LIMIT_BYTES = 64 * 2 ** 20;

const readAt = promisify(read);
let scratchCount = 0;

/** Reads the stream to its end. `sizeHint` is the expected length in bytes, when known; memory is used up to a fixed limit. */
export async function addressable(stream: Readable, sizeHint: number | null): Promise<ByteRange> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  if ((sizeHint ?? 0) <= MEMORY_LIMIT_BYTES) {
    const iterator = stream.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Uint8Array>;
    for await (const chunk of iterator) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MEMORY_LIMIT_BYTES) return scratchFile(chunks, stream);
    }
    return memoryRange(Buffer.concat(chunks));
  }
  return scratchFile(chunks, stream);
}

/**
 * The file is unlinked as soon as it is open: whatever ends the process, nothing is left on disk. Its descriptor lives as
 * long as the process.
 */
async function scratchFile(first: readonly Uint8Array[], rest: Readable): Promise<ByteRange> {
  const path = join(processFolder(), `${scratchCount++}.inflated`);
  const handle = await open(path, 'wx+', 0o600);
  unlinkSync(path);
  SCRATCH_HANDLES.push(handle);
  let length = 0;
  const append = async (chunk: Uint8Array) => {
    await handle.write(chunk, 0, chunk.length, length);
    length += chunk.length;
  };
  for (const chunk of first) await append(chunk);
  for await (const chunk of rest as AsyncIterable<Uint8Array>) await append(chunk);
  const total = length;
  return {
    length: total,
    async read(position, count) {
      const bytes = new Uint8Array(count);
      const bytesRead = await readFully(handle.fd, bytes, position);
      if (bytesRead < count) throw new Error('the data ends too early');
      return bytes;
    },
  };
}

/** Kept from garbage collection, which would close them. */
const SCRATCH_HANDLES: unknown[] = [];

async function readFully(descriptor: number, bytes: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await readAt(descriptor, bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
