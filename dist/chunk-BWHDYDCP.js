import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  UndecodableSample
} from "./chunk-VPQXPBZ4.js";
import {
  DEFAULT_LABELS
} from "./chunk-PMV6PW5I.js";
import {
  sha256
} from "./chunk-WWTOTCN4.js";
import "./chunk-CQM643LP.js";
import {
  FETCH_LFS,
  isLfsPointer
} from "./chunk-57WIVW7N.js";
import {
  quoted
} from "./chunk-P3SRHLMA.js";
import {
  TensorProtoSchema,
  dimsOf,
  elementTypeName,
  fromBinary,
  tensorValues
} from "./chunk-OEIIXWBO.js";
import "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/data/formats/onnx-tests.ts
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
async function onnxTestsSource(data, bindings) {
  const { path } = data;
  const sets = await listSets(path);
  const labelled = sets.length > 0 && sets.every(({ outputs }) => outputs.length > 0);
  const readInputs = async ({ folder, inputs, id }) => Promise.all(inputs.map((name) => readTensor(join(folder, name), `${id}/${name}`)));
  return {
    description: `onnx-tests ${path}`,
    length: sets.length,
    labelled,
    classes: null,
    id: (index) => sets[index].id,
    hash: async (index) => sha256(...(await readInputs(sets[index])).map(({ bytes }) => bytes)),
    async read(index) {
      const set = sets[index];
      const files = await readInputs(set);
      return {
        values: assign(files, bindings, join(path, set.id)),
        label: labelled ? await readTarget(set, data.labels) : null
      };
    }
  };
}
async function listSets(path) {
  const names = await readdir(path);
  const folders = names.filter((name) => /^test_data_set_\d+$/.test(name)).sort(byNumber);
  if (folders.length > 0) return Promise.all(folders.map((name) => listSet(join(path, name), name)));
  return names.some((name) => /^input_\d+\.pb$/.test(name)) ? [await listSet(path, basename(path))] : [];
}
async function listSet(folder, id) {
  const names = await readdir(folder);
  const numbered = (kind) => names.filter((name) => new RegExp(`^${kind}_\\d+\\.pb$`).test(name)).sort(byNumber);
  return { id, folder, inputs: numbered("input"), outputs: numbered("output") };
}
function byNumber(one, other) {
  return Number(/\d+/.exec(one)[0]) - Number(/\d+/.exec(other)[0]);
}
async function readTensor(path, id) {
  try {
    const bytes = await readFile(path);
    if (isLfsPointer(bytes)) throw new Error(`a Git LFS pointer; fetch it with ${FETCH_LFS}`);
    const proto = fromBinary(TensorProtoSchema, bytes);
    const type = elementTypeName(proto.dataType);
    const tensor = { type, dims: dimsOf(proto), data: tensorValues(proto, dirname(path)) };
    return { name: proto.name, tensor, bytes };
  } catch (error) {
    throw new UndecodableSample(id, `not a tensor in protobuf form: ${messageOf(error)}`);
  }
}
function assign(files, bindings, set) {
  const byName = new Map(files.map((file) => [file.name, file]));
  const named = bindings.every(({ from }) => byName.has(from));
  if (!named && files.length !== bindings.length) {
    throw new UserError(
      `${set} holds ${files.length} inputs (${quoted(files.map(({ name }) => name))}), but the model takes ${bindings.length}: ${quoted(bindings.map(({ input }) => input))}.`
    );
  }
  return Object.fromEntries(
    bindings.map(({ input, from }, index) => {
      const { tensor } = named ? byName.get(from) : files[index];
      return [input, { kind: "feed", tensor }];
    })
  );
}
async function readTarget(set, labels) {
  const files = await Promise.all(
    set.outputs.map(async (name) => ({
      file: name,
      ...await readTensor(join(set.folder, name), `${set.id}/${name}`)
    }))
  );
  const asked = labels === null || labels === DEFAULT_LABELS ? null : labels;
  const chosen = asked === null ? files[0] : files.find(({ file, name }) => name === asked || file === asked || file === `${asked}.pb`);
  if (!chosen) {
    throw new UserError(
      `${set.folder} has no output '${asked}'; it holds ${quoted(files.map(({ file, name }) => name || file))}.`
    );
  }
  const { tensor } = chosen;
  return tensor.dims[0] === 1 ? { ...tensor, dims: tensor.dims.slice(1) } : tensor;
}
export {
  onnxTestsSource
};
