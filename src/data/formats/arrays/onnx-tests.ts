/** ONNX test sets: folders `test_data_set_N` with `input_i.pb` and `output_i.pb`, as the ONNX model zoo ships them. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { TensorProtoSchema } from 'onnx-buf';
import type { DataConfig } from '../../../config/data-config.js';
import { messageOf, UserError } from '../../../errors.js';
import { elementTypeName } from '../../../onnx/tensor/element-type.js';
import { dimsOf, tensorValues } from '../../../onnx/tensor/tensor.js';
import { FETCH_LFS, isLfsPointer } from '../../../system/files/lfs-pointer.js';
import { listedFile } from '../../../system/files/listed-file.js';
import type { ElementType, Tensor } from '../../../tensor/tensor.js';
import { type Binding, quoted } from '../../samples/binding.js';
import { sha256 } from '../../samples/byte-range.js';
import type { Label, RawValue, Source } from '../../samples/source.js';
import { UndecodableSample } from '../../samples/source.js';
import { DEFAULT_LABELS } from './array-source.js';

interface TestSet {
  /** Relative to the data's path. */
  id: string;
  folder: string;
  /** File names in the order of their numbers. */
  inputs: string[];
  outputs: string[];
}

/**
 * Inputs go to the model's inputs by the tensors' names, or by number when the names aren't the model's. The target is
 * `output_0`, or the output whose name or file `labels` says.
 */
export async function onnxTestsSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { path } = data;
  const sets = await listSets(path);
  const labelled = sets.length > 0 && sets.every(({ outputs }) => outputs.length > 0);
  const readInputs = async ({ folder, inputs, id }: TestSet) =>
    Promise.all(inputs.map((name) => readTensor(join(folder, name), `${id}/${name}`)));
  return {
    description: `onnx-tests ${path}`,
    length: sets.length,
    labelled,
    classes: null,
    id: (index) => sets[index]!.id,
    hash: async (index) => sha256(...(await readInputs(sets[index]!)).map(({ bytes }) => bytes)),
    async read(index) {
      const set = sets[index]!;
      const files = await readInputs(set);
      return {
        values: assign(files, bindings, join(path, set.id)),
        label: labelled ? await readTarget(set, data.labels) : null,
      };
    },
  };
}

async function listSets(path: string): Promise<TestSet[]> {
  const names = await readdir(path);
  const folders = names.filter((name) => /^test_data_set_\d+$/.test(name)).sort(byNumber);
  if (folders.length > 0) return Promise.all(folders.map((name) => listSet(join(path, name), name)));
  return names.some((name) => /^input_\d+\.pb$/.test(name)) ? [await listSet(path, basename(path))] : [];
}

async function listSet(folder: string, id: string): Promise<TestSet> {
  const names = await readdir(folder);
  const numbered = (kind: string) =>
    names.filter((name) => new RegExp(`^${kind}_\\d+\\.pb$`).test(name)).sort(byNumber);
  return { id, folder, inputs: numbered('input'), outputs: numbered('output') };
}

function byNumber(one: string, other: string): number {
  return Number(/\d+/.exec(one)![0]) - Number(/\d+/.exec(other)![0]);
}

interface TensorFile {
  name: string;
  tensor: Tensor;
  bytes: Uint8Array;
}

async function readTensor(listed: string, id: string): Promise<TensorFile> {
  const path = await listedFile(dirname(listed), basename(listed));
  try {
    const bytes = await readFile(path);
    if (isLfsPointer(bytes)) throw new Error(`a Git LFS pointer; fetch it with ${FETCH_LFS}`);
    const proto = fromBinary(TensorProtoSchema, bytes);
    const type = elementTypeName(proto.dataType) as ElementType;
    const tensor: Tensor = { type, dims: dimsOf(proto), data: tensorValues(proto, dirname(path)) };
    return { name: proto.name, tensor, bytes };
  } catch (error) {
    throw new UndecodableSample(id, `not a tensor in protobuf form: ${messageOf(error)}`);
  }
}

function assign(
  files: readonly TensorFile[],
  bindings: readonly Binding[],
  set: string,
): Record<string, RawValue> {
  const byName = new Map(files.map((file) => [file.name, file]));
  const named = bindings.every(({ from }) => byName.has(from));
  if (!named && files.length !== bindings.length) {
    throw new UserError(
      'data.binding',
      `${set} holds ${files.length} inputs (${quoted(files.map(({ name }) => name))}), but the model takes ${bindings.length}: ` +
        `${quoted(bindings.map(({ input }) => input))}.`,
    );
  }
  return Object.fromEntries(
    bindings.map(({ input, from }, index) => {
      const { tensor } = named ? byName.get(from)! : files[index]!;
      return [input, { kind: 'feed', tensor } satisfies RawValue];
    }),
  );
}

/** Without its batch dimension of 1. */
async function readTarget(set: TestSet, labels: string | null): Promise<Label> {
  const files = await Promise.all(
    set.outputs.map(async (name) => ({
      file: name,
      ...(await readTensor(join(set.folder, name), `${set.id}/${name}`)),
    })),
  );
  const asked = labels === null || labels === DEFAULT_LABELS ? null : labels;
  const chosen =
    asked === null
      ? files[0]
      : files.find(({ file, name }) => name === asked || file === asked || file === `${asked}.pb`);
  if (!chosen) {
    throw new UserError(
      'data.no-column',
      `${set.folder} has no output '${asked}'; it holds ${quoted(files.map(({ file, name }) => name || file))}.`,
    );
  }
  const { tensor } = chosen;
  return tensor.dims[0] === 1 ? { ...tensor, dims: tensor.dims.slice(1) } : tensor;
}
