import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  channelsOf
} from "./chunk-LSKD7L3D.js";
import {
  classIndices,
  defaultOrder
} from "./chunk-AFAWG3BD.js";
import {
  UndecodableSample
} from "./chunk-VPQXPBZ4.js";
import {
  IMAGE_EXTENSIONS,
  decodeImage
} from "./chunk-PLGNMHI6.js";
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import {
  sha256
} from "./chunk-WWTOTCN4.js";
import {
  FETCH_LFS,
  isLfsPointer
} from "./chunk-57WIVW7N.js";
import {
  onlyBinding
} from "./chunk-P3SRHLMA.js";
import {
  Interrupted,
  MachineError,
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";

// src/data/formats/image-folder.ts
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { extname, join } from "node:path";
async function imageFolderSource(data, bindings) {
  const { path } = data;
  const binding = onlyBinding(bindings, path, "an image folder");
  if (data.labels !== null) {
    throw new UserError(
      `${path}: 'labels: ${data.labels}' names an array or a column, but an image folder has neither: the folders' names are the labels. Remove 'labels', or list the images with their labels in a csv file.`
    );
  }
  const { files, classes, indices, warnings } = await listImages(path, data.classOrder);
  return {
    description: `image-folder ${path}`,
    length: files.length,
    labelled: classes !== null,
    classes,
    classIndices: indices,
    warnings,
    id: (index) => files[index].id,
    classOf: (index) => files[index].label,
    hash: async (index) => sha256(await readFile(join(path, files[index].id))),
    async read(index) {
      const { id, label } = files[index];
      const pixels = await readImage(join(path, id), id, binding);
      return { values: { [binding.input]: { kind: "image", pixels } }, label };
    }
  };
}
var OPTIONS = /\]\s*$/;
async function readImage(file, id, binding) {
  try {
    const image = OPTIONS.test(file) ? await readFile(file) : file;
    return await decodeImage(image, { alpha: channelsOf(binding) === 4 });
  } catch (error) {
    if (error instanceof MachineError || error instanceof Interrupted) throw error;
    throw new UndecodableSample(id, await unreadable(file) ?? firstLine(messageOf(error)));
  }
}
async function unreadable(file) {
  try {
    const bytes = await readFile(file);
    if (isLfsPointer(bytes)) return `a Git LFS pointer, not the file itself: fetch it with ${FETCH_LFS}`;
    return bytes.length === 0 ? "the file is empty" : null;
  } catch (error) {
    return messageOf(error);
  }
}
async function listImages(path, order) {
  const { folders, images } = await listFolder(path);
  if (folders.length === 0) {
    return { files: images.map((id) => ({ id, label: null })), classes: null, warnings: [] };
  }
  if (images.length > 0) {
    throw new UserError(
      `${path} holds both class folders (${folders[0]}, \u2026) and images (${images[0]}, \u2026). Move the images into class folders, or point to a folder that holds only images.`
    );
  }
  const used = order ?? defaultOrder(folders);
  const indices = classIndices(folders, used);
  if (indices === null) {
    const name = folders.find((folder) => !/^\d+$/.test(folder));
    throw new UserError(`${path}: class-order index, but the folder '${name}' is no class index.`);
  }
  const files = [];
  const empty = [];
  const root = await realpath(path);
  for (const name of folders) {
    const found = await imagesBelow(path, name, [root]);
    for (const file of found) files.push({ id: file, label: indices.get(name) });
    if (found.length === 0) empty.push(name);
  }
  return {
    files,
    classes: Math.max(...indices.values()) + 1,
    indices,
    warnings: empty.length === 0 ? [] : [emptyClasses(path, empty, used)]
  };
}
var NAMED_FOLDERS = 3;
function emptyClasses(path, empty, order) {
  const named = empty.slice(0, NAMED_FOLDERS).map((name) => `'${name}'`);
  const more = empty.length > named.length ? ` and ${empty.length - named.length} more` : "";
  const [folders, have] = empty.length === 1 ? ["folder", "holds"] : ["folders", "hold"];
  const counted = order === "index" ? "" : " It is counted as a class all the same; git keeps no empty folders, so that the classes after it get other numbers in a fresh checkout.";
  return `The class ${folders} ${named.join(", ")}${more} of ${shownPath(path)} ${have} no image.${counted}`;
}
async function imagesBelow(root, folder, around) {
  const path = join(root, folder);
  const real = await realpath(path);
  if (around.includes(real)) {
    throw new UserError(`${path} is a link back to a folder that holds it (${real}). Remove the link.`);
  }
  const { folders, images } = await listFolder(path);
  const found = images.map((name) => `${folder}/${name}`);
  for (const name of folders)
    found.push(...await imagesBelow(root, `${folder}/${name}`, [...around, real]));
  return found;
}
async function listFolder(path) {
  const folders = [];
  const images = [];
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue;
    const isFolder = entry.isSymbolicLink() ? await leadsToFolder(join(path, entry.name)) : entry.isDirectory();
    if (isFolder) folders.push(entry.name);
    else if (IMAGE_EXTENSIONS.has(extname(entry.name).toLowerCase())) images.push(entry.name);
  }
  return { folders: folders.sort(), images: images.sort() };
}
async function leadsToFolder(link) {
  try {
    return (await stat(link)).isDirectory();
  } catch {
    return false;
  }
}
function firstLine(text) {
  return text.trim().split("\n")[0];
}

export {
  imageFolderSource,
  readImage,
  unreadable
};
