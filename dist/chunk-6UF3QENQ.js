import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readModelOutline
} from "./chunk-KWJTZ5O5.js";
import {
  intAttribute,
  subgraphsOf,
  tensorAttribute
} from "./chunk-CTCCJ4DQ.js";
import {
  TensorProto_DataLocation,
  TensorProto_DataType,
  elementCount,
  externalLocation,
  externalPath
} from "./chunk-7WTHJFBX.js";

// src/measure/size.ts
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
var GZIP_LEVEL = 6;
async function modelBytes(file, outline = readModelOutline(file)) {
  let bytes = 0;
  for (const path of filesOf(file, outline.proto.graph)) bytes += (await stat(path)).size;
  return bytes;
}
async function measureSize(file) {
  const graph = readModelOutline(file).proto.graph;
  let parameters = 0;
  for (const { tensor, elements } of weightsOf(graph)) {
    if (!NOT_WEIGHTS.has(tensor.dataType)) parameters += elements;
  }
  let fileBytes = 0;
  let compressedBytes = 0;
  for (const path of filesOf(file, graph)) {
    fileBytes += (await stat(path)).size;
    compressedBytes += await gzipSize(path);
  }
  return { fileBytes, compressedBytes, parameters };
}
function filesOf(file, graph) {
  const files = /* @__PURE__ */ new Set([resolve(file)]);
  for (const { tensor } of weightsOf(graph)) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    files.add(externalPath(externalLocation(tensor).location, dirname(resolve(file))));
  }
  return files;
}
var NOT_WEIGHTS = /* @__PURE__ */ new Set([TensorProto_DataType.INT64, TensorProto_DataType.BOOL, TensorProto_DataType.STRING]);
function* weightsOf(graph) {
  const packed = /* @__PURE__ */ new Map();
  for (const node of graph.node) {
    if (node.opType === "MatMulNBits" && node.input[1]) {
      packed.set(node.input[1], intAttribute(node, "K", 0) * intAttribute(node, "N", 0));
    }
  }
  for (const tensor of graph.initializer) {
    yield { tensor, elements: packed.get(tensor.name) ?? elementCount(tensor.dims) };
  }
  for (const node of graph.node) {
    const constant = node.opType === "Constant" ? tensorAttribute(node, "value") : void 0;
    if (constant) {
      yield { tensor: constant, elements: packed.get(node.output[0]) ?? elementCount(constant.dims) };
    }
    for (const subgraph of subgraphsOf(node)) yield* weightsOf(subgraph);
  }
}
async function gzipSize(path) {
  let bytes = 0;
  const count = new Writable({
    write(chunk, _encoding, done) {
      bytes += chunk.length;
      done();
    }
  });
  await pipeline(createReadStream(path), createGzip({ level: GZIP_LEVEL }), count);
  return bytes;
}

export {
  modelBytes,
  measureSize
};
