/** TensorRT engines of model files, built by trtexec once per file and shape, and kept until the provider's figures are taken. */

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MachineError, UserError } from '../../errors.js';
import type { Log } from '../../log.js';
import { readModel } from '../../onnx/file/read.js';
import { encodeModel } from '../../onnx/file/write.js';
import { modelInputs } from '../../onnx/query/interface.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import type { WorkerContext } from '../../runtime/context.js';
import { wrapEngine } from '../../runtime/ep-context.js';
import { buildEngine, findTrtexec, openTrtexec, type Trtexec, trtexecRunner } from '../../runtime/trtexec.js';
import { scratchFolder } from '../../system/files/scratch.js';
import { type TimingInputs, timingFeeds } from '../subject/inputs.js';

export interface Engine {
  /** Path; it exists unless `failure` says why not. */
  engine: string;
  /** Shapes to give trtexec: empty for a model that leaves none to choose. */
  shapes: Readonly<Record<string, readonly number[]>>;
  /** Why there is no engine: UserError when TensorRT refuses the model, MachineError for a crash or want of memory; null: there is one. */
  failure: UserError | MachineError | null;
}

export interface EngineRequest {
  file: string;
  inputs: TimingInputs;
  deviceId?: number | undefined;
}

/** trtexec with a folder of engines. */
export class TensorRtEngines {
  private readonly built = new Map<string, Promise<Engine>>();

  constructor(
    readonly trtexec: Trtexec,
    readonly folder: string,
    private readonly log: Log,
  ) {}

  /** The engine of a file, built when it is asked for first. Throws Interrupted. */
  engineOf(request: EngineRequest): Promise<Engine> {
    const document = readModel(request.file);
    const inputs = modelInputs(document);
    // trtexec refuses shapes for a model that has none to choose.
    const dynamic = inputs.some(({ shape }) => shape?.some((dim) => typeof dim === 'string'));
    const feeds = timingFeeds(inputs, request.inputs);
    const shapes = dynamic
      ? Object.fromEntries(Object.entries(feeds).map(([input, { dims }]) => [input, dims]))
      : {};
    const key = JSON.stringify([request.file, shapes]);
    let engine = this.built.get(key);
    if (!engine) {
      const path = join(this.folder, `${this.built.size}.engine`);
      engine = this.build({ ...request, engine: path, shapes });
      this.built.set(key, engine);
    }
    return engine;
  }

  private async build(request: EngineRequest & Pick<Engine, 'engine' | 'shapes'>): Promise<Engine> {
    const { file, engine, shapes, deviceId } = request;
    this.log.info(`building the TensorRT engine of ${file}`);
    const { graph } = readModel(file);
    try {
      await buildEngine(this.trtexec, {
        model: file,
        engine,
        shapes,
        precision: {
          int8: graph.nodes.some(({ opType }) => opType === 'DequantizeLinear'),
          float16: [...graph.initializers.values()].some(({ dataType }) => dataType === DataType.FLOAT16),
        },
        deviceId,
      });
      return { engine, shapes, failure: null };
    } catch (error) {
      if (!(error instanceof UserError || error instanceof MachineError)) throw error;
      return { engine, shapes, failure: error };
    }
  }

  /** An ONNX file that runs the engine of `request.file` through the TensorRT provider. Throws what its building threw. */
  async wrapperOf(request: EngineRequest): Promise<string> {
    const { engine, failure } = await this.engineOf(request);
    if (failure !== null) throw failure;
    const path = engine.replace(/engine$/, 'onnx');
    await writeFile(path, encodeModel(wrapEngine(engine, readModel(request.file))));
    return path;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** null where there is no trtexec. Throws MachineError for one that doesn't work. */
export async function openTensorRtEngines({
  environment = process.env,
  context,
}: {
  environment?: NodeJS.ProcessEnv;
  context: Pick<WorkerContext, 'log' | 'signal'>;
}): Promise<TensorRtEngines | null> {
  const command = findTrtexec(environment);
  if (command === null) return null;
  const trtexec = await openTrtexec(trtexecRunner(command, { signal: context.signal }));
  return new TensorRtEngines(trtexec, scratchFolder('trt'), context.log);
}
