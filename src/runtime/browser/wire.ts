/** How values travel between us and the page: as JSON, with the bytes of typed arrays behind it. Nothing of Node is here: the page uses it too.
 *
 *  Layout: length of the JSON in bytes (uint32, little-endian), four bytes of zero, the JSON, then the arrays; all begin at multiples of 8. */

const ALIGNMENT = 8;
const HEADER_BYTES = 8;

const ARRAYS = {
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
};

type ArrayName = keyof typeof ARRAYS;

/** What stands in the JSON for a value that JSON doesn't have. */
type StandIn = { $array: [name: ArrayName, offset: number, length: number] } | { $number: string };

/** Bytes of a value made of objects, arrays, strings, numbers (also infinite ones and NaN), booleans, null and typed arrays. */
export function encode(value: unknown): Uint8Array<ArrayBuffer> {
  const parts: { bytes: Uint8Array; offset: number }[] = [];
  let arraysBytes = 0;
  const json = JSON.stringify(value, function (this: Record<string, unknown>, key: string): unknown {
    // As it is held: a Buffer would have turned itself into JSON before.
    const held = this[key];
    if (typeof held === 'number' && !Number.isFinite(held))
      return { $number: String(held) } satisfies StandIn;
    if (!ArrayBuffer.isView(held)) return held;
    const name = Object.prototype.toString.call(held).slice('[object '.length, -1) as ArrayName;
    const bytes = new Uint8Array(held.buffer, held.byteOffset, held.byteLength);
    const offset = arraysBytes;
    parts.push({ bytes, offset });
    arraysBytes = aligned(offset + bytes.length);
    return { $array: [name, offset, bytes.length / ARRAYS[name].BYTES_PER_ELEMENT] } satisfies StandIn;
  });
  const text = new TextEncoder().encode(json ?? 'null');
  const begin = aligned(HEADER_BYTES + text.length);
  const whole = new Uint8Array(begin + arraysBytes);
  new DataView(whole.buffer).setUint32(0, text.length, true);
  whole.set(text, HEADER_BYTES);
  for (const { bytes, offset } of parts) whole.set(bytes, begin + offset);
  return whole;
}

/** The value that `encode` made these bytes of. Its arrays are views of `bytes`, or of a copy where those lie askew. */
export function decode(bytes: Uint8Array): unknown {
  const whole = bytes.byteOffset % ALIGNMENT === 0 ? bytes : new Uint8Array(bytes);
  const length = new DataView(whole.buffer, whole.byteOffset).getUint32(0, true);
  const begin = whole.byteOffset + aligned(HEADER_BYTES + length);
  const text = new TextDecoder().decode(whole.subarray(HEADER_BYTES, HEADER_BYTES + length));
  return JSON.parse(text, (_, held: unknown): unknown => {
    if (typeof held !== 'object' || held === null) return held;
    if ('$number' in held) return Number(held.$number);
    if (!('$array' in held)) return held;
    const [name, offset, elements] = (held as { $array: [ArrayName, number, number] }).$array;
    return new ARRAYS[name](whole.buffer as ArrayBuffer, begin + offset, elements);
  });
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
