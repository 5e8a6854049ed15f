import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  Interrupted,
  MachineError,
  messageOf
} from "./chunk-IYM25C4U.js";

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
  let pipeline = sharp(image, { ignoreIcc: true, failOn: "error" }).autoOrient().toColourspace("srgb");
  pipeline = options.alpha ? pipeline.ensureAlpha() : pipeline.removeAlpha();
  const { data, info } = await pipeline.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, data };
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
