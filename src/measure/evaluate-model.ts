/** Accuracy and fidelity of a model and its variants: opens a worker for each, picks the samples, and runs the accuracy pass. */
import type { Check, ModelConfig } from '../config/config.js';
import type { Dataset, Sample } from '../data/samples/dataset.js';
import type { RunContext } from '../runtime/context.js';
import type { SessionOptions } from '../runtime/runtime.js';
import { FeedsFile } from '../runtime/worker/feeds-file.js';
import type { ValueMeta } from '../tensor/value-meta.js';
import type { NoteCode } from '../terms/codes/codes.js';
import type { Measurement, Note } from '../terms/measurement.js';
import { questionOriginal, skillTest } from './accuracy/chance/original.js';
import type { SkillTest } from './accuracy/chance/skill.js';
import { readKeys } from './accuracy/decode/keys.js';
import { evaluate, type OriginalRows } from './accuracy/evaluate.js';
import { evaluateCustom } from './accuracy/evaluator/custom.js';
import type { Runner } from './accuracy/runner.js';
import type { TaskOptions } from './accuracy/tasks/task-options.js';
import { oddRecognition } from './accuracy/tasks/text-recognition.js';
import { type FileRunner, FileRunners } from './file-runners.js';
import { heldFiles } from './subject/held-files.js';
import { timingFeeds } from './subject/inputs.js';
import type { SubjectFile } from './subject/subject.js';

export interface Evaluation {
  measurements: Measurement[];
  notes: Note[];
}

export interface EvaluateModelRequest {
  model: ModelConfig;
  /** The original first. */
  subjects: readonly SubjectFile[];
  session: SessionOptions;
  evaluation: Dataset | null;
  calibration: Dataset | null;
  /** Values of symbolic dimensions, for made-up inputs. */
  shapes: Readonly<Record<string, number>>;
  /** One-sided, per bound. */
  confidence: number;
  checks: readonly Check[];
  /** Samples to tell of each variant; default 0. */
  worstSamples?: number;
  /** Whether to ask if the original makes sense of its data; default true. */
  questionOriginal?: boolean;
  /** Whether a custom evaluator may run. */
  allowCommands: boolean;
  /** Folder that evaluators run in. */
  directory: string;
  context: RunContext;
}

/**
 * Scores the evaluation data with every model. Without it fidelity alone is measured: on the calibration samples, else on made-up
 * inputs, and a note says so. Throws UserError or MachineError for the original; a variant that fails is `invalid`.
 */
export async function evaluateModel(request: EvaluateModelRequest): Promise<Evaluation> {
  const { model, evaluation, calibration, subjects, context } = request;
  // A custom evaluator gets the files themselves.
  const held = model.evaluator || !(evaluation ?? calibration) ? null : await heldFiles(subjects, context);
  if (!held) return await evaluateFiles(request);
  try {
    const givenLengths = (dataset: Dataset | null) => dataset && held.dataset(dataset);
    const samples = { evaluation: givenLengths(evaluation), calibration: givenLengths(calibration) };
    const found = await evaluateFiles({ ...request, ...samples, subjects: held.subjects });
    return { ...found, notes: [...found.notes, heldNote(model.name)] };
  } finally {
    await held.close();
  }
}

function heldNote(model: string): Note {
  return {
    level: 'info',
    code: 'fidelity.lengths-held',
    message:
      'The model chooses how long its outputs are: all are compared at the lengths that the original chooses, and the lengths that each chooses as one more output.',
    model,
    variant: null,
  };
}

async function evaluateFiles(request: EvaluateModelRequest): Promise<Evaluation> {
  const { model, context } = request;
  const feedsFile = FeedsFile.open();
  const files = new FileRunners({ ...request, feedsFile });
  try {
    for (const subject of request.subjects) await files.open(subject);
    const { runners } = files;
    const { dataset, task, note } = samplesOf(request, files.inputs);
    const options = await taskOptions(model);
    const test = request.questionOriginal === false ? null : skillTest(task, { ...dataset, ...options });
    const result = await evaluate({
      model: model.name,
      task,
      output: model.output,
      ...options,
      dataset,
      original: runners[0]!,
      variants: runners.slice(1),
      provider: request.session.provider ?? 'cpu',
      confidence: request.confidence,
      worstSamples: request.worstSamples ?? 0,
      ...(test !== null && test.from === null ? { witness: test.keep } : {}),
      feedsFile,
      log: context.log,
      signal: context.signal,
    });
    const questioned = await question({
      request,
      dataset,
      task,
      options,
      test,
      result,
      original: runners[0]!,
    });
    const custom = await scoreWithEvaluator(request, runners);
    const measurements = [...custom.measurements, ...questioned.measurements];
    return {
      measurements: measurements.map((entry) => withArithmetic(entry, files.inHalf)),
      notes: [
        ...(note ? [note] : []),
        ...oddNotes(request, { task, options, original: result.original }),
        ...files.notes,
        ...questioned.notes,
        ...custom.notes,
      ],
    };
  } finally {
    await files.close();
    feedsFile.close();
  }
}

/** Says of figures that they were taken in half arithmetic, which this provider would not do by itself. */
function withArithmetic(entry: Measurement, inHalf: ReadonlySet<string>): Measurement {
  if (entry.status !== 'ok' || !inHalf.has(entry.variant)) return entry;
  return { ...entry, details: { ...entry.details, arithmetic: 'float16' } };
}

async function taskOptions({ labelOffset, outputs, decoder, keys }: ModelConfig): Promise<TaskOptions> {
  return { labelOffset, roles: outputs, decoder, keys: keys === null ? null : await readKeys(keys) };
}

/** What came to light while samples were read and run: sizes of images, a recognizer's key file that may not be the model's. */
function oddNotes(
  { model, evaluation }: EvaluateModelRequest,
  {
    task,
    options,
    original: { classes, kept },
  }: { task: ModelConfig['task']; options: TaskOptions; original: OriginalRows },
): Note[] {
  const rows = task === 'text-recognition' ? kept.get('accuracy.cer') : undefined;
  const recognized = rows && classes !== null ? oddRecognition(rows, { ...options, classes }) : [];
  const late = (evaluation?.lateWarnings?.() ?? []).map((message) => ({ level: 'warn', message }) as const);
  return [...late, ...recognized].map(({ level, message }) => ({
    level,
    code: 'data.odd',
    message,
    model: model.name,
    variant: null,
  }));
}

interface Question {
  request: EvaluateModelRequest;
  dataset: Dataset;
  task: ModelConfig['task'];
  options: TaskOptions;
  test: SkillTest | null;
  result: Awaited<ReturnType<typeof evaluate>>;
  original: Runner;
}

/** Whether the original makes sense of its data, and what would explain it if not. */
async function question(asked: Question): Promise<Evaluation> {
  const { request, dataset, task, options, test, result, original } = asked;
  const { model, checks } = request;
  const { log, signal } = request.context;
  const rows = test?.from ? result.original.kept.get(test.from) : result.original.witnessed;
  if (test === null || rows === undefined || rows.length === 0)
    return { measurements: result.measurements, notes: [] };
  const questioned = await questionOriginal({
    task,
    labelOffset: model.labelOffset,
    dataset,
    original,
    scored: result.original.scored,
    outputs: result.original.outputs,
    // Of its own: what a test has seen so far stays with it.
    test: skillTest(task, { ...dataset, ...options })!,
    rows,
    measurements: result.measurements,
    checks,
    log,
    signal,
  });
  for (const { message } of questioned.notes) log.warn(message);
  return questioned;
}

/** Task custom: the user's evaluator, if it may run. */
async function scoreWithEvaluator(
  request: EvaluateModelRequest,
  runners: readonly FileRunner[],
): Promise<Evaluation> {
  const { model, evaluation, session } = request;
  if (!model.evaluator) return { measurements: [], notes: [] };
  if (!request.allowCommands) {
    const message = `The evaluator of ${model.name} did not run: commands of this pull request are not allowed (allow-commands).`;
    const note: Note = {
      level: 'warn',
      code: 'accuracy.evaluator',
      message,
      model: model.name,
      variant: null,
    };
    return { measurements: [], notes: [note] };
  }
  const measurements = await evaluateCustom({
    ...request,
    ...request.context,
    model: model.name,
    evaluator: model.evaluator,
    dataset: evaluation,
    provider: session.provider ?? 'cpu',
    runners,
  });
  return { measurements, notes: [] };
}

function samplesOf(
  { model, evaluation, calibration, shapes }: EvaluateModelRequest,
  inputs: readonly ValueMeta[],
): { dataset: Dataset; task: ModelConfig['task']; note: Note | null } {
  if (evaluation) return { dataset: evaluation, task: model.task, note: null };
  const note = (code: NoteCode, message: string): Note => ({
    level: 'info',
    code,
    message,
    model: model.name,
    variant: null,
  });
  if (calibration) {
    return {
      dataset: calibration,
      task: 'none',
      note: note(
        'fidelity.calibration',
        'Fidelity is measured on the calibration samples: there is no evaluation data.',
      ),
    };
  }
  return {
    dataset: madeUpSample(inputs, shapes),
    task: 'none',
    note: note(
      'fidelity.made-up',
      'Fidelity is measured on one made-up input: give evaluation data for evidence that counts.',
    ),
  };
}

/** One seeded sample in the shape of the inputs. */
function madeUpSample(inputs: readonly ValueMeta[], shapes: Readonly<Record<string, number>>): Dataset {
  const sample: Sample = {
    id: 'made-up',
    feeds: timingFeeds(inputs, { batch: 1, shapes, sample: null }),
    label: null,
  };
  return {
    description: 'made-up input',
    length: 1,
    labelled: false,
    classes: null,
    async *samples() {
      yield sample;
    },
  };
}
