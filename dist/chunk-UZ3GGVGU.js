import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  labelColumnName,
  textColumns
} from "./chunk-XVGRRTOO.js";
import {
  readTable
} from "./chunk-P62MKEZY.js";
import "./chunk-FZLES6B3.js";
import {
  judgeModels,
  run
} from "./chunk-UPMTCR7F.js";
import {
  writeTextFile
} from "./chunk-LQIED5SV.js";
import "./chunk-PKDQGG7B.js";
import "./chunk-INTCTOW5.js";
import "./chunk-FOAUJANN.js";
import "./chunk-XST7Z64R.js";
import "./chunk-DVNG3BAF.js";
import "./chunk-Y37HKM2I.js";
import "./chunk-HMNURZ3L.js";
import "./chunk-YFYDZQFU.js";
import "./chunk-KL4S4GDE.js";
import {
  FileRunners,
  guessDecoder,
  readKeys,
  skillTest,
  standingOf,
  tryCauses
} from "./chunk-FNOIDRZZ.js";
import "./chunk-X7SHKWLT.js";
import "./chunk-Z7C2XHPS.js";
import {
  openDataset,
  parseConfig,
  require_dist,
  scoredOutput
} from "./chunk-HG7K7Y73.js";
import "./chunk-TJ7D4N7I.js";
import "./chunk-6BIEYPGO.js";
import "./chunk-OU7AXWVO.js";
import {
  availableCores
} from "./chunk-IRS7RKVC.js";
import "./chunk-AQF5U6DS.js";
import {
  modelInputs,
  modelOutputs
} from "./chunk-BVHWY5TI.js";
import {
  parseDuration
} from "./chunk-5A25ZMJN.js";
import {
  WorkerError
} from "./chunk-NAGRX56O.js";
import {
  ORIGINAL
} from "./chunk-MXXY4EXN.js";
import "./chunk-DBYFNPEJ.js";
import "./chunk-QBQKLG2U.js";
import "./chunk-MK6PZPSP.js";
import "./chunk-LB3U3NNG.js";
import "./chunk-2BQ5FZ24.js";
import {
  readModel
} from "./chunk-IZBBBSAD.js";
import "./chunk-LSKD7L3D.js";
import "./chunk-AFAWG3BD.js";
import "./chunk-VPQXPBZ4.js";
import "./chunk-BA5ANQN6.js";
import "./chunk-FCEE6SEQ.js";
import "./chunk-L5CRBJDS.js";
import "./chunk-YKREVSBC.js";
import "./chunk-DDUI4A4C.js";
import {
  METRICS,
  metricDefinition
} from "./chunk-YI7OXUMY.js";
import {
  IMAGE_EXTENSIONS
} from "./chunk-PLGNMHI6.js";
import "./chunk-5QFAU2YU.js";
import {
  FeedsFile
} from "./chunk-KMP6J2GC.js";
import "./chunk-LOF5LS5W.js";
import "./chunk-IOOXQZY3.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-23EIKJQA.js";
import "./chunk-LKXY4777.js";
import "./chunk-7TKFABJD.js";
import "./chunk-XMXQBFJC.js";
import "./chunk-XUJYCSQL.js";
import {
  glob
} from "./chunk-2KHUTNKM.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import "./chunk-OKSQO7JT.js";
import "./chunk-CQM643LP.js";
import "./chunk-57WIVW7N.js";
import "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import {
  defaultData,
  modelName
} from "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  EXIT,
  Interrupted,
  MachineError,
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";
import {
  __toESM
} from "./chunk-XNDQ27F5.js";

// src/cli/init.ts
import { existsSync as existsSync2 } from "node:fs";
import { relative, resolve } from "node:path";
import { createInterface } from "node:readline/promises";

// src/init/config-text.ts
var import_yaml = __toESM(require_dist(), 1);
var HEADER = "# What quantgate quantizes, measures and demands: every key is explained in docs/configuration.md\nversion: 1\n";
var BENCHMARK = `benchmark:
  providers: [cpu]               # cpu | cuda | tensorrt | webgpu | wasm
  budget: 120s                   # measuring time per model and provider
`;
var HINTS = [
  "# task: classification         # docs/data.md has the others",
  "# data:",
  "#   calibration: { path: data/train, limit: 200 }",
  "#   evaluation: data/val",
  "#   input: { preset: imagenet }"
];
var USUAL = `thresholds:                      # max, min, max-ratio, min-ratio, max-drop, max-regression
  size.file: { max-ratio: 0.40 }                           # at most 40 % of the original
  latency.p50: { max-ratio: 1.0, max-regression: 5% }      # not slower than the original, nor than the base branch
  fidelity.cosine: { level: warn, min: 0.98 }              # outputs point the same way; needs no labels
  # accuracy.top1: { max-drop: 1pp, original: { min: 70% } } # needs task and data.evaluation
  # memory.peak: { level: warn, max-regression: { ratio: 10%, slack: 16 MiB } }
`;
function configText(models, thresholds) {
  return `${HEADER}
models:
${models.map(modelText).join("\n")}

${BENCHMARK}
${thresholds === null ? USUAL : thresholdsText(thresholds)}`;
}
function modelText({ raw, remarks }) {
  const { data, ...keys } = raw;
  const lines = [
    ...Object.entries(keys).filter(([key]) => key !== "variants").map(([key, value]) => `${key}: ${flow(value)}`),
    ...data && Object.keys(data).length > 0 ? ["data:", ...Object.entries(data).map(([key, value]) => `  ${key}: ${flow(value)}`)] : HINTS,
    `variants: [${(raw.variants ?? []).join(", ")}]`
  ];
  return [
    ...remarks.map((remark) => `  # ${oneLine(remark)}`),
    ...lines.map((line, at) => at === 0 ? `  - ${line}` : `    ${line}`)
  ].join("\n");
}
function thresholdsText(thresholds) {
  if (thresholds.length === 0) return "thresholds: {}\n";
  const written = thresholds.map(
    ({ metric, keys, remark }) => [`  ${metric}: ${flow(keys)}`, remark]
  );
  const width = Math.max(...written.map(([text]) => text.length));
  const lines = written.map(([text, remark]) => `${text.padEnd(width)}  # ${oneLine(remark)}`);
  return ["thresholds:                      # measured once, with a margin", ...lines, ""].join("\n");
}
function flow(value) {
  return (0, import_yaml.stringify)(value, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: true }).trimEnd().replace(/\n\s*/g, " ");
}
function oneLine(text) {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}

// src/init/find/tree.ts
import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
var HEAD = 64 * 1024;
var Tree = class {
  root;
  /** Relative to the root, with forward slashes, sorted. */
  files;
  #byFolder = /* @__PURE__ */ new Map();
  #children = /* @__PURE__ */ new Map();
  #byName = /* @__PURE__ */ new Map();
  constructor(root, files) {
    this.root = root;
    this.files = files;
    for (const file of files) {
      const folder = folderOf(file);
      add(this.#byFolder, folder, file);
      add(this.#byName, nameOf(file), file);
      for (let at = folder; at !== "."; at = folderOf(at)) {
        const parent = this.#children.get(folderOf(at)) ?? /* @__PURE__ */ new Set();
        this.#children.set(folderOf(at), parent.add(at));
      }
    }
  }
  get folders() {
    return [.../* @__PURE__ */ new Set([...this.#byFolder.keys(), ...this.#children.keys()])].sort();
  }
  /** Directly in it. */
  filesIn(folder) {
    return this.#byFolder.get(folder) ?? [];
  }
  foldersIn(folder) {
    return [...this.#children.get(folder) ?? []].sort();
  }
  /** Folder that holds `name` (a file name, or a path of a few folders) somewhere; null: none does. */
  folderWith(name) {
    const found = (this.#byName.get(nameOf(name)) ?? []).find((file) => `/${file}`.endsWith(`/${name}`));
    if (found === void 0) return null;
    return found === name ? "." : found.slice(0, -name.length - 1);
  }
  absolute(path) {
    return join(this.root, path);
  }
  /** The first bytes as text. */
  head(file) {
    const buffer = Buffer.alloc(HEAD);
    const handle = openSync(this.absolute(file), "r");
    try {
      return buffer.subarray(0, readSync(handle, buffer, 0, HEAD, 0)).toString("utf8");
    } finally {
      closeSync(handle);
    }
  }
};
function add(map, key, value) {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
function folderOf(path) {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".";
}
function nameOf(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}
function stemOf(path) {
  return nameOf(path).replace(/\.[^.]*$/, "");
}

// src/init/find/tables.ts
var MOST_CLASSES = 1e3;
var IMAGE_COLUMNS = ["image", "file", "file_name", "filename", "path"];
async function tableDataSet(tree, file) {
  const [, extension] = /\.(jsonl|ndjson|csv|tsv)$/i.exec(file) ?? [];
  if (extension === void 0 || /(^|\/)(labels\.tsv|corpus\.jsonl|queries\.jsonl)$|\/qrels\//.test(file))
    return null;
  const format = /^(jsonl|ndjson)$/i.test(extension) ? "jsonl" : "csv";
  const rows = await readTable(tree.absolute(file), format).catch(() => []);
  const [first] = rows;
  if (first === void 0) return null;
  const base = { path: file, side: sideOf(file), samples: rows.length, labels: null, with: {} };
  const named = IMAGE_COLUMNS.map((column) => first.values[column]).find(
    (value) => typeof value === "string"
  );
  if (named !== void 0 && hasText(first)) {
    const images = tree.folderWith(named);
    if (images === null) return null;
    const beside = images === folderOf(file) ? {} : { images };
    return { ...base, kind: "text-lines", with: { format: "text-lines", ...beside }, labelled: true };
  }
  if ("tokens" in first.values && ("tags" in first.values || "ner_tags" in first.values))
    return { ...base, kind: "tags", labelled: true };
  if ("question" in first.values && "context" in first.values && "answers" in first.values)
    return { ...base, kind: "questions", labelled: true };
  const config = defaultData(tree.absolute(file));
  try {
    textColumns(config, first);
    const column = labelColumnName(config, first);
    return {
      ...base,
      kind: "texts",
      labelled: column !== null,
      labels: column === null ? null : labelNames(rows, column)
    };
  } catch {
    return null;
  }
}
function hasText({ values }) {
  return ["text", "label", "transcription", "labels"].some((column) => typeof values[column] === "string");
}
function labelNames(rows, column) {
  const names = new Set(rows.map(({ values }) => String(values[column])));
  if (names.size > MOST_CLASSES || [...names].every((name) => Number.isFinite(Number(name)))) return null;
  return [...names].sort();
}

// src/init/find/data-sets.ts
var TRAIN = /^(train(ing)?|calib(ration)?)$/i;
var EVALUATION = /^(val(id|idation)?|test(ing)?|eval(uation)?|dev)\d*$/i;
var PARTS = /^(images?|labels?|masks?|annotations?|data|models?|jpegimages|docs|assets)$/i;
var MASKS = /^(masks?|segmentationclass|annotations?|labels?)$/i;
function sideOf(path) {
  const words = path.replace(/\.[a-z]+$/i, "").split(/[/._-]/).reverse();
  for (const word of words) {
    if (TRAIN.test(word)) return "train";
    if (EVALUATION.test(word.replace(/\d+$/, ""))) return "evaluation";
  }
  return null;
}
function isImage(path) {
  const at = path.lastIndexOf(".");
  return at > 0 && IMAGE_EXTENSIONS.has(path.slice(at).toLowerCase());
}
async function findDataSets(tree) {
  const found = [];
  for (const folder of tree.folders) found.push(...folderDataSets(tree, folder));
  for (const file of tree.files) {
    const set = await tableDataSet(tree, file) ?? jsonDataSet(tree, file) ?? otherFile(tree, file);
    if (set !== null) found.push(set);
  }
  return withoutParts(found);
}
function withoutParts(found) {
  const taken = new Set(
    found.flatMap((set) => [set.with.images, set.with.masks].filter((path) => path !== void 0))
  );
  const classes = found.filter(({ kind }) => kind === "classes").map(({ path }) => path);
  return found.filter(
    ({ kind, path, with: keys }) => kind !== "images" || !taken.has(path) && !classes.includes(folderOf(path)) && keys.masks === void 0
  );
}
function folderDataSets(tree, folder) {
  const files = tree.filesIn(folder);
  const base = { path: folder, side: sideOf(folder), with: {}, labels: null, labelled: true };
  const names = files.map(nameOf);
  if (names.includes("queries.jsonl") && names.includes("corpus.jsonl"))
    return [{ ...base, kind: "retrieval", samples: null }];
  if (names.includes("labels.tsv") && files.some(isImage))
    return [{ ...base, kind: "text-lines", samples: files.filter(isImage).length }];
  const wavs = files.filter((file) => /\.wav$/i.test(file));
  if (wavs.length > 0) return [{ ...base, kind: "speech", samples: wavs.length }];
  const images = files.filter(isImage);
  const classes = classFolders(tree, folder);
  if (images.length === 0 && classes.length > 1) {
    const samples = classes.reduce((sum, one) => sum + tree.filesIn(one).filter(isImage).length, 0);
    return [{ ...base, kind: "classes", samples, labels: classes.map(nameOf).sort() }];
  }
  return [...annotationFolder(tree, folder), ...imageFolder(tree, folder)];
}
function classFolders(tree, folder) {
  const children = tree.foldersIn(folder);
  const named = children.filter((child) => !PARTS.test(nameOf(child)) && sideOf(nameOf(child)) === null);
  const holding = named.filter((child) => tree.filesIn(child).some(isImage));
  return holding.length === children.length ? holding : [];
}
function annotationFolder(tree, folder) {
  const files = tree.filesIn(folder);
  const base = { path: folder, side: sideOf(folder), labels: null, labelled: true, samples: files.length };
  const texts = files.filter((file) => /\.txt$/i.test(file) && !/^classes\.txt$/i.test(nameOf(file)));
  const isYolo = (file) => /^(\d+( [\d.eE+-]+){4,}\s*)+$/.test(tree.head(file).split("\n", 20).join("\n").trim());
  if (texts.length > 0 && texts.length === files.length && texts.slice(0, 5).every(isYolo)) {
    const images2 = tree.folders.find(
      (other) => other !== folder && tree.filesIn(other).some((file) => isImage(file) && stemOf(file) === stemOf(texts[0]))
    );
    if (images2 !== void 0) return [{ ...base, kind: "yolo", with: { format: "yolo", images: images2 } }];
  }
  const documents = files.filter((file) => /\.xml$/i.test(file));
  if (documents.length === 0 || !tree.head(documents[0]).includes("<annotation")) return [];
  const [, named] = /<filename>([^<]+)<\/filename>/.exec(tree.head(documents[0])) ?? [];
  const images = named === void 0 ? null : tree.folderWith(named.trim());
  return images === null ? [] : [{ ...base, kind: "voc", with: { format: "voc", images } }];
}
function imageFolder(tree, folder) {
  const images = tree.filesIn(folder).filter(isImage);
  if (images.length < 2 || MASKS.test(nameOf(folder)) || MASKS.test(nameOf(folderOf(folder)))) return [];
  const base = { path: folder, side: sideOf(folder), labels: null, samples: images.length };
  const masks = tree.folders.find(
    (other) => other !== folder && other.split("/").some((part) => MASKS.test(part)) && sideOf(other) === base.side && images.every((image) => tree.filesIn(other).includes(`${other}/${stemOf(image)}.png`))
  );
  if (masks !== void 0) return [{ ...base, kind: "masks", with: { masks }, labelled: true }];
  return [{ ...base, kind: "images", with: {}, labelled: false }];
}
function jsonDataSet(tree, file) {
  if (!/\.json$/i.test(file)) return null;
  const head2 = tree.head(file);
  const base = { path: file, side: sideOf(file), samples: null, labels: null, labelled: true };
  if (head2.includes('"paragraphs"')) return { ...base, kind: "questions", with: {} };
  if (!head2.includes('"images"') || !head2.includes('"file_name"')) return null;
  const [, named] = /"file_name"\s*:\s*"([^"]+)"/.exec(head2) ?? [];
  const images = named === void 0 ? null : imagesOf(tree, file, named);
  if (images === null) return null;
  return {
    ...base,
    kind: "coco",
    with: { images },
    side: sideOf(file) ?? sideOf(images),
    samples: tree.filesIn(images).filter(isImage).length
  };
}
function imagesOf(tree, file, named) {
  const parent = folderOf(file);
  const beside = (name) => parent === "." ? name : `${parent}/${name}`;
  const likely = [beside(stemOf(file)), beside("images"), parent];
  const holds = (folder) => tree.files.includes(folder === "." ? named : `${folder}/${named}`);
  return likely.find(holds) ?? tree.folderWith(named);
}
function otherFile(tree, file) {
  const base = { path: file, side: sideOf(file), samples: null, labels: null, with: {} };
  if (/\.npz$/i.test(file)) return { ...base, kind: "arrays", labelled: true };
  if (/\.(conll\w*|bio|iob2?|bilou)$/i.test(file)) return { ...base, kind: "tags", labelled: true };
  const prose = /\.txt$/i.test(file) && /^(text|corpus|wiki.*|(train|val|valid|test|eval|dev)(ing|idation)?)$/i.test(stemOf(file));
  if (prose && tree.head(file).split(/\s+/).length > 50)
    return { ...base, kind: "documents", labelled: true };
  return null;
}

// src/init/find/find.ts
var LIST = /^(keys?|labels?|classes|class_?names|alphabet|charset|characters|.*dict.*|.*keys.*)\.txt$/i;
async function findFiles(root) {
  const names = await glob("**/*", {
    cwd: root,
    dot: false,
    followSymbolicLinks: false,
    expandDirectories: false,
    ignore: ["**/node_modules/**", "**/quantgate-out/**", "**/__pycache__/**", "**/venv/**"]
  });
  const tree = new Tree(root, names.map((name) => name.replaceAll("\\", "/")).sort());
  const named = (pattern) => tree.files.filter((file) => pattern.test(file.split("/").at(-1)));
  return {
    tree,
    models: named(/\.onnx$/),
    dataSets: await findDataSets(tree),
    tokenizers: named(/^tokenizer\.json$/),
    preprocessors: named(/^preprocessor_config\.json$/),
    modelConfigs: named(/^config\.json$/),
    lists: named(LIST)
  };
}
function nearest(files, path) {
  const folders = path.split("/").slice(0, -1);
  const shared = (file) => {
    const own = file.split("/").slice(0, -1);
    const differs = folders.findIndex((folder, at) => own[at] !== folder);
    return (differs < 0 ? folders.length : differs) * 100 - own.length;
  };
  return files.reduce(
    (best, file) => best === null || shared(file) > shared(best) ? file : best,
    null
  );
}

// src/init/guess/class-scores.ts
function classesOf(output) {
  const sizes = (output?.shape ?? []).slice(1).filter((size) => size !== 1);
  return sizes.length === 1 && typeof sizes[0] === "number" ? sizes[0] : null;
}

// src/init/guess/guess.ts
function evaluationSets(found, kinds) {
  const fitting = found.dataSets.filter(({ kind }) => kinds.includes(kind));
  const order = (set) => (set.labelled ? 0 : 10) + { evaluation: /\bval/i.test(set.path) ? 0 : 1, null: 2, train: 3 }[set.side ?? "null"];
  return fitting.sort((a, b) => order(a) - order(b)).slice(0, MOST_SETS);
}
var MOST_SETS = 3;

// src/init/guess/guess-arrays.ts
function arrayGuesses(model, found) {
  const sets = evaluationSets(found, ["arrays"]);
  const names = model.inputs.map(({ name }) => `'${name}'`).join(", ");
  if (sets.length === 0)
    return {
      guesses: [],
      missing: `samples to score it: data/val.npz with an array for each input (${names}) and 'labels'`
    };
  const classes = model.outputs.map(classesOf).find((count) => count !== null) ?? null;
  const tasks = (classes ?? 0) > 1 ? ["classification", "regression", "embedding", "none"] : ["regression", "none"];
  return {
    guesses: sets.flatMap(
      (set) => tasks.map((task) => ({ task, set, told: false, data: { source: {} }, why: [`arrays in ${set.path}`] }))
    ),
    missing: null
  };
}

// src/init/guess/image-inputs.ts
var USUAL_SIDE = 224;
var YOLO_SIDE = 640;
var HALF = { mean: 0.5, std: 0.5 };
function imageShape({ inputs }) {
  const shape = inputs[0]?.shape ?? [];
  const last = typeof shape[3] === "number" && shape[3] <= 4 && !(typeof shape[1] === "number" && shape[1] <= 4);
  const [height, width] = last ? [shape[1], shape[2]] : [shape[2], shape[3]];
  const channels = last ? shape[3] : shape[1];
  return {
    size: typeof height === "number" && typeof width === "number" ? [height, width] : null,
    channels: typeof channels === "number" ? channels : 3
  };
}
function fromFile(model, found) {
  const preprocessor = nearest(found.preprocessors, model.path);
  return preprocessor === null ? [] : [{ input: { preprocessor }, why: `${preprocessor} says how its images are prepared`, told: true }];
}
function usualInputs(model, found) {
  const { size, channels } = imageShape(model);
  const resize = size ?? [USUAL_SIDE, USUAL_SIDE];
  const sized = `resized to ${resize.join(" \xD7 ")}`;
  const plain = [
    { input: { resize, scale: true }, why: `${sized}, values from 0 to 1`, told: false },
    { input: { resize, scale: true, ...HALF }, why: `${sized}, values from -1 to 1`, told: false },
    { input: { resize, scale: false }, why: `${sized}, values from 0 to 255`, told: false }
  ];
  if (model.inputs[0]?.type === "uint8")
    return [...fromFile(model, found), { input: { resize }, why: sized, told: true }];
  if (channels !== 3) return [...fromFile(model, found), ...plain];
  const presets = [
    { input: { preset: "imagenet" }, why: "ImageNet's usual preprocessing", told: false },
    ...plain,
    { input: { preset: "caffe" }, why: "Caffe's preprocessing", told: false }
  ];
  return [...fromFile(model, found), ...presets];
}
function detectorInputs(model, found, decoder) {
  const size = imageShape(model).size ?? [YOLO_SIDE, YOLO_SIDE];
  const yolo = {
    input: { preset: "yolo" },
    why: "YOLO's letterbox, values from 0 to 1",
    told: false
  };
  if (decoder === "yolox") {
    const letterbox = { size, align: "top-left" };
    const input = { letterbox, filter: "opencv-bilinear", scale: false, channels: "bgr" };
    return [{ input, why: "YOLOX's letterbox, blue first, values from 0 to 255", told: false }];
  }
  const sized = `resized to ${size.join(" \xD7 ")}`;
  const plain = [
    { input: { resize: size, scale: true }, why: `${sized}, values from 0 to 1`, told: false },
    { input: { resize: size, scale: true, ...HALF }, why: `${sized}, values from -1 to 1`, told: false },
    { input: { resize: size, scale: false }, why: `${sized}, values from 0 to 255`, told: false }
  ];
  if (/^yolo/.test(decoder)) return [...fromFile(model, found), yolo];
  return [...fromFile(model, found), ...decoder === "boxes" ? [yolo, ...plain] : plain];
}
function recognizerInputs(model, found) {
  const shape = model.inputs[0]?.shape ?? [];
  const side = (size, usual) => typeof size === "number" ? size : usual;
  const resize = [side(shape[2], 48), side(shape[3], 320)];
  const colours = imageShape(model).channels === 3;
  const sized = `resized to ${resize.join(" \xD7 ")}`;
  return [
    ...fromFile(model, found),
    ...colours ? [
      {
        input: { resize, ...HALF, channels: "bgr" },
        why: `${sized}, values from -1 to 1, blue first`,
        told: false
      }
    ] : [],
    { input: { resize, ...HALF }, why: `${sized}, values from -1 to 1`, told: false },
    { input: { resize, scale: true }, why: `${sized}, values from 0 to 1`, told: false },
    { input: { resize, scale: false }, why: `${sized}, values from 0 to 255`, told: false }
  ];
}

// src/init/guess/model-config.ts
import { readFileSync } from "node:fs";
function readModelConfig(found, model) {
  const path = nearest(found.modelConfigs, model);
  if (path === null) return null;
  try {
    const parsed = JSON.parse(readFileSync(found.tree.absolute(path), "utf8"));
    const names = Object.entries(parsed.id2label ?? {}).sort(([a], [b]) => Number(a) - Number(b)).map(([, name]) => String(name));
    return {
      path,
      architecture: parsed.architectures?.[0] ?? null,
      classNames: names.length === 0 ? null : names
    };
  } catch {
    return null;
  }
}
function listedClasses(found, model, classes) {
  const fitting = found.lists.flatMap((path) => {
    const names = linesOf(found, path);
    return names.length === classes ? [{ path, names }] : [];
  });
  const best = nearest(
    fitting.map(({ path }) => path),
    model
  );
  return fitting.find(({ path }) => path === best) ?? null;
}
function linesOf(found, path) {
  const lines = readFileSync(found.tree.absolute(path), "utf8").replace(/^\uFEFF/, "").split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

// src/init/guess/guess-images.ts
var MISSING = {
  detection: "annotated images to score it: data/val.json (COCO) with the images in data/val, or YOLO's or Pascal VOC's files",
  recognition: "lines of text to score it: data/val/labels.tsv, 'name.png TAB text' on each line, with the images beside it",
  keys: "the recognizer's symbols: keys.txt beside the model, one per line in the order of its classes",
  classes: "labelled images to score it: data/val with a folder of images for each class"
};
function imageGuesses(model, found) {
  const sets = evaluationSets(found, ["classes", "coco", "yolo", "voc", "text-lines", "masks", "images"]);
  const guesses = sets.flatMap((set) => guessesOn(set, model, found));
  if (guesses.some(({ task }) => task !== "none")) return { guesses, missing: null };
  const [output] = model.outputs;
  const lines = sets.some(({ kind }) => kind === "text-lines");
  if (lines) return { guesses, missing: MISSING.keys };
  const rank = output?.shape?.length;
  const arrays = arrayGuesses(model, found);
  if (arrays.guesses.length > 0) return arrays;
  if (guessedDecoders(model.outputs).length > 0) return { guesses, missing: MISSING.detection };
  return { guesses, missing: rank === 3 ? MISSING.recognition : MISSING.classes };
}
function guessesOn(set, model, found) {
  switch (set.kind) {
    case "classes":
      return classGuesses(set, model, found);
    case "coco":
    case "yolo":
    case "voc":
      return detectorGuesses(set, model, found);
    case "text-lines":
      return recognizerGuesses(set, model, found);
    case "masks":
      return usualInputs(model, found).map(
        (way) => guess(set, way, { task: "segmentation", why: ["images with masks of the same names"] })
      );
    default:
      return usualInputs(model, found).slice(0, 1).map((way) => guess(set, way, { task: "none", why: ["images without labels"] }));
  }
}
function guess(set, { input, why, told }, more) {
  const { names, source: source2, ...rest2 } = more;
  return {
    ...rest2,
    set,
    told,
    data: { source: { ...set.with, ...source2 }, input, ...names ? { "class-names": names } : {} },
    why: [...rest2.why, why]
  };
}
function classGuesses(set, model, found) {
  const folders = set.labels ?? [];
  const numbered = folders.every((name) => /^\d+$/.test(name));
  const classes = model.outputs.map(classesOf).find((count) => count !== null) ?? null;
  const least = numbered ? Math.max(...folders.map(Number)) + 1 : folders.length;
  if (classes !== null && classes < least) return [];
  const why = [
    `${folders.length} class folders in ${set.path}`,
    ...classes === null ? [] : [`an output with ${classes} scores`]
  ];
  const orders2 = numbered || !folders.every((name) => /\d/.test(name)) ? [{}] : [{ "class-order": "number" }, { "class-order": "name" }];
  const offsets = classes === least + 1 ? [{}, { "label-offset": 1 }] : [{}];
  return usualInputs(model, found).flatMap(
    (way) => orders2.flatMap(
      (source2) => offsets.map((offset) => guess(set, way, { task: "classification", ...offset, source: source2, why }))
    )
  );
}
function guessedDecoders(outputs) {
  const sized = (output) => ({
    dims: (output.shape ?? []).map((size) => typeof size === "number" ? size : Number.MAX_SAFE_INTEGER)
  });
  const likely = guessDecoder(Object.fromEntries(outputs.map((output) => [output.name, sized(output)])));
  const alternatives = {
    detr: ["detr", "rt-detr"],
    yolov8: ["yolov8", "boxes"],
    yolov5: ["yolov5", "yolox"]
  };
  const shape = outputs[0]?.shape ?? [];
  const columns = shape.at(-1);
  if (likely === null && outputs.length === 1 && (columns === 6 || columns === 7)) return ["boxes"];
  const single = outputs.length === 1 && shape.length === 3 && shape.some((size) => typeof size === "string");
  if (single) return ["yolov8", "yolov5", "boxes"];
  return likely === null ? [] : alternatives[likely] ?? [likely];
}
function detectorGuesses(set, model, found) {
  const shown = model.outputs.map(({ name, shape }) => `${name} [${shape?.join(", ") ?? "?"}]`).join(", ");
  const orders2 = set.kind === "coco" ? [{}, { "class-order": "index" }] : [{}];
  return guessedDecoders(model.outputs).flatMap(
    (decoder) => detectorInputs(model, found, decoder).flatMap(
      (way) => orders2.map((source2) => {
        const names = detectorClasses(model, found, set);
        return guess(set, way, {
          task: "detection",
          decoder,
          source: names === null ? source2 : {},
          ...names === null ? {} : { names: names.names },
          why: [
            `boxes in ${set.path}`,
            `outputs ${shown} look like ${decoder}`,
            ...names === null ? [] : [`classes as ${names.path} lists them`]
          ]
        });
      })
    )
  );
}
function detectorClasses(model, found, { kind }) {
  if (kind !== "voc") return null;
  const { modelConfig } = model;
  if (modelConfig?.classNames) return { path: modelConfig.path, names: modelConfig.classNames };
  const path = nearest(found.lists, model.path);
  return path === null ? null : { path, names: linesOf(found, path) };
}
function recognizerGuesses(set, model, found) {
  const classes = model.outputs[0]?.shape?.at(-1);
  const exact = typeof classes === "number" ? [0, 1, 2].map((spare) => listedClasses(found, model.path, classes - spare)?.path) : [];
  const keys = exact.find((path) => path !== void 0) ?? nearest(found.lists, model.path);
  if (keys === null || keys === void 0) return [];
  return recognizerInputs(model, found).flatMap(
    (way) => [{}, { decoder: "ctc-blank-last" }].map(
      (decoder) => guess(set, way, {
        task: "text-recognition",
        ...decoder,
        keys,
        why: [`images with their texts in ${set.path}`, `symbols in ${keys}`]
      })
    )
  );
}

// src/init/guess/guess-speech.ts
var VOCABULARY = /(^|\/)(vocab\.json|tokenizer\.json|tokens\.txt)$/;
function speechGuesses(model, found) {
  const vocabulary = nearest(
    found.tree.files.filter((file) => VOCABULARY.test(file)),
    model.path
  );
  const sets = evaluationSets(found, ["speech"]);
  if (sets.length === 0)
    return { guesses: [], missing: "recordings to score it: data/val with a.wav and its transcript a.txt" };
  if (vocabulary === null)
    return {
      guesses: [],
      missing: "the recognizer's vocabulary: vocab.json, tokenizer.json or tokens.txt beside the model"
    };
  return {
    guesses: sets.map((set) => ({
      task: "speech-recognition",
      set,
      told: false,
      data: { source: {}, tokenizer: vocabulary },
      why: [`recordings in ${set.path}`, `symbols in ${vocabulary}`]
    })),
    missing: null
  };
}

// src/init/guess/guess-texts.ts
var FEW = 3;
function textGuesses(model, found) {
  const arrays = evaluationSets(found, ["arrays"]);
  const sets = evaluationSets(found, ["texts", "tags", "questions", "retrieval", "documents"]);
  const tokenizer = nearest(found.tokenizers, model.path);
  if (tokenizer === null) {
    const missing2 = "its tokenizer: put tokenizer.json (Hugging Face) beside the model; texts in data/val.jsonl";
    return { guesses: arrays.map((set) => onArrays(set)), missing: arrays.length > 0 ? null : missing2 };
  }
  const guesses = sets.flatMap(
    (set) => guessesOn2(set, model, found).map((one) => ({
      ...one,
      data: { ...one.data, tokenizer },
      why: [...one.why, `${tokenizer} makes its tokens`]
    }))
  );
  const missing = 'texts to score it: data/val.jsonl, { "text": \u2026, "label": \u2026 } on each line (docs/data.md has the other tasks)';
  return { guesses, missing: guesses.some(({ task }) => task !== "none") ? null : missing };
}
function onArrays(set) {
  return { task: "language-model", set, told: true, data: { source: {} }, why: [`arrays in ${set.path}`] };
}
function guessesOn2(set, model, found) {
  return restsOn(set, model, found).map(({ names, ...rest2 }) => ({
    ...rest2,
    set,
    told: false,
    data: { source: {}, ...names ? { "class-names": names } : {} }
  }));
}
function restsOn(set, model, found) {
  const said = model.modelConfig?.architecture;
  const why = said ? [`${model.modelConfig.path} says ${said}`] : [];
  switch (set.kind) {
    case "texts":
      return tableGuesses(set, model, { found, why });
    case "tags":
      return orders(set, model, found).map(({ names, because }) => ({
        task: "token-classification",
        ...names ? { names } : {},
        why: [...why, `tagged words in ${set.path}`, ...because]
      }));
    case "questions":
      return questionGuesses(set, model, why);
    case "retrieval":
      return retrievalGuesses(model, [...why, `queries and documents in ${set.path}`]);
    default:
      return languageGuesses(model, [...why, `text in ${set.path}`]);
  }
}
var rankOf = ({ outputs }) => outputs[0]?.shape?.length ?? null;
function tableGuesses(set, model, { found, why }) {
  if (!set.labelled) {
    const language = languageGuesses(model, [...why, `texts in ${set.path}`]);
    if (language.length > 0) return language;
    return [
      ...retrievalGuesses(model, [...why, `pairs of texts in ${set.path}`]),
      { task: "none", why: [`texts without labels in ${set.path}`] }
    ];
  }
  if (rankOf(model) !== 2) return [];
  return orders(set, model, found).map(({ names, because }) => ({
    task: "text-classification",
    ...names ? { names } : {},
    why: [...why, `texts with labels in ${set.path}`, ...because]
  }));
}
function orders({ labels, kind }, { path, modelConfig, outputs }, found) {
  const own = modelConfig?.classNames ?? null;
  const given = own?.some((name, index) => name !== `LABEL_${index}`) === true;
  if (given) return [{ names: null, because: [`classes as ${modelConfig.path} names them`] }];
  const classes = outputs[0]?.shape?.at(-1);
  const listed = typeof classes === "number" ? listedClasses(found, path, classes) : null;
  if (listed !== null && (labels !== null || kind === "tags"))
    return [{ names: listed.names, because: [`classes as ${listed.path} lists them`] }];
  if (labels === null) return [{ names: null, because: [] }];
  const all = labels.length <= FEW ? permutations(labels) : [labels];
  return all.map((names) => ({ names, because: [`classes in the order ${names.join(", ")}`] }));
}
function permutations(items) {
  if (items.length < 2) return [[...items]];
  return items.flatMap(
    (item, at) => permutations(items.filter((_, other) => other !== at)).map((rest2) => [item, ...rest2])
  );
}
function questionGuesses(set, { outputs }, why) {
  const named = (pattern) => outputs.find(({ name }) => pattern.test(name))?.name;
  const [start, end] = [named(/start/i), named(/end/i)];
  if (start === void 0 || end === void 0) return [];
  return [
    {
      task: "question-answering",
      outputs: { start, end },
      why: [...why, `questions in ${set.path}`, `outputs ${start} and ${end}`]
    }
  ];
}
function retrievalGuesses(model, why) {
  if (rankOf(model) === 2) return [{ task: "retrieval", why }];
  return ["mean", "cls"].map((decoder) => ({
    task: "retrieval",
    decoder,
    why: [...why, `a vector per token, pooled by ${decoder}`]
  }));
}
function languageGuesses({ outputs }, why) {
  const logits = outputs.find(({ name, shape }) => /logits/i.test(name) && shape?.length === 3);
  return logits === void 0 ? [] : [{ task: "language-model", output: logits.name, why }];
}

// src/init/guess/guesses.ts
var NEEDS_CALIBRATION = /* @__PURE__ */ new Set(["Conv", "ConvTranspose"]);
function lookAt(found, path) {
  try {
    const model = readModel(found.tree.absolute(path));
    return {
      path,
      inputs: modelInputs(model),
      outputs: modelOutputs(model),
      convolutional: [...model.graph.nodes].some((node) => NEEDS_CALIBRATION.has(node.opType)),
      modelConfig: readModelConfig(found, path),
      problem: null
    };
  } catch (error) {
    return {
      path,
      inputs: [],
      outputs: [],
      convolutional: true,
      modelConfig: null,
      problem: messageOf(error)
    };
  }
}
function inputKind({ inputs }) {
  if (inputs.some(
    ({ name: name2, type, shape: shape2 }) => /input_ids|token/i.test(name2) || type === "int64" && shape2?.length === 2
  ))
    return "tokens";
  const [first] = inputs;
  const { shape = null, name = "" } = first ?? {};
  if (shape?.length === 4 && (isColour(shape[1]) || isColour(shape[3]) || /image|pixel/i.test(name)))
    return "image";
  if (/input_values|input_features|audio|speech|wave/i.test(name)) return "audio";
  return "other";
}
function isColour(size) {
  return size === 1 || size === 3 || size === 4;
}
function guessesFor(model, found) {
  switch (inputKind(model)) {
    case "image":
      return imageGuesses(model, found);
    case "tokens":
      return textGuesses(model, found);
    case "audio":
      return speechGuesses(model, found);
    case "other":
      return arrayGuesses(model, found);
  }
}

// src/init/ignore.ts
import { existsSync, readFileSync as readFileSync2 } from "node:fs";
import { join as join2 } from "node:path";
var ENTRY = "quantgate-out/";
function ignoreText(root) {
  const file = join2(root, ".gitignore");
  const text = existsSync(file) ? readFileSync2(file, "utf8") : "";
  if (text.split(/\r?\n/).some((line) => /^\/?quantgate-out\/?$/.test(line.trim()))) return null;
  const end = text === "" || text.endsWith("\n") ? "" : "\n";
  return `${text}${end}${ENTRY}
`;
}

// src/init/measure.ts
import { rmSync } from "node:fs";

// src/init/propose.ts
var SIZE_MARGIN = 1.05;
var FASTER = 0.95;
var POINTS = 1;
var RATIO_MARGIN = 0.02;
var MOST_POINTS = 5;
var MOST_RATIO = 1.1;
var COSINE_MARGIN = 2;
var LEAST_COSINE = 0.9;
var SPEAKS = {
  retrieval: "accuracy.ndcg10",
  "text-recognition": "accuracy.cer"
};
function fault({ models, measurements, checks }, task) {
  const variant = models[0].variants.find(({ name }) => name !== ORIGINAL);
  if (variant === void 0) return "nothing was made";
  if (variant.status !== "ok") return variant.reason ?? "no file was made";
  if (variant.sha256 !== null && variant.sha256 === models[0].sha256) return "nothing was quantized";
  const invalid = measurements.find(({ status, variant: name }) => status === "invalid" && name !== ORIGINAL);
  if (invalid) return invalid.reason ?? "it does not run";
  const failed = checks.find(
    ({ verdict, metric: metric2 }) => verdict === "fail" && metric2 !== "established.original"
  );
  if (failed) return failed.reason ?? failed.check;
  const size = ofVariant(measurements, "size.file");
  if (size?.ratio && size.ratio.value >= 1) return "the file is not smaller";
  const metric = speaking(measurements, task);
  if (metric === null) return null;
  const points = (metric.drop?.value ?? 0) * 100;
  if (metric.unit === "fraction" && points > MOST_POINTS)
    return `${titleOf(metric)} falls by ${points.toFixed(1)} points`;
  const ratio = worseRatio(metric, measurements);
  if (metric.unit !== "fraction" && ratio > MOST_RATIO)
    return `${titleOf(metric)} gets worse by ${((ratio - 1) * 100).toFixed(0)} %`;
  return null;
}
function proposals({ measurements }, task) {
  return [
    ...sizeProposal(measurements),
    ...latencyProposal(measurements),
    ...accuracyProposal(measurements, task),
    ...fidelityProposal(measurements, task)
  ];
}
function ofVariant(measurements, metric) {
  return measurements.find((one) => one.metric === metric && one.variant !== ORIGINAL && one.status === "ok") ?? null;
}
function speaking(measurements, task) {
  const own = METRICS.filter(({ tasks }) => tasks?.includes(task)).map(({ name }) => name);
  const first = SPEAKS[task];
  const ordered = first === void 0 ? own : [first, ...own];
  for (const metric of ordered) {
    const found = ofVariant(measurements, metric);
    if (found?.value !== null && found !== null) return found;
  }
  return null;
}
function worseRatio({ metric, value }, measurements) {
  const original = measurements.find((one) => one.metric === metric && one.variant === ORIGINAL)?.value ?? null;
  if (original === null || value === null || original === 0 || value === 0) return 1;
  return metricDefinition(metric).higherIsBetter ? original / value : value / original;
}
var titleOf = ({ metric }) => metricDefinition(metric)?.title ?? metric;
var up = (value, step) => Number((Math.ceil(value / step - 1e-9) * step).toFixed(4));
function sizeProposal(measurements) {
  const ratio = ofVariant(measurements, "size.file")?.ratio?.value;
  if (ratio === void 0 || ratio >= 1) return [];
  const bound = Math.min(1, up(ratio * SIZE_MARGIN, 0.01));
  return [
    {
      metric: "size.file",
      keys: { "max-ratio": bound },
      remark: `measured: ${percent(ratio)} of the original`
    }
  ];
}
function latencyProposal(measurements) {
  const ratio = ofVariant(measurements, "latency.p50")?.ratio;
  const high = ratio?.interval?.hi ?? null;
  if (!ratio || high === null || high > FASTER) return [];
  const remark = `measured: ${ratio.value.toFixed(2)} of the original's`;
  return [{ metric: "latency.p50", keys: { "max-ratio": 1, "max-regression": "10%" }, remark }];
}
function accuracyProposal(measurements, task) {
  const found = speaking(measurements, task);
  if (found === null) return [];
  const { metric, n } = found;
  if (found.unit === "fraction") {
    const points = (found.drop?.value ?? 0) * 100;
    const margin = Math.max(POINTS, 100 / (n ?? 100));
    const bound2 = Math.max(POINTS, up(Math.max(0, points) + margin, 0.5));
    return [{ metric, keys: { "max-drop": `${bound2}pp` }, remark: `measured: ${dropped(points)}` }];
  }
  const ratio = worseRatio(found, measurements);
  const bound = up(Math.max(1, ratio) + RATIO_MARGIN, 0.01);
  const higher = metricDefinition(metric).higherIsBetter;
  const keys = higher ? { "min-ratio": Number((1 / bound).toFixed(3)) } : { "max-ratio": bound };
  return [{ metric, keys, remark: `measured: ${(higher ? 1 / ratio : ratio).toFixed(3)} of the original's` }];
}
function dropped(points) {
  return points > 0 ? `${points.toFixed(1)} points less than the original` : "no drop";
}
function fidelityProposal(measurements, task) {
  const cosine = ofVariant(measurements, "fidelity.cosine")?.value ?? null;
  if (cosine === null || cosine < LEAST_COSINE) return [];
  const bound = Math.min(0.999, Math.floor((1 - (1 - cosine) * COSINE_MARGIN) * 1e3) / 1e3);
  const level = task === "none" ? {} : { level: "warn" };
  return [
    { metric: "fidelity.cosine", keys: { ...level, min: bound }, remark: `measured: ${cosine.toFixed(4)}` }
  ];
}
function percent(ratio) {
  return `${(ratio * 100).toFixed(0)} %`;
}
function loosest(all) {
  const merged = /* @__PURE__ */ new Map();
  for (const one of all) {
    const known = merged.get(one.metric);
    merged.set(one.metric, known === void 0 || looseness(one) > looseness(known) ? one : known);
  }
  return [...merged.values()];
}
function looseness({ keys }) {
  if (keys["max-drop"] !== void 0) return Number.parseFloat(String(keys["max-drop"]));
  if (keys["max-ratio"] !== void 0) return Number(keys["max-ratio"]);
  return -Number(keys["min-ratio"] ?? keys.min ?? 0);
}

// src/init/raw-model.ts
var CALIBRATION = 200;
var SHARE = 4;
var FEWEST = 8;
var WHOLE = ["documents", "retrieval", "questions"];
function asTried(path, guess2) {
  return { ...head(path, guess2), data: { evaluation: source(guess2), ...rest(guess2) } };
}
function asWritten(path, guess2, { found, samples }) {
  const calibration = calibrationSet(found, guess2);
  const own = source(guess2);
  const keys = head(path, guess2);
  if (guess2.task === "none") {
    const set = { ...asSource(own), ...calibration === null ? {} : sourceOf(calibration) };
    return { ...keys, data: { calibration: { ...set, limit: CALIBRATION }, ...rest(guess2) } };
  }
  if (calibration !== null) {
    const other = { ...asSource(own), ...sourceOf(calibration), limit: CALIBRATION };
    return { ...keys, data: { evaluation: own, calibration: other, ...rest(guess2) } };
  }
  if (samples < FEWEST || WHOLE.includes(guess2.set.kind))
    return { ...keys, data: { evaluation: own, ...rest(guess2) } };
  const split = { calibration: Math.min(CALIBRATION, Math.floor(samples / SHARE)) };
  const data = typeof own === "string" ? { path: own, split } : { evaluation: own, split };
  return { ...keys, data: { ...data, ...rest(guess2) } };
}
async function configOf(root, models) {
  return await parseConfig(JSON.stringify({ version: 1, models }), { file: null, directory: root });
}
function head(path, { task, output, outputs, decoder, keys, "label-offset": offset }) {
  return {
    path,
    ...task === "none" ? {} : { task },
    ...output === void 0 ? {} : { output },
    ...outputs === void 0 ? {} : { outputs },
    ...decoder === void 0 ? {} : { decoder },
    ...keys === void 0 ? {} : { keys },
    ...offset === void 0 ? {} : { "label-offset": offset }
  };
}
function rest({ data: { source: _, ...more } }) {
  return more;
}
function source({ set, data }) {
  const keys = Object.keys(data.source);
  return keys.length === 0 ? set.path : { path: set.path, ...data.source };
}
function asSource(own) {
  return typeof own === "string" ? { path: own } : own;
}
function sourceOf(set) {
  return { path: set.path, ...set.with };
}
function calibrationSet({ dataSets }, { set }) {
  const kinds = set.kind === "classes" ? ["classes", "images"] : [set.kind];
  const fitting = dataSets.filter(
    (other) => other.path !== set.path && other.side === "train" && kinds.includes(other.kind)
  );
  const path = nearest(
    fitting.map((other) => other.path),
    set.path
  );
  return fitting.find((other) => other.path === path) ?? null;
}

// src/init/measure.ts
var SAMPLES = 500;
function methodsFor({
  convolutional,
  calibrated
}) {
  if (!convolutional) return ["int8-dynamic", ...calibrated ? ["int8"] : [], "int8-weights", "float16"];
  return calibrated ? ["int8", "int8-weights", "float16"] : ["int8-weights", "float16"];
}
async function measureOnce(model, methods, request) {
  const told = [];
  for (const method of methods) {
    try {
      const report = await runWith({ ...model, variants: [method] }, request);
      const why = fault(report, model.task ?? "none");
      if (why === null) return { variants: [method], report, told };
      told.push(`${method} of ${model.path} is not proposed: ${why}`);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      if (!(error instanceof UserError || error instanceof MachineError)) throw error;
      told.push(`${method} of ${model.path} can't be measured: ${messageOf(error).split("\n", 1)[0]}`);
    }
  }
  return { variants: [methods[0]], report: null, told };
}
async function runWith(model, { root, context, budgetMs }) {
  const config = await configOf(root, [model]);
  const { evaluation } = config.models[0].data;
  if (evaluation) evaluation.limit = Math.min(evaluation.limit ?? SAMPLES, SAMPLES);
  config.benchmark = { ...config.benchmark, budgetMs };
  const out = scratchFolder("init");
  try {
    const thresholds = { file: null, from: "head", changed: false };
    const { report } = await run({
      config,
      out,
      base: null,
      context,
      allowCommands: false,
      source: null,
      thresholds
    });
    return report;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

// src/init/model-names.ts
var MOST_CHARACTERS = 90;
function distinctNames(paths) {
  const valid = (text) => text.replace(/[\p{Cc}/\\*?<>:|"]/gu, "-").replace(/^\./, "-").slice(-MOST_CHARACTERS);
  const short = paths.map((path) => valid(modelName(path)));
  const names = short.map(
    (name, i) => short.filter((other) => other === name).length === 1 ? name : valid(paths[i].replace(/\.onnx$/, ""))
  );
  return names.map((name, i) => names.indexOf(name) === i ? name : `${name}-${i + 1}`);
}

// src/init/try.ts
var MOST_SAMPLES = 64;
var FEWEST_SAMPLES = 24;
var TRIAL_MS = 4e3;
var ALL_MS = 6e4;
var GAIN = 0.02;
var NEARLY_PERFECT = 1 - GAIN;
async function tryGuesses({ path, inputs }, guesses, { root, context }) {
  const told = [];
  let best = null;
  const feedsFile = FeedsFile.open();
  const session = { provider: "cpu", threads: context.threads ?? availableCores() };
  const files = new FileRunners({ model: { name: path }, session, feedsFile, context });
  const until = performance.now() + ALL_MS;
  try {
    for (const guess2 of guesses) {
      if (best !== null && (performance.now() > until || isEnough(best) || guess2.task === "none")) break;
      try {
        const model = (await configOf(root, [asTried(path, guess2)])).models[0];
        if (files.runners.length === 0) await files.open({ variant: ORIGINAL, file: model.path });
        const tried = await tryOne(guess2, { model, inputs, runner: files.runners[0], context });
        told.push(`${described(tried.guess)}: ${outcome(tried)}`);
        if (isBetter(tried, best)) best = tried;
      } catch (error) {
        if (error instanceof Interrupted) throw error;
        if (!(error instanceof UserError || error instanceof WorkerError)) throw error;
        told.push(`${described(guess2)}: ${messageOf(error).split("\n", 1)[0]}`);
      }
    }
  } finally {
    await files.close();
    feedsFile.close();
  }
  return { best, told };
}
async function tryOne(guess2, { model, inputs, runner, context }) {
  const dataset = await openDataset(model.data.evaluation, inputs);
  const known = { guess: guess2, samples: dataset.length };
  const { labelOffset, outputs: roles, decoder, keys } = model;
  const options = { labelOffset, roles, decoder, keys: keys === null ? null : await readKeys(keys) };
  const test = skillTest(model.task, { ...dataset, ...options });
  const rows = await keptRows(dataset, { model, runner, context, keep: test?.keep ?? (() => []) });
  const skill = test?.assess(rows) ?? null;
  const tried = { ...known, skill, standing: skill && standingOf(skill), metric: test?.metric ?? null };
  if (test === null || tried.standing === null || tried.standing === "above" || inputs.length !== 1)
    return tried;
  return await preparedOtherwise(tried, { model, dataset, rows, runner, context, test });
}
var OTHERWISE_MS = 8e3;
async function preparedOtherwise(tried, { model, dataset, rows, runner, context, test }) {
  const scored = scoredOutput(runner.outputs, model.output, model.name);
  const { best } = await tryCauses({
    task: model.task,
    labelOffset: model.labelOffset,
    dataset,
    original: runner,
    scored,
    outputs: [scored.name],
    test,
    rows,
    budgetMs: OTHERWISE_MS,
    signal: context.signal
  });
  if (!best?.prepared) return tried;
  const { guess: guess2 } = tried;
  const { changes } = best.prepared;
  const written = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null));
  return {
    ...tried,
    guess: {
      ...guess2,
      data: { ...guess2.data, input: { ...guess2.data.input, ...written } },
      why: [...guess2.why, `${guess2.why.at(-1)} with ${best.words}`]
    },
    skill: best.skill,
    standing: standingOf(best.skill)
  };
}
async function keptRows(dataset, {
  model,
  runner,
  context,
  keep
}) {
  const scored = scoredOutput(runner.outputs, model.output, model.name);
  const names = runner.outputs.filter(({ type, name }) => type !== null && !/^present/.test(name)).map(({ name }) => name);
  const rows = [];
  const start = performance.now();
  for await (const sample of dataset.samples()) {
    if (context.signal?.aborted) throw new Interrupted("interrupted");
    const outputs = await runner.run(sample.feeds, names);
    rows.push(keep(sample, outputs[scored.name], outputs));
    const slow = performance.now() - start > TRIAL_MS;
    if (model.task === "none" || rows.length >= (slow ? FEWEST_SAMPLES : MOST_SAMPLES)) break;
  }
  return rows;
}
function isEnough({ guess: guess2, standing, skill }) {
  if (standing === null) return true;
  return guess2.told && standing === "above" || (skill?.skill ?? 0) >= NEARLY_PERFECT;
}
function isBetter({ guess: guess2, skill, standing }, best) {
  if (standing === "chance") return false;
  if (best === null) return true;
  if (guess2.task === "none" || skill === null) return false;
  return skill.skill > (best.skill?.skill ?? 0) + GAIN;
}
function described({ task, decoder, why, set, data }) {
  const by = decoder === void 0 ? "" : ` by ${decoder}`;
  const order = data.source["class-order"] === void 0 ? "" : `, classes by ${String(data.source["class-order"])}`;
  return `${task}${by} on ${set.path}, ${why.at(-1)}${order}`;
}
function outcome({ skill, standing, metric, guess: guess2 }) {
  if (guess2.task === "none") return "the model takes it";
  if (skill === null || metric === null)
    return "the model takes it; there is no level of chance to compare with";
  const definition = metricDefinition(metric);
  const figure = (value) => definition?.unit === "fraction" ? `${Number((value * 100).toPrecision(3))} %` : String(Number(value.toPrecision(3)));
  const verdict = standing === "chance" ? ", no better than that" : "";
  return `${definition?.title ?? metric} ${figure(skill.value)} on ${skill.n}, chance ${figure(skill.chance)}${verdict}`;
}

// src/init/workflow.ts
var WORKFLOW = `# Quantizes the models of quantgate.yml, measures them here, and reports on the pull request.
name: quantgate
on:
  pull_request:

permissions: {}

concurrency:
  group: quantgate-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  quantgate:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: read # the checkout and the base
      pull-requests: write # the comment
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          lfs: true
          fetch-depth: 2 # the base commit, for max-regression
          persist-credentials: false
      - uses: quantgate/quantgate@v0 # zizmor: ignore[unpinned-uses] moves with each release; pin a commit if you must
        id: quantgate
      # The comment links to the run's artifacts, where this page is.
      - uses: actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0
        if: always() && steps.quantgate.outputs.report-html != ''
        with:
          name: quantgate
          overwrite: true # a job that is run again
          path: \${{ steps.quantgate.outputs.report-html }}
`;

// src/init/init.ts
var MOST_MODELS = 20;
var CONFIG = "quantgate.yml";
async function initConfig({ root, measuring, ask: ask2 }) {
  const found = await findFiles(root);
  const paths = found.models.slice(0, MOST_MODELS);
  const names = distinctNames(paths);
  const models = [];
  for (const [index, path] of paths.entries())
    models.push(await understand(path, { root, measuring, found, ask: ask2, name: names[index] }));
  const reports = models.flatMap(({ report }) => report === null ? [] : [report]);
  const { content, dropped: dropped2 } = await wholeText(models, { root, reports });
  const ignore = ignoreText(root);
  return {
    files: [
      { path: CONFIG, content, existing: "kept" },
      { path: ".github/workflows/quantgate.yml", content: WORKFLOW, existing: "kept" },
      ...ignore === null ? [] : [{ path: ".gitignore", content: ignore, existing: "replaced" }]
    ],
    missing: missingOf(models),
    notes: [...models.flatMap(({ notes }) => notes), ...dropped2, ...closing(found.models.length)],
    explained: models.flatMap(({ explained }) => explained)
  };
}
function missingOf(models) {
  if (models.length === 0)
    return [
      `No .onnx file was found here: put your model into models/model.onnx, or its path into ${CONFIG}.`
    ];
  return models.flatMap(({ missing }) => missing);
}
function closing(total) {
  const more = total > MOST_MODELS ? [`${total} models were found; ${CONFIG} lists the first ${MOST_MODELS}.`] : [];
  return [...more, "Then: 'quantgate run'."];
}
async function understand(path, place) {
  const { found, measuring, name } = place;
  const model = lookAt(found, path);
  if (model.problem !== null) {
    const raw = {
      name,
      path,
      variants: methodsFor({ convolutional: true, calibrated: false }).slice(0, 1)
    };
    return {
      raw,
      remarks: [],
      report: null,
      missing: [`${path} can't be read yet: ${model.problem}`],
      notes: [],
      explained: []
    };
  }
  const { guess: guess2, samples, missing, tried, remark } = await chosenGuess(model, place);
  const own = guess2 === null ? { path } : asWritten(path, guess2, { found, samples });
  const calibrated = own.data?.calibration !== void 0 || own.data?.split !== void 0;
  const methods = methodsFor({ convolutional: model.convolutional, calibrated });
  const measured = measuring === null ? { variants: methods.slice(0, 1), report: null, told: [] } : await measureOnce(own, methods, { root: place.root, ...measuring });
  const nothing = measuring !== null && measured.report === null;
  return {
    raw: { name, ...own, variants: measured.variants },
    remarks: remark === null ? [] : [remark],
    report: measured.report,
    missing: [
      ...missing === null ? [] : [`For ${path}: ${missing}. Then run 'quantgate init --force'.`],
      ...nothing ? [`No method makes a file of ${path} that is worth a gate: ${measured.told.at(-1) ?? ""}`] : []
    ],
    notes: nothing ? [] : measured.told,
    explained: [
      ...(guess2?.why ?? []).map((why) => `${path}: ${why}`),
      ...tried.map((one) => `${path}, tried: ${one}`),
      `${path}: ${measured.variants.join(", ")}${model.convolutional ? ", for a model with convolutions" : ", for a model of matrices"}${calibrated ? "" : " without samples to calibrate with"}`
    ]
  };
}
async function chosenGuess(model, { found, measuring, ask: ask2, root }) {
  let { guesses, missing } = guessesFor(model, found);
  if (missing !== null && ask2) {
    const folder = await ask2(
      `${model.path} has no data to be judged by (${missing}). Where do they lie? (a path, or nothing)`
    );
    if (folder.trim() !== "") ({ guesses, missing } = guessesFor(model, await foundAt(found, folder.trim())));
  }
  if (measuring === null) {
    const [guess2 = null] = guesses;
    return { guess: guess2, samples: guess2?.set.samples ?? 0, missing, tried: [], remark: null };
  }
  const { best, told } = await tryGuesses(model, guesses, { root, context: measuring.context });
  if (best === null) {
    const why = guesses.length === 0 ? missing : `data that it makes sense of; ${told.at(-1)}`;
    return { guess: null, samples: 0, missing: why, tried: told, remark: null };
  }
  const remark = best.skill === null ? null : `Tried before it was written: ${outcome(best)}.`;
  const lacking = best.guess.task === "none" ? missing ?? `labelled data that it makes sense of; ${told[0]}` : missing;
  return { guess: best.guess, samples: best.samples, missing: lacking, tried: told, remark };
}
async function foundAt(found, folder) {
  const path = folder.replace(/^\.\//, "").replace(/\/$/, "");
  return {
    ...found,
    dataSets: found.dataSets.filter((set) => set.path === path || set.path.startsWith(`${path}/`))
  };
}
async function wholeText(models, { root, reports }) {
  const template = {
    raw: { path: "models/model.onnx", variants: ["int8-weights"] },
    remarks: []
  };
  const written = models.length === 0 ? [template] : models;
  if (reports.length === 0) return { content: configText(written, null), dropped: [] };
  const proposed = loosest(
    models.flatMap(
      ({ report, raw }) => report === null ? [] : proposals(report, raw.task ?? "none")
    )
  );
  const failing = await failingMetrics(configText(written, proposed), { root, reports, models });
  const held = proposed.filter(({ metric }) => !failing.has(metric));
  return {
    content: configText(written, held),
    dropped: [...failing].map(
      (metric) => `No bound on ${metric}: what was measured just now does not hold it surely.`
    )
  };
}
async function failingMetrics(text, { root, reports, models }) {
  const config = await parseConfig(text, { file: null, directory: root });
  const names = new Map(models.map(({ report, raw }) => [report, raw.name]));
  const found = reports.map((report) => ({
    report: { ...report.models[0], name: names.get(report) },
    measurements: report.measurements.map((one) => ({ ...one, model: names.get(report) }))
  }));
  const { results } = judgeModels(
    { config, baseProblem: null },
    found,
    (/* @__PURE__ */ new Date()).toISOString().slice(0, 10)
  );
  const proposedOnly = (check) => !check.startsWith("established.");
  return new Set(
    results.filter(({ verdict, metric, level }) => verdict === "fail" && level === "error" && proposedOnly(metric)).map(({ metric }) => metric)
  );
}

// src/cli/init.ts
async function initCommand(context, options) {
  const cwd = process.cwd();
  const exists = existsSync2(resolve(cwd, "quantgate.yml")) && !options.force;
  const { files, missing, notes, explained } = await initConfig({
    root: cwd,
    // What is kept needs no measurement.
    measuring: options.measure && !exists ? { context: await context.toRun(), budgetMs: parseDuration(options.budget) } : null,
    ...process.stdin.isTTY && process.stdout.isTTY && !context.options.json ? { ask } : {}
  });
  const written = [];
  const kept = [];
  for (const { path, content, existing } of files) {
    const target = resolve(cwd, path);
    const shown = relative(cwd, target);
    if (existsSync2(target) && existing === "kept" && !options.force) {
      kept.push(shown);
      continue;
    }
    writeTextFile(target, content);
    written.push(shown);
  }
  context.print(
    { missing, written, kept, notes, explained },
    () => [
      ...exists ? [] : missing.map((one) => `missing: ${one}`),
      ...written.map((path) => `wrote ${path}`),
      ...kept.map((path) => `kept ${path} (it exists; --force replaces it)`),
      ...options.explain ? explained : [],
      ...notes
    ].join("\n")
  );
  return EXIT.pass;
}
async function ask(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(`${question} `);
  } finally {
    terminal.close();
  }
}
export {
  initCommand
};
