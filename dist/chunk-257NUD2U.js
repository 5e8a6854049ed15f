import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readImage
} from "./chunk-6RTF35MK.js";
import {
  relativeInside
} from "./chunk-VAR2GFSU.js";
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import {
  sha256
} from "./chunk-WWTOTCN4.js";
import {
  onlyBinding
} from "./chunk-P3SRHLMA.js";
import {
  UserError,
  codeOf
} from "./chunk-IYM25C4U.js";

// src/data/formats/named-images.ts
import { readFile, realpath } from "node:fs/promises";
import { isAbsolute, join, normalize } from "node:path";
var MISSING_ALLOWED = 0.01;
var NAMED = 3;
async function annotatedImagesSource(data, bindings, found) {
  const { path } = data;
  const binding = onlyBinding(bindings, path, found.format);
  const folder = imagesFolder(data, found.format);
  const { there, missing } = await locate(folder, found.images);
  const warnings = [...found.warnings, ...missingWarning(folder, missing, found.images.length)];
  return {
    description: `${found.format} ${path}`,
    length: there.length,
    labelled: true,
    classes: found.classes,
    classIndices: found.classIndices,
    warnings,
    id: (index) => there[index].file,
    hash: async (index) => sha256(await readFile(join(folder, there[index].file))),
    async read(index) {
      const { file, annotation } = there[index];
      const pixels = await readImage(join(folder, file), file, binding);
      return {
        values: { [binding.input]: { kind: "image", pixels } },
        label: null,
        annotation: annotation(pixels)
      };
    }
  };
}
function imagesFolder({ path, images }, format) {
  if (images !== null) return images;
  throw new UserError(
    `${path}: data of format ${format} name files; say which folder they are in: \`images: FOLDER\`. Only files inside it are read.`
  );
}
async function insideImages(folder, file, key = "images") {
  const written = normalize(file);
  if (isAbsolute(file) || relativeInside(folder, join(folder, written)) === null)
    throw outside(folder, file, key);
  try {
    const real = await realpath(join(folder, written));
    if (relativeInside(await realpath(folder), real) === null) throw outside(folder, file, key);
    return join(folder, written);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return null;
    throw error;
  }
}
function outside(folder, file, key) {
  return new UserError(
    `The data name ${file}, which lies outside of \`${key}\` (${shownPath(folder)}): only files inside it are read.`
  );
}
async function locate(folder, images) {
  const there = [];
  const missing = [];
  for (const image of images) {
    if (await insideImages(folder, image.file) === null) missing.push(image.file);
    else there.push(image);
  }
  return { there, missing };
}
function missingWarning(folder, missing, total) {
  if (missing.length === 0) return [];
  const named = missing.slice(0, NAMED).join(", ");
  const text = `${missing.length} of ${total} images that the annotations name are not in ${shownPath(folder)}: ${named}${missing.length > NAMED ? ", \u2026" : ""}.`;
  if (missing.length > MISSING_ALLOWED * total) {
    throw new UserError(`${text} Correct \`images\`, or fetch them: what is missing is not measured.`);
  }
  return [`${text} They are left out.`];
}

export {
  annotatedImagesSource,
  imagesFolder,
  insideImages
};
