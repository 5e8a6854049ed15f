import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  scratchFolder,
  scratchFolderIn
} from "./chunk-65YWRPIP.js";
import {
  fromBytes,
  isNumericType
} from "./chunk-K7D3JYL6.js";

// src/runtime/worker/feeds-file.ts
import { accessSync, closeSync, constants, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
var FEEDS_DESCRIPTOR = 4;
var MEMORY = "/dev/shm";
var ALIGNMENT = 8;
var FeedsFile = class _FeedsFile {
  constructor(descriptor, folder) {
    this.descriptor = descriptor;
    this.folder = folder;
  }
  descriptor;
  folder;
  end = 0;
  full = false;
  /** `memory` is where it is made if files can be made there, else in the scratch folder. */
  static open(memory = MEMORY) {
    const folder = folderIn(memory) ?? scratchFolder("feeds");
    const file = new _FeedsFile(openSync(join(folder, "feeds"), "wx+", 384), folder);
    file.removeName();
    return file;
  }
  /** Writes the inputs; null when they can't be held (strings, no room): they have to be sent. */
  store(feeds) {
    if (this.full) return null;
    const tensors = {};
    const parts = [];
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
      this.full = true;
      return null;
    }
    this.end += length;
    return { offset, length, tensors };
  }
  /** What is stored may be written over: no worker is still to read it. */
  clear() {
    this.end = 0;
  }
  close() {
    closeSync(this.descriptor);
    this.removeName();
  }
  write(bytes, position) {
    let done = 0;
    while (done < bytes.length) {
      done += writeSync(this.descriptor, bytes, done, bytes.length - done, position + done);
    }
  }
  removeName() {
    try {
      rmSync(this.folder, { recursive: true, force: true });
    } catch {
    }
  }
};
function aligned(length) {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
function folderIn(memory) {
  try {
    accessSync(memory, constants.W_OK);
    return scratchFolderIn(memory);
  } catch {
    return null;
  }
}
var FeedsReader = class {
  constructor(descriptor = FEEDS_DESCRIPTOR) {
    this.descriptor = descriptor;
  }
  descriptor;
  buffer = new Uint8Array(0);
  /** The inputs, in a buffer that the next call writes anew. */
  read({ offset, length, tensors }) {
    if (this.buffer.length < length) this.buffer = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const count = readSync(this.descriptor, this.buffer, done, length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    const feeds = {};
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
};

export {
  FeedsFile,
  FeedsReader
};
