import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  indicesByName
} from "./chunk-3LVWLUAU.js";
import {
  OutsideBoxes,
  SLACK_PIXELS
} from "./chunk-JKWUXI7R.js";
import {
  annotatedImagesSource
} from "./chunk-257NUD2U.js";
import "./chunk-6RTF35MK.js";
import "./chunk-VAR2GFSU.js";
import "./chunk-LSKD7L3D.js";
import "./chunk-AFAWG3BD.js";
import "./chunk-VPQXPBZ4.js";
import "./chunk-PLGNMHI6.js";
import {
  readJson
} from "./chunk-XMXQBFJC.js";
import "./chunk-XUJYCSQL.js";
import "./chunk-WWTOTCN4.js";
import "./chunk-57WIVW7N.js";
import "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/data/formats/coco.ts
async function cocoSource(data, bindings) {
  const { path } = data;
  const file = await readCoco(path);
  const indices = await categoryIndices(file.categories, data);
  const outside = new OutsideBoxes();
  const boxes = boxesByImage(file, { indices, path, outside });
  const names = file.categories.flatMap(
    ({ id, name }) => name === void 0 ? [] : [[name, indices.get(id)]]
  );
  return await annotatedImagesSource(data, bindings, {
    format: "coco",
    images: file.images.map(({ id, file_name }) => ({
      file: file_name,
      annotation: () => ({ kind: "boxes", boxes: boxes.get(id) ?? [] })
    })),
    classes: Math.max(-1, ...indices.values()) + 1,
    classIndices: new Map(names),
    warnings: outside.warnings(path)
  });
}
async function readCoco(path) {
  const file = await readJson(path);
  for (const key of ["images", "annotations", "categories"]) {
    const list = file?.[key];
    if (!Array.isArray(list))
      throw new UserError(`${path} is no COCO file with annotations: it has no list '${key}'.`);
    const odd = list.findIndex((entry) => typeof entry !== "object" || entry === null);
    if (odd >= 0) throw new UserError(`${path}: ${key}[${odd}] is no object.`);
  }
  const nameless = file.images.findIndex(({ file_name }) => typeof file_name !== "string");
  if (nameless >= 0) throw new UserError(`${path}: images[${nameless}] has no 'file_name'.`);
  const ids = /* @__PURE__ */ new Set();
  file.images.forEach(({ id, file_name }, at) => {
    if (ids.has(id))
      throw new UserError(`${path}: images[${at}] (${file_name}) has the id ${id} of another image.`);
    ids.add(id);
  });
  return file;
}
async function categoryIndices(categories, data) {
  const { path, classOrder } = data;
  const list = data.classNames;
  const ids = categories.map(({ id }) => id).sort((a, b) => a - b);
  if (list === null && classOrder === "index") return new Map(ids.map((id) => [id, id]));
  if (list === null && classOrder === null) return new Map(ids.map((id, index) => [id, index]));
  const nameless = categories.find(({ name }) => typeof name !== "string");
  if (nameless) {
    throw new UserError(
      `${path}: the category ${nameless.id} has no name; \`class-names\` and \`class-order: ${classOrder ?? "name"}\` need one.`
    );
  }
  const byName = indicesByName(
    categories.map(({ name }) => name),
    list,
    classOrder ?? "name",
    path
  );
  return new Map(categories.map(({ id, name }) => [id, byName.get(name)]));
}
function boxesByImage({ images, annotations }, { indices, path, outside }) {
  const byId = new Map(images.map((image) => [image.id, image]));
  const boxes = /* @__PURE__ */ new Map();
  annotations.forEach(({ image_id, category_id, bbox, area, iscrowd }, at) => {
    const problem = (what) => new UserError(`${path}: annotations[${at}] ${what}.`);
    const image = byId.get(image_id);
    if (!image) throw problem(`belongs to image ${image_id}, which 'images' doesn't have`);
    const index = indices.get(category_id);
    if (index === void 0) throw problem(`is of category ${category_id}, which 'categories' doesn't have`);
    if (!Array.isArray(bbox) || bbox.length !== 4 || !bbox.every(Number.isFinite)) {
      throw problem("has no 'bbox' of four numbers (left, top, width, height)");
    }
    const [left, top, width, height] = bbox;
    if (width < 0 || height < 0) {
      throw problem(
        `has a 'bbox' of ${width} \xD7 ${height}: it holds left, top, width and height, not corners`
      );
    }
    const box = {
      class: index,
      corners: [left, top, left + width, top + height],
      ...typeof area === "number" ? { area } : {},
      crowd: iscrowd === 1
    };
    outside.add(image.file_name, reachesOut(box, image));
    const own = boxes.get(image_id);
    if (own) own.push(box);
    else boxes.set(image_id, [box]);
  });
  return boxes;
}
function reachesOut({ corners: [left, top, right, bottom] }, { width, height }) {
  return left < -SLACK_PIXELS || top < -SLACK_PIXELS || width !== void 0 && right > width + SLACK_PIXELS || height !== void 0 && bottom > height + SLACK_PIXELS;
}
export {
  cocoSource
};
