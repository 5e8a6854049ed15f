import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  Interrupted,
  MachineError,
  messageOf
} from "./chunk-IYM25C4U.js";

// src/data/images/inks.ts
import { open } from "node:fs/promises";
import { extname } from "node:path";
var JPEG_NAMES = /* @__PURE__ */ new Set([".jpg", ".jpeg", ".jpe", ".jfif"]);
var INKS = 4;
var FIRST_BYTES = 4096;
async function isInInks(image) {
  if (typeof image !== "string")
    return await components(async (at, length) => image.subarray(at, at + length)) === INKS;
  if (!JPEG_NAMES.has(extname(image).toLowerCase())) return false;
  const file = await open(image, "r").catch(() => null);
  if (file === null) return false;
  try {
    const first = Buffer.alloc(FIRST_BYTES);
    const known = (await file.read(first, 0, FIRST_BYTES, 0)).bytesRead;
    return await components(async (at, length) => {
      if (at + length <= known) return first.subarray(at, at + length);
      const piece = Buffer.alloc(length);
      return piece.subarray(0, (await file.read(piece, 0, length, at)).bytesRead);
    }) === INKS;
  } finally {
    await file.close();
  }
}
var HEAD = 10;
async function components(read) {
  const start = await read(0, 2);
  if (start[0] !== 255 || start[1] !== 216) return null;
  for (let at = 2; ; ) {
    const head = await read(at, HEAD);
    if (head.length < HEAD || head[0] !== 255) return null;
    const marker = head[1];
    const isFrame = marker >= 192 && marker <= 207 && marker !== 196 && marker !== 200 && marker !== 204;
    if (isFrame) return head[9];
    at += 2 + head[2] * 256 + head[3];
  }
}
function coloursOfInks(inks) {
  const colours = new Uint8Array(inks.length / INKS * 3);
  for (let from = 0, to = 0; from < inks.length; from += INKS) {
    const light = 255 - inks[from + 3];
    for (let ink = 0; ink < 3; ink++) {
      const product = inks[from + ink] * light + 128;
      colours[to++] = light - ((product >> 8) + product >> 8);
    }
  }
  return colours;
}

// src/data/images/images.ts
var loadSharp = () => import("sharp");
var loaded = null;
function setSharpLoader(load) {
  loadSharp = load;
  loaded = null;
}
var IMAGE_EXTENSIONS = /* @__PURE__ */ new Set([
  ".jpg",
  ".jpeg",
  ".jpe",
  ".jfif",
  ".png",
  ".webp",
  ".gif",
  ".tif",
  ".tiff",
  ".avif",
  ".bmp",
  ".ppm",
  ".pgm"
]);
async function decodeImage(image, options = {}) {
  const sharp = await sharpModule();
  if (await isInInks(image)) return await decodeInks(sharp, image, options);
  let pipeline = sharp(image, { ignoreIcc: true, failOn: "error" }).autoOrient().toColourspace("srgb");
  pipeline = options.alpha ? pipeline.ensureAlpha() : pipeline.removeAlpha();
  const { data, info } = await pipeline.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, data };
}
async function decodeInks(sharp, image, { alpha = false }) {
  const pipeline = sharp(image, { ignoreIcc: true, failOn: "error" }).autoOrient().pipelineColourspace("cmyk").toColourspace("cmyk");
  const { data, info } = await pipeline.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  const colours = coloursOfInks(data);
  const { width, height } = info;
  if (!alpha) return { width, height, channels: 3, data: colours };
  const opaque = new Uint8Array(width * height * 4).fill(255);
  for (let at = 0; at < width * height; at++) opaque.set(colours.subarray(at * 3, at * 3 + 3), at * 4);
  return { width, height, channels: 4, data: opaque };
}
function sharpModule() {
  loaded ??= loadSharp().then(
    (module) => {
      const sharp = module.default ?? module;
      sharp.cache(false);
      return sharp;
    },
    (error) => {
      loaded = null;
      if (error instanceof Interrupted) throw error;
      throw new MachineError(
        `Images can't be decoded because sharp could not be loaded: ${messageOf(error)}. Run \`npm install sharp\` beside quantgate, or give the data as npz.`
      );
    }
  );
  return loaded;
}

export {
  setSharpLoader,
  IMAGE_EXTENSIONS,
  decodeImage
};
