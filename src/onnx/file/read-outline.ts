/** Reads what a model is but not its weights: of a large file only the part that isn't tensors' bytes is touched. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Model } from '../model.js';
import { decodeModel, readModel } from './read.js';
import { fieldHeader } from './write.js';

/** Smaller files are read whole: that takes no longer. */
const SMALLEST_FILE_BYTES = 2 ** 20;
/** Values of a tensor below this are kept: shapes and axes are among them. */
const LARGEST_KEPT_BYTES = 1024;
const WINDOW_BYTES = 65_536;

/** Field numbers and wire types of onnx.proto and protobuf's encoding. */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
/** float_data, int32_data, int64_data, raw_data, double_data, uint64_data */
const TENSOR_DATA: ReadonlySet<number> = new Set([4, 5, 7, 9, 10, 11]);
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** The model at `path` with the data of large initializers left out: their names, types and shapes are there, their values are not.
 *  @throws UserError as readModel does. */
export function readModelOutline(path: string): Model {
  const outline = outlineBytes(path);
  if (!outline) return readModel(path);
  // A plain array: what is sliced off a Buffer shares its memory.
  const bytes = new Uint8Array(outline.buffer, outline.byteOffset, outline.byteLength);
  return decodeModel(bytes, path, dirname(resolve(path)));
}

/** The encoded message without weights; null where the file must be read whole: to say what is wrong with it, or because it is small. */
function outlineBytes(path: string): Uint8Array | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const { size } = fstatSync(fd);
    if (size < SMALLEST_FILE_BYTES) return null;
    const file = new MessageFile(fd, size);
    return file.filtered({ start: 0, end: size }, (field, model) =>
      field !== MODEL_GRAPH
        ? null
        : file.filtered(model, (inGraph, graph) =>
            inGraph !== GRAPH_INITIALIZER
              ? null
              : file.filtered(graph, (inTensor, { start, end }) =>
                  TENSOR_DATA.has(inTensor) && end - start > LARGEST_KEPT_BYTES ? new Uint8Array() : null,
                ),
          ),
    );
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

interface Span {
  start: number;
  end: number;
}

/** A protobuf message in a file, read through a window. */
class MessageFile {
  readonly #fd: number;
  readonly #size: number;
  readonly #window = Buffer.alloc(WINDOW_BYTES);
  #windowStart = 0;
  #windowEnd = 0;

  constructor(fd: number, size: number) {
    this.#fd = fd;
    this.#size = size;
  }

  /** The message's bytes, with each length-delimited field for which `replace` gives bytes holding those instead. */
  filtered(message: Span, replace: (field: number, value: Span) => Uint8Array | null): Uint8Array {
    const parts: Uint8Array[] = [];
    let kept = message.start;
    for (let at = message.start; at < message.end; ) {
      const tag = this.#varint(at);
      const [field, type] = [Math.floor(tag.value / 8), tag.value % 8];
      const value = this.#valueSpan(type, tag.end);
      if (value.end > message.end) throw new RangeError('a field passes the end of its message');
      const replacement = type === LENGTH_DELIMITED ? replace(field, value) : null;
      if (replacement) {
        parts.push(
          this.#bytes({ start: kept, end: at }),
          fieldHeader(field, replacement.length),
          replacement,
        );
        kept = value.end;
      }
      at = value.end;
    }
    parts.push(this.#bytes({ start: kept, end: message.end }));
    return Buffer.concat(parts);
  }

  #valueSpan(type: number, start: number): Span {
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

  #varint(start: number): { value: number; end: number } {
    let value = 0;
    for (let at = start, weight = 1; ; weight *= 128) {
      const byte = this.#byte(at++);
      value += (byte & 127) * weight;
      if (byte < 128) return { value, end: at };
    }
  }

  #byte(at: number): number {
    if (at >= this.#size) throw new RangeError('the file ends within a field');
    if (at < this.#windowStart || at >= this.#windowEnd) {
      this.#windowStart = at;
      this.#windowEnd = at + readSync(this.#fd, this.#window, 0, WINDOW_BYTES, at);
    }
    return this.#window[at - this.#windowStart]!;
  }

  #bytes({ start, end }: Span): Uint8Array {
    if (start >= this.#windowStart && end <= this.#windowEnd)
      return Buffer.from(this.#window.subarray(start - this.#windowStart, end - this.#windowStart));
    const bytes = Buffer.alloc(end - start);
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(this.#fd, bytes, done, bytes.length - done, start + done);
      if (read === 0) throw new RangeError('the file became shorter');
      done += read;
    }
    return bytes;
  }
}
