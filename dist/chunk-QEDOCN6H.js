import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  fieldHeader,
  tensorsOf
} from "./chunk-Q564MQFU.js";
import {
  decodeModel,
  intAttribute,
  outputOf,
  readModel,
  subgraphsOf,
  tensorAttribute
} from "./chunk-A52USPEN.js";
import {
  TensorProto_DataLocation,
  TensorProto_DataType,
  elementCount,
  externalLocation,
  externalPath
} from "./chunk-OEIIXWBO.js";

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

// src/onnx/weights.ts
import { stat } from "node:fs/promises";
import { dirname as dirname2, resolve as resolve2 } from "node:path";
function weightsOf(model) {
  const found = [];
  if (model.graph) addWeights(found, model.graph, []);
  for (const { node } of model.functions) addWeights(found, { node, initializer: [] }, []);
  return found;
}
function parameterCount(weights) {
  let count = 0;
  for (const { tensor, values } of weights) if (!NOT_WEIGHTS.has(tensor.dataType)) count += values;
  return count;
}
var NOT_WEIGHTS = /* @__PURE__ */ new Set([TensorProto_DataType.INT64, TensorProto_DataType.BOOL, TensorProto_DataType.STRING]);
function externalLocations(model) {
  const locations = /* @__PURE__ */ new Set();
  for (const tensor of tensorsOf(model)) {
    if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) locations.add(externalLocation(tensor).location);
  }
  return [...locations];
}
function filesOf(file, outline = readModelOutline(file)) {
  const path = resolve2(file);
  const external = externalLocations(outline.proto).map((location) => externalPath(location, dirname2(path)));
  return [.../* @__PURE__ */ new Set([path, ...external])];
}
async function modelBytes(file, outline) {
  let bytes = 0;
  for (const path of filesOf(file, outline)) bytes += (await stat(path)).size;
  return bytes;
}
function addWeights(found, graph, outer) {
  const own = /* @__PURE__ */ new Map();
  const add = (name, tensor) => {
    const weight = { name, tensor, values: elementCount(tensor.dims) };
    own.set(name, weight);
    found.push(weight);
  };
  for (const tensor of graph.initializer) add(tensor.name, tensor);
  for (const node of graph.node) {
    const constant = node.opType === "Constant" ? tensorAttribute(node, "value") : void 0;
    if (constant) add(outputOf(node), constant);
  }
  const scopes = [own, ...outer];
  for (const node of graph.node) {
    countPacked(node, scopes);
    for (const body of subgraphsOf(node)) addWeights(found, body, scopes);
  }
}
var matrix = (node) => intAttribute(node, "K", 0) * intAttribute(node, "N", 0);
var PACKED = {
  MatMulNBits: { weight: 1, scales: 2, zeroPoints: 3, values: matrix },
  MatMulBnb4: { weight: 1, values: matrix },
  GatherBlockQuantized: {
    weight: 0,
    scales: 2,
    zeroPoints: 3,
    values: (node, stored) => stored * 8 / intAttribute(node, "bits", 4)
  }
};
function countPacked(node, scopes) {
  const packing = node.domain === "com.microsoft" ? PACKED[node.opType] : void 0;
  if (!packing) return;
  const weightAt = (position) => {
    const name = node.input[position ?? -1] ?? "";
    return scopes.find((scope) => scope.has(name))?.get(name);
  };
  const [weight, scales, zeroPoints] = [packing.weight, packing.scales, packing.zeroPoints].map(weightAt);
  if (weight?.tensor.dataType === TensorProto_DataType.UINT8) {
    weight.values = packing.values(node, elementCount(weight.tensor.dims));
  }
  if (zeroPoints?.tensor.dataType === TensorProto_DataType.UINT8 && scales) zeroPoints.values = scales.values;
}

export {
  readModelOutline,
  weightsOf,
  parameterCount,
  externalLocations,
  filesOf,
  modelBytes
};
