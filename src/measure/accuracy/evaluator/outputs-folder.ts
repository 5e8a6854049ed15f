/** A model's outputs on the evaluation data as .npy files, for evaluators that are programs. */
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { npyHeader } from '../../../data/formats/arrays/npy-header.js';
import { throwIfInterrupted, UserError } from '../../../errors.js';
import { scratchFolder } from '../../../system/files/scratch.js';
import { isNumericType } from '../../../tensor/elements.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { EvaluationTask } from './module.js';

/** Runs all samples, writes the files, calls `use` with their folder, and removes it. Throws UserError without data. */
export async function withOutputsFolder<Result>(
  task: EvaluationTask,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const { dataset } = task;
  if (dataset === null) {
    throw new UserError(
      'evaluator.outputs',
      'The evaluator asks for {outputs}, but there is no evaluation data: give `data.evaluation`.',
    );
  }
  const folder = scratchFolder('outputs');
  const files = new Map<string, NpyWriter>();
  try {
    const append = async (name: string, tensor: Tensor, sample: string) => {
      let file = files.get(name);
      if (!file) {
        file = await NpyWriter.create(join(folder, name), tensor, dataset.length);
        files.set(name, file);
      }
      await file.append(tensor, sample);
    };
    const outputs = task.runner.outputs.filter(({ type }) => type !== null && isNumericType(type));
    const fileOf = outputFiles(outputs.map(({ name }) => name));
    for await (const { id, feeds, label } of dataset.samples()) {
      throwIfInterrupted(task.signal);
      const results = await task.runner.run(
        feeds,
        outputs.map(({ name }) => name),
      );
      for (const { name } of outputs) await append(fileOf.get(name)!, withoutBatch(results[name]!), id);
      if (label !== null) await append(LABELS, typeof label === 'number' ? classLabel(label) : label, id);
    }
    await closeAll(files);
    return await use(folder);
  } finally {
    await closeAll(files);
    await rm(folder, { recursive: true, force: true });
  }
}

async function closeAll(files: Map<string, NpyWriter>): Promise<void> {
  for (const file of files.values()) await file.close();
  files.clear();
}

const LABELS = 'labels.npy';

/** The file of each output; its name may hold slashes. Throws UserError when two would share one. */
function outputFiles(outputs: readonly string[]): Map<string, string> {
  // On macOS and Windows case makes no difference.
  const taken = new Map([[LABELS, "the data's labels"]]);
  return new Map(
    outputs.map((output) => {
      const file = `${output.replace(/[^\w.-]/g, '_')}.npy`;
      const other = taken.get(file.toLowerCase());
      if (other !== undefined) {
        throw new UserError(
          'evaluator.outputs',
          `{outputs} can't hold the output '${output}' and ${other}: both would be ${file}. Use a \`module\` evaluator, or let the command run {model} itself.`,
        );
      }
      taken.set(file.toLowerCase(), `the output '${output}'`);
      return [output, file];
    }),
  );
}

function withoutBatch(tensor: Tensor): Tensor {
  return tensor.dims[0] === 1 ? { ...tensor, dims: tensor.dims.slice(1) } : tensor;
}

function classLabel(label: number): Tensor {
  return { type: 'int64', dims: [], data: BigInt64Array.of(BigInt(label)) };
}

/** Samples of one shape, appended one by one. */
class NpyWriter {
  private constructor(
    private readonly handle: FileHandle,
    private readonly dims: readonly number[],
  ) {}

  static async create(path: string, first: Tensor, samples: number): Promise<NpyWriter> {
    if (!isNumericType(first.type))
      throw new UserError('evaluator.outputs', `${path}: ${first.type} can't be written as .npy.`);
    const handle = await open(path, 'wx');
    await handle.write(npyHeader(first.type, [samples, ...first.dims]));
    return new NpyWriter(handle, first.dims);
  }

  async append({ dims, data }: Tensor, sample: string): Promise<void> {
    if (dims.join() !== this.dims.join()) {
      throw new UserError(
        'evaluator.outputs',
        `Sample ${sample} gives [${dims.join(', ')}], others [${this.dims.join(', ')}]: outputs of changing shape can't be written to ` +
          'one array for {outputs}. Use a `module` evaluator, or let the command run {model} itself.',
      );
    }
    const values = data as Exclude<Tensor['data'], string[]>;
    await this.handle.write(
      new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength),
    );
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
