/** Accuracy is judged on the engines that ship: model files replaced by wrappers that run their TensorRT engines. */
import { Interrupted, MachineError, messageOf, UserError } from '../../errors.js';
import { readModel } from '../../onnx/file/read.js';
import { modelInputs } from '../../onnx/query/interface.js';
import { startWorker } from '../../runtime/worker/worker.js';
import type { Note } from '../../terms/measurement.js';
import type { SubjectFile, WorkerRequest } from '../subject/subject.js';
import type { TensorRtEngines } from './tensorrt-engines.js';

export interface EngineSubjects {
  /** Of engines, or as they came. */
  subjects: readonly SubjectFile[];
  notes: Note[];
}

/**
 * The subjects with their files wrapped; as they came, with a note, when ONNX Runtime's TensorRT can't run trtexec's engines (other
 * versions) or when samples may differ in shape, for an engine is built for one. Throws Interrupted.
 */
export async function engineSubjects(
  request: WorkerRequest,
  engines: TensorRtEngines,
): Promise<EngineSubjects> {
  const { subjects, inputs, session } = request;
  const original = subjects[0]!;
  if (variesInShape(original.file)) {
    return asTheyCame(
      request,
      'the inputs vary in more than the batch, and an engine is built for one shape',
    );
  }
  const wrap = (file: string) => engines.wrapperOf({ file, inputs, deviceId: session.deviceId });
  const wrapped: SubjectFile[] = [];
  for (const { variant, file, base } of subjects) {
    try {
      wrapped.push({ variant, file: await wrap(file), base: base ? await wrap(base) : null });
    } catch (error) {
      // It was built for the timed batch; this one is refused.
      if (!(error instanceof UserError || error instanceof MachineError)) throw error;
      return asTheyCame(request, messageOf(error));
    }
  }
  try {
    const worker = await startWorker({
      model: wrapped[0]!.file,
      session,
      ...request.context,
    });
    await worker.close();
  } catch (error) {
    if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
    return asTheyCame(request, messageOf(error));
  }
  return { subjects: wrapped, notes: [] };
}

function asTheyCame({ subjects, model }: WorkerRequest, why: string): EngineSubjects {
  const note: Note = {
    level: 'warn',
    code: 'tensorrt.engine-not-judged',
    message: `Memory, placement, accuracy and fidelity on tensorrt are those of the files through ONNX Runtime, not of the engines that were timed: ${why}`,
    model,
    variant: null,
  };
  return { subjects, notes: [note] };
}

const variesInShape = (file: string) =>
  modelInputs(readModel(file)).some(({ shape }) =>
    shape?.some((dim, axis) => typeof dim === 'string' && axis > 0),
  );
