/** Damage: to bytes, to text, to the messages of an ONNX file. All of it follows from the random numbers handed in. */
import type { ModelProto, NodeProto, ValueInfoProto } from 'onnx-buf';
import { parse } from 'yaml';
import type { Random } from '../../src/tensor/random.js';

export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.below(choices.length)]!;
}

/** Values that readers trip over, for a byte. */
const BYTES = [0, 1, 0x7f, 0x80, 0xff];

/** A few bytes changed, cut off, doubled, moved or put in; sometimes only near the end, where zip files have their directory. */
function damagedBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let result = Buffer.from(bytes);
  const times = 1 + random.below(4);
  const from = random.below(5) < 2 ? Math.max(0, result.length - 120) : 0;
  for (let i = 0; i < times; i++) {
    const at = from + random.below(Math.max(1, result.length - from));
    switch (random.below(6)) {
      case 0:
        result[at] = pick(random, BYTES);
        break;
      case 1:
        if (at < result.length) result[at]! ^= 1 << random.below(8);
        break;
      case 2:
        result = result.subarray(0, at) as typeof result;
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, at), result.subarray(Math.max(0, at - random.below(40)))]);
        break;
      case 4:
        for (let j = at; j < Math.min(result.length, at + 4); j++) result[j] = pick(random, BYTES);
        break;
      default:
        result = Buffer.concat([
          result.subarray(0, at),
          Buffer.from(Array.from({ length: 1 + random.below(8) }, () => random.below(256))),
          result.subarray(at),
        ]);
    }
  }
  return result;
}

/** Words that parsers of text trip over. */
const WORDS = [
  '-1',
  '1e999',
  'NaN',
  'null',
  'true',
  '""',
  '[]',
  '{}',
  '{',
  ']',
  ',',
  '\n',
  '\t',
  '\u0000',
  '\ud800',
  '0x',
  '-',
  ': ',
  '&a [*a, *a]',
  '*a',
  '!!js/function',
  '../../etc/passwd',
  '99999999999999999999',
  '__proto__',
  'constructor',
  '"',
  "'",
];

/** Values that readers of JSON and YAML don't expect where they find them. */
const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  2 ** 53,
  '',
  'x',
  '\u0000',
  '(a+)+$',
  '1e9',
  [],
  [null],
  {},
  { a: { b: [] } },
];

const ODD_KEYS = ['__proto__', 'length', 'type', 'constructor', '0', ' '];

/** A value somewhere in a document exchanged, dropped, doubled or put under another key. */
function damagedDocument(document: unknown, random: Random): unknown {
  const holders: (Record<string, unknown> | unknown[])[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    holders.push(value as Record<string, unknown>);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(document);
  for (let i = 0; i < pick(random, [1, 1, 1, 2, 4]) && holders.length > 0; i++) {
    const holder = pick(random, holders) as Record<string, unknown>;
    const keys = Object.keys(holder);
    if (keys.length === 0) continue;
    const key = pick(random, keys);
    switch (random.below(5)) {
      case 0:
        delete holder[key];
        break;
      case 1:
        holder[pick(random, keys)] = holder[key];
        break;
      case 2:
        // Of its own, as a reader of JSON would have it.
        Object.defineProperty(holder, pick(random, Array.isArray(holder) ? ['0'] : ODD_KEYS), {
          value: pick(random, VALUES),
          configurable: true,
          enumerable: true,
          writable: true,
        });
        break;
      default:
        holder[key] = pick(random, VALUES);
    }
  }
  return document;
}

/** The document that a text of JSON or YAML is; undefined: it is none, or damage to the text itself is due. */
function documentOf(text: string, random: Random): unknown {
  if (random.below(3) === 0) return undefined;
  try {
    const document: unknown = parse(text);
    return typeof document === 'object' && document !== null ? document : undefined;
  } catch {
    return undefined;
  }
}

/** Lines doubled, dropped or exchanged, words exchanged with others or with what parsers trip over. */
function damagedText(text: string, random: Random): string {
  const document = documentOf(text, random);
  // JSON is YAML, too.
  if (document !== undefined) return JSON.stringify(damagedDocument(document, random), null, 1);
  let result = text;
  for (let i = 0; i < 1 + random.below(3); i++) {
    const lines = result.split('\n');
    const at = random.below(lines.length);
    switch (random.below(5)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(at, 0, pick(random, lines));
        break;
      case 2:
        lines[at] = damagedLine(lines[at]!, random);
        break;
      case 3:
        lines[at] = lines[at]!.slice(0, random.below(lines[at]!.length + 1));
        break;
      default:
        result = Buffer.from(damagedBytes(Buffer.from(result), random)).toString('latin1');
        continue;
    }
    result = lines.join('\n');
  }
  return result;
}

function damagedLine(line: string, random: Random): string {
  const words = line.split(/\b/);
  words[random.below(words.length)] = pick(random, WORDS);
  return words.join('');
}

/** Types of tensors, known and not. */
const TYPES = [0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 14, 16, 17, 21, 22, 99];
const OPERATORS = [
  'Conv',
  'Gemm',
  'MatMul',
  'Relu',
  'Add',
  'Reshape',
  'LSTM',
  'If',
  'Softmax',
  'Resize',
  'Gather',
  'Nothing',
  '',
];
const DIMENSIONS = [0n, -1n, 1n, 2n, 1_000_000_007n, 2n ** 40n, 2n ** 62n];
const NAMES = ['', 'x', 'y', 'w', 'c', 'a/b', '../up', '__proto__', 'x'.repeat(300), '\u0000', 'ä', 'node_0'];

/** Changes messages of the model in place: operators, attributes, names, types, shapes. */
function damageModel(proto: ModelProto, random: Random): void {
  const graph = proto.graph!;
  for (let i = 0; i < pick(random, [1, 1, 1, 2, 3]); i++) {
    const node = pick(random, graph.node);
    const tensor = pick(random, graph.initializer);
    const value = pick(random, [...graph.input, ...graph.output]);
    switch (random.below(12)) {
      case 0:
        node.opType = pick(random, OPERATORS);
        break;
      case 1:
        node.input[random.below(node.input.length + 1)] = pick(random, NAMES);
        break;
      case 2:
        node.output[random.below(node.output.length + 1)] = pick(random, NAMES);
        break;
      case 3:
        node.domain = pick(random, ['', 'ai.onnx', 'com.microsoft', 'nobody']);
        break;
      case 4:
        tensor.dataType = pick(random, TYPES);
        break;
      case 5:
        tensor.dims[random.below(tensor.dims.length + 1)] = pick(random, DIMENSIONS);
        break;
      case 6:
        tensor.name = pick(random, NAMES);
        break;
      case 7:
        tensor.rawData = tensor.rawData.subarray(0, random.below(tensor.rawData.length + 1));
        break;
      case 8:
        value.name = pick(random, NAMES);
        break;
      case 9:
        if (value.type?.value.case === 'tensorType') value.type.value.value.elemType = pick(random, TYPES);
        break;
      case 10:
        damageShape(value, random);
        break;
      default:
        damageAttributes(node, random);
    }
  }
}

function damageShape(value: ValueInfoProto, random: Random): void {
  if (value.type?.value.case !== 'tensorType') return;
  const shape = value.type.value.value.shape;
  const dimension = shape && pick(random, shape.dim);
  if (!dimension) value.type = undefined as never;
  else if (random.below(2) === 0) dimension.value = { case: 'dimValue', value: pick(random, DIMENSIONS) };
  else dimension.value = { case: 'dimParam', value: pick(random, NAMES) };
}

function damageAttributes(node: NodeProto, random: Random): void {
  const attribute = node.attribute.length > 0 ? pick(random, node.attribute) : undefined;
  if (!attribute) return;
  switch (random.below(4)) {
    case 0:
      attribute.i = pick(random, DIMENSIONS);
      break;
    case 1:
      attribute.ints = [...attribute.ints, pick(random, DIMENSIONS)];
      break;
    case 2:
      attribute.type = pick(random, [0, 1, 2, 3, 7, 99]) as never;
      break;
    default:
      attribute.name = pick(random, NAMES);
  }
}

/** What is done to a sound input. */
export interface Damage {
  bytes(bytes: Uint8Array, random: Random): Uint8Array;
  text(text: string, random: Random): string;
  model(proto: ModelProto, random: Random): void;
  /** Whether changes of the kind's own are made. */
  own: boolean;
}

export const DAMAGE: Damage = { bytes: damagedBytes, text: damagedText, model: damageModel, own: true };

/** Leaves every input as it is: to see that the sound ones are read. */
export const NO_DAMAGE: Damage = {
  bytes: (bytes) => bytes,
  text: (text) => text,
  model: () => {},
  own: false,
};
