/**
 * Inputs that several workers read: written once into a file without a name that every worker inherits, instead of copied into each
 * one's channel. Where the system has a folder in memory it lies there.
 */
import { accessSync, closeSync, constants, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder, scratchFolderIn } from '../../system/files/scratch.js';
import { fromBytes, isNumericType } from '../../tensor/elements.js';
import type { ElementType, Feeds } from '../../tensor/tensor.js';

/** Where inputs lie in the file; small enough to be sent. */
export interface StoredFeeds {
  /** In bytes. */
  offset: number;
  length: number;
  /** By input name; offsets are relative to the first. */
  tensors: Record<string, { type: ElementType; dims: readonly number[]; offset: number; length: number }>;
}

/** The descriptor that workers find the file at: the one after standard streams and channel. */
const FEEDS_DESCRIPTOR = 4;

/** Linux's folder in memory. */
const MEMORY = '/dev/shm';

/** Tensors begin at multiples of the longest element. */
const ALIGNMENT = 8;

/** The parent's side. */
export class FeedsFile {
  private end = 0;
  private full = false;

  private constructor(
    readonly descriptor: number,
    private readonly folder: string,
  ) {}

  /** @param memory where it is made if files can be made there, else (or with null) in the scratch folder. */
  static open(memory: string | null = MEMORY): FeedsFile {
    const folder = (memory === null ? null : folderIn(memory)) ?? scratchFolder('feeds');
    const file = new FeedsFile(openSync(join(folder, 'feeds'), 'wx+', 0o600), folder);
    // From here on it ends with the last process that has it open, however that one ends. Windows keeps the name until then.
    file.removeName();
    return file;
  }

  /** Writes the inputs; null when they can't be held (strings, no room): they have to be sent. */
  store(feeds: Feeds): StoredFeeds | null {
    if (this.full) return null;
    const tensors: StoredFeeds['tensors'] = {};
    const parts: { bytes: Uint8Array; offset: number }[] = [];
    let length = 0;
    for (const [name, { type, dims, data }] of Object.entries(feeds)) {
      if (!isNumericType(type) || Array.isArray(data)) return null;
      tensors[name] = { type, dims, offset: length, length: data.byteLength };
      parts.push({ bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset: length });
      length = aligned(length + data.byteLength);
    }
    const offset = this.end;
    try {
      for (const part of parts) this.write(part.bytes, offset + part.offset);
    } catch {
      // A container's memory folder may be smaller than what is kept.
      this.full = true;
      return null;
    }
    this.end += length;
    return { offset, length, tensors };
  }

  /** What is stored may be written over: no worker is still to read it. */
  clear(): void {
    this.end = 0;
  }

  close(): void {
    closeSync(this.descriptor);
    this.removeName();
  }

  private write(bytes: Uint8Array, position: number): void {
    let done = 0;
    while (done < bytes.length) {
      done += writeSync(this.descriptor, bytes, done, bytes.length - done, position + done);
    }
  }

  private removeName(): void {
    try {
      rmSync(this.folder, { recursive: true, force: true });
    } catch {
      // Still open: the process's scratch folder goes later.
    }
  }
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function folderIn(memory: string): string | null {
  try {
    accessSync(memory, constants.W_OK);
    return scratchFolderIn(memory);
  } catch {
    return null;
  }
}

/** The worker's side. */
export class FeedsReader {
  private buffer = new Uint8Array(0);

  constructor(private readonly descriptor = FEEDS_DESCRIPTOR) {}

  /** The inputs, in a buffer that the next call writes anew. */
  read({ offset, length, tensors }: StoredFeeds): Feeds {
    if (this.buffer.length < length) this.buffer = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const count = readSync(this.descriptor, this.buffer, done, length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    const feeds: Feeds = {};
    for (const [name, tensor] of Object.entries(tensors)) {
      const missing = tensor.length > 0 && tensor.offset + tensor.length > done;
      if (!isNumericType(tensor.type) || missing) {
        throw new Error(`the file of inputs ends before '${name}'`);
      }
      const bytes = this.buffer.subarray(tensor.offset, tensor.offset + tensor.length);
      feeds[name] = { type: tensor.type, dims: tensor.dims, data: fromBytes(tensor.type, bytes) };
    }
    return feeds;
  }
}
