import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  insideImages
} from "./chunk-257NUD2U.js";
import {
  readImage,
  unreadable
} from "./chunk-6RTF35MK.js";
import "./chunk-VAR2GFSU.js";
import "./chunk-LSKD7L3D.js";
import "./chunk-AFAWG3BD.js";
import {
  UndecodableSample
} from "./chunk-VPQXPBZ4.js";
import {
  IMAGE_EXTENSIONS
} from "./chunk-PLGNMHI6.js";
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import {
  sha256
} from "./chunk-WWTOTCN4.js";
import "./chunk-57WIVW7N.js";
import {
  onlyBinding
} from "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/data/formats/masked-images.ts
import { readdir, readFile } from "node:fs/promises";
import { extname, join, sep } from "node:path";

// src/data/images/png-indices.ts
import { inflateSync } from "node:zlib";
var SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
var GREY = 0;
var PALETTE = 3;
var MOST_PIXELS = 2 ** 28;
function decodeIndices(bytes) {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!file.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error("it is no PNG file");
  const { header, data } = chunks(file);
  const lineBytes = Math.ceil(header.width * header.depth / 8);
  const raw = inflateSync(data, { maxOutputLength: (lineBytes + 1) * header.height });
  if (raw.length < (lineBytes + 1) * header.height) throw new Error("its data end too early");
  const lines = unfiltered(raw, {
    lineBytes,
    height: header.height,
    pixelBytes: Math.max(1, header.depth / 8)
  });
  return { width: header.width, height: header.height, data: unpacked(lines, header, lineBytes) };
}
function chunks(file) {
  let header = null;
  const parts = [];
  for (let at = SIGNATURE.length; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString("latin1", at + 4, at + 8);
    const body = file.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") header = headerOf(body);
    if (type === "IDAT") parts.push(body);
    if (type === "IEND") break;
    at += length + 12;
  }
  if (header === null || parts.length === 0) throw new Error("its data end too early");
  return { header, data: Buffer.concat(parts) };
}
function headerOf(body) {
  if (body.length < 13) throw new Error("its header is cut off");
  const [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
  const [depth, colours, interlaced] = [body[8], body[9], body[12]];
  if (colours !== GREY && colours !== PALETTE) {
    throw new Error("it is in colours: save class indices as a PNG with a palette, or in grey levels");
  }
  if (interlaced !== 0) throw new Error("it is interlaced: save it without");
  if (![1, 2, 4, 8, 16].includes(depth) || width * height === 0 || width * height > MOST_PIXELS) {
    throw new Error("its header makes no sense");
  }
  return { width, height, depth };
}
function unfiltered(raw, { lineBytes, height, pixelBytes }) {
  const lines = new Uint8Array(lineBytes * height);
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (lineBytes + 1)];
    const from = row * (lineBytes + 1) + 1;
    const to = row * lineBytes;
    for (let at = 0; at < lineBytes; at++) {
      const left = at >= pixelBytes ? lines[to + at - pixelBytes] : 0;
      const above = row > 0 ? lines[to + at - lineBytes] : 0;
      const corner = row > 0 && at >= pixelBytes ? lines[to + at - lineBytes - pixelBytes] : 0;
      lines[to + at] = raw[from + at] + predicted(filter, left, above, corner);
    }
  }
  return lines;
}
function predicted(filter, left, above, corner) {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return left + above >> 1;
    case 4:
      return paeth(left, above, corner);
    default:
      throw new Error("it is damaged");
  }
}
function paeth(left, above, corner) {
  const estimate = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) => Math.abs(estimate - value));
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
function unpacked(lines, { width, height, depth }, lineBytes) {
  if (depth === 8) return lines;
  if (depth === 16)
    return Uint16Array.from({ length: width * height }, (_, at) => lines[at * 2] * 256 + lines[at * 2 + 1]);
  const data = new Uint8Array(width * height);
  const mask = 2 ** depth - 1;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const bit = column * depth;
      const byte = lines[row * lineBytes + (bit >> 3)];
      data[row * width + column] = byte >> 8 - depth - (bit & 7) & mask;
    }
  }
  return data;
}

// src/data/formats/masked-images.ts
var NAMED = 3;
async function maskedImagesSource(data, bindings) {
  const { path, masks, classNames } = data;
  const binding = onlyBinding(bindings, path, "an image folder");
  const files = await imagesBelow(path);
  const maskOf = (file) => `${file.slice(0, file.length - extname(file).length)}.png`;
  const missing = [];
  for (const file of files)
    if (await insideImages(masks, maskOf(file), "masks") === null) missing.push(maskOf(file));
  if (missing.length > 0) {
    const named = `${missing.slice(0, NAMED).join(", ")}${missing.length > NAMED ? ", \u2026" : ""}`;
    throw new UserError(
      `${missing.length} of ${files.length} images of ${shownPath(path)} have no mask in ${shownPath(masks)}: ${named}.`
    );
  }
  return {
    description: `image-folder ${path}`,
    length: files.length,
    labelled: true,
    classes: classNames?.length ?? null,
    ...classNames === null ? {} : { classIndices: new Map(classNames.map((name, index) => [name, index])) },
    id: (index) => files[index],
    hash: async (index) => sha256(await readFile(join(path, files[index]))),
    async read(index) {
      const file = files[index];
      const pixels = await readImage(join(path, file), file, binding);
      return {
        values: { [binding.input]: { kind: "image", pixels } },
        label: null,
        mask: await readMask(join(masks, maskOf(file)), maskOf(file))
      };
    }
  };
}
async function imagesBelow(path) {
  const names = await readdir(path, { recursive: true });
  return names.map((name) => name.split(sep).join("/")).filter(
    (name) => IMAGE_EXTENSIONS.has(extname(name).toLowerCase()) && !name.split("/").some((part) => part.startsWith("."))
  ).sort();
}
async function readMask(file, id) {
  try {
    return decodeIndices(await readFile(file));
  } catch (error) {
    throw new UndecodableSample(`mask ${id}`, await unreadable(file) ?? messageOf(error));
  }
}
export {
  maskedImagesSource
};
