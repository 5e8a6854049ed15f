import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  IMAGE_EXTENSIONS,
  decodeImage
} from "./chunk-2TWY7WQN.js";
import {
  channelsOf
} from "./chunk-LFZTXC22.js";
import {
  UndecodableSample
} from "./chunk-C7HEIBSS.js";
import {
  sha256
} from "./chunk-TE23HD5J.js";
import {
  onlyBinding
} from "./chunk-WE4MFDGF.js";
import {
  UserError,
  messageOf
} from "./chunk-KJWZXA2F.js";

// src/data/formats/image-folder.ts
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { extname, join } from "node:path";
async function imageFolderSource(data, bindings) {
  const { path } = data;
  const binding = onlyBinding(bindings, path, "an image folder");
  const { files, classes } = await listImages(path);
  return {
    description: `image-folder ${path}`,
    length: files.length,
    labelled: classes !== null,
    classes,
    id: (index) => files[index].id,
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
    if (error instanceof Error && error.name === "MachineError") throw error;
    throw new UndecodableSample(id, await unreadable(file) ?? firstLine(messageOf(error)));
  }
}
async function unreadable(file) {
  try {
    return (await readFile(file)).length === 0 ? "the file is empty" : null;
  } catch (error) {
    return messageOf(error);
  }
}
async function listImages(path) {
  const { folders, images } = await listFolder(path);
  if (folders.length === 0) return { files: images.map((id) => ({ id, label: null })), classes: null };
  if (images.length > 0) {
    throw new UserError(
      `${path} holds both class folders (${folders[0]}, \u2026) and images (${images[0]}, \u2026). Move the images into class folders, or point to a folder that holds only images.`
    );
  }
  const indexed = folders.every((name) => /^\d+$/.test(name));
  const files = [];
  const root = await realpath(path);
  for (const [position, name] of folders.entries()) {
    const label = indexed ? Number(name) : position;
    for (const file of await imagesBelow(path, name, [root])) files.push({ id: file, label });
  }
  const classes = indexed ? Math.max(...folders.map(Number)) + 1 : folders.length;
  return { files, classes };
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
  readImage
};
