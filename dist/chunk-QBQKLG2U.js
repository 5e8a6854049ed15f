import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  fieldHeader
} from "./chunk-MK6PZPSP.js";
import {
  decodeModel,
  readModel
} from "./chunk-IZBBBSAD.js";

// src/onnx/read-outline.ts
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { dirname, resolve } from "node:path";
var SMALLEST_FILE_BYTES = 2 ** 20;
var LARGEST_KEPT_BYTES = 1024;
var WINDOW_BYTES = 65536;
var MODEL_GRAPH = 7;
var GRAPH_INITIALIZER = 5;
var TENSOR_DATA = /* @__PURE__ */ new Set([4, 5, 7, 9, 10, 11]);
var VARINT = 0;
var FIXED_64 = 1;
var LENGTH_DELIMITED = 2;
var FIXED_32 = 5;
function readModelOutline(path) {
  const outline = outlineBytes(path);
  if (!outline) return readModel(path);
  const bytes = new Uint8Array(outline.buffer, outline.byteOffset, outline.byteLength);
  return decodeModel(bytes, path, dirname(resolve(path)));
}
function outlineBytes(path) {
  let fd;
  try {
    fd = openSync(path, "r");
  } catch {
    return null;
  }
  try {
    const { size } = fstatSync(fd);
    if (size < SMALLEST_FILE_BYTES) return null;
    const file = new MessageFile(fd, size);
    return file.filtered(
      { start: 0, end: size },
      (field, model) => field !== MODEL_GRAPH ? null : file.filtered(
        model,
        (inGraph, graph) => inGraph !== GRAPH_INITIALIZER ? null : file.filtered(
          graph,
          (inTensor, { start, end }) => TENSOR_DATA.has(inTensor) && end - start > LARGEST_KEPT_BYTES ? new Uint8Array() : null
        )
      )
    );
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}
var MessageFile = class {
  #fd;
  #size;
  #window = Buffer.alloc(WINDOW_BYTES);
  #windowStart = 0;
  #windowEnd = 0;
  constructor(fd, size) {
    this.#fd = fd;
    this.#size = size;
  }
  /** The message's bytes, with each length-delimited field for which `replace` gives bytes holding those instead. */
  filtered(message, replace) {
    const parts = [];
    let kept = message.start;
    for (let at = message.start; at < message.end; ) {
      const tag = this.#varint(at);
      const [field, type] = [Math.floor(tag.value / 8), tag.value % 8];
      const value = this.#valueSpan(type, tag.end);
      if (value.end > message.end) throw new RangeError("a field passes the end of its message");
      const replacement = type === LENGTH_DELIMITED ? replace(field, value) : null;
      if (replacement) {
        parts.push(
          this.#bytes({ start: kept, end: at }),
          fieldHeader(field, replacement.length),
          replacement
        );
        kept = value.end;
      }
      at = value.end;
    }
    parts.push(this.#bytes({ start: kept, end: message.end }));
    return Buffer.concat(parts);
  }
  #valueSpan(type, start) {
    switch (type) {
      case VARINT:
        return { start, end: this.#varint(start).end };
      case FIXED_64:
        return { start, end: start + 8 };
      case FIXED_32:
        return { start, end: start + 4 };
      case LENGTH_DELIMITED: {
        const length = this.#varint(start);
        return { start: length.end, end: length.end + length.value };
      }
      default:
        throw new RangeError(`wire type ${type}`);
    }
  }
  #varint(start) {
    let value = 0;
    for (let at = start, weight = 1; ; weight *= 128) {
      const byte = this.#byte(at++);
      value += (byte & 127) * weight;
      if (byte < 128) return { value, end: at };
    }
  }
  #byte(at) {
    if (at >= this.#size) throw new RangeError("the file ends within a field");
    if (at < this.#windowStart || at >= this.#windowEnd) {
      this.#windowStart = at;
      this.#windowEnd = at + readSync(this.#fd, this.#window, 0, WINDOW_BYTES, at);
    }
    return this.#window[at - this.#windowStart];
  }
  #bytes({ start, end }) {
    if (start >= this.#windowStart && end <= this.#windowEnd)
      return Buffer.from(this.#window.subarray(start - this.#windowStart, end - this.#windowStart));
    const bytes = Buffer.alloc(end - start);
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(this.#fd, bytes, done, bytes.length - done, start + done);
      if (read === 0) throw new RangeError("the file became shorter");
      done += read;
    }
    return bytes;
  }
};

export {
  readModelOutline
};
