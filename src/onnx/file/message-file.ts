/** Protobuf messages in files, of which only a part is read. */
import { readSync } from 'node:fs';
import { fieldHeader } from './write.js';

/** Little: behind each tensor that is passed over one is read, of which a few bytes are needed. */
const WINDOW_BYTES = 4096;

/** Wire types of protobuf's encoding. */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

export interface Span {
  start: number;
  end: number;
}

/** A protobuf message in a file, read through a window. */
export class MessageFile {
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
