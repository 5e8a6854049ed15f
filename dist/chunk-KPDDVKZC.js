import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  addressable
} from "./chunk-BANIQXH4.js";
import "./chunk-65YWRPIP.js";
import "./chunk-OKSQO7JT.js";
import {
  DEFAULT_LABELS,
  arraySource,
  elementArray
} from "./chunk-PMV6PW5I.js";
import {
  fileRange
} from "./chunk-WWTOTCN4.js";
import "./chunk-CQM643LP.js";
import {
  FETCH_LFS,
  isLfsPointerFile
} from "./chunk-57WIVW7N.js";
import {
  onlyBinding,
  quoted
} from "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-D475USFB.js";
import {
  bytesPerElement
} from "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/data/formats/idx.ts
import { createReadStream, existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { createGunzip } from "node:zlib";
var TYPES = {
  8: "uint8",
  9: "int8",
  11: "int16",
  12: "int32",
  13: "float32",
  14: "float64"
};
async function idxSource(data, bindings) {
  const binding = onlyBinding(bindings, data.path, "idx");
  const file = (await stat(data.path)).isDirectory() ? await onlyImages(data.path) : data.path;
  const labelsFile = labelsOf(file, data.labels);
  return arraySource({
    description: `idx ${file}`,
    path: file,
    bindings: [{ ...binding, from: basename(file) }],
    inputs: /* @__PURE__ */ new Map([[binding.input, await openIdx(file)]]),
    labels: labelsFile ? await openIdx(labelsFile) : null
  });
}
async function onlyImages(folder) {
  const files = (await readdir(folder)).filter((name) => /images.*idx/.test(name)).sort();
  if (files.length === 1) return join(folder, files[0]);
  throw new UserError(
    files.length === 0 ? `${folder} holds no idx file with 'images' in its name. Point \`path\` to the file.` : `${folder} holds several sets of images: ${quoted(files)}. Point \`path\` to one of them.`
  );
}
function labelsOf(file, configured) {
  if (configured !== null && configured !== DEFAULT_LABELS) {
    const path = resolve(dirname(file), configured);
    if (!existsSync(path)) throw new UserError(`${path} does not exist. Correct the data's \`labels\`.`);
    return path;
  }
  const name = basename(file).replace("images", "labels").replace(/idx\d/, "idx1");
  if (name === basename(file)) return null;
  const candidates = [name, name.replace(/\.gz$/, ""), `${name}.gz`].map(
    (candidate) => join(dirname(file), candidate)
  );
  return candidates.find((path) => existsSync(path)) ?? null;
}
async function openIdx(path) {
  const range = await openRange(path);
  const head = await range.read(0, Math.min(range.length, 4));
  const type = TYPES[head[2] ?? 0];
  const rank = head[3] ?? 0;
  const dataOffset = 4 + rank * 4;
  if (head.length < 4 || head[0] !== 0 || head[1] !== 0 || type === void 0 || range.length < dataOffset) {
    if (await isLfsPointerFile(path)) {
      throw new UserError(`${path} is a Git LFS pointer, not the data. Fetch it: ${FETCH_LFS}.`);
    }
    throw new UserError(
      `${path} is not an idx file: its header must begin with two zero bytes, a type and the number of axes.`
    );
  }
  const sizes = await range.read(4, rank * 4);
  const view = new DataView(sizes.buffer, sizes.byteOffset);
  const dims = Array.from({ length: rank }, (_, axis) => view.getUint32(axis * 4));
  const array = elementArray({ type, dims, range, dataOffset, place: path });
  if (bytesPerElement(type) === 1) return array;
  return {
    ...array,
    slice: async (index) => littleEndian(await array.slice(index), type),
    whole: async () => littleEndian(await array.whole(), type)
  };
}
async function openRange(path) {
  if (!path.endsWith(".gz")) return fileRange(path, 0, (await stat(path)).size);
  try {
    const source = createReadStream(path);
    const inflated = source.pipe(createGunzip());
    source.on("error", (error) => inflated.destroy(error));
    return await addressable(inflated, null);
  } catch (error) {
    throw new UserError(`${path} can't be unpacked: ${messageOf(error)}. Download or compress it again.`);
  }
}
function littleEndian(bytes, type) {
  const buffer = Buffer.from(bytes);
  const size = bytesPerElement(type);
  if (size === 2) return buffer.swap16();
  return size === 4 ? buffer.swap32() : buffer.swap64();
}
export {
  idxSource
};
