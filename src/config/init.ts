/** `quantgate init`: a quantgate.yml and a workflow to start from, for the models that lie in a folder. */
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { messageOf } from '../errors.js';
import { readModel } from '../onnx/read.js';
import { modelName } from './defaults.js';

export interface InitResult {
  /** Paths relative to the folder. Whether one exists already is the caller's question. */
  files: { path: string; content: string }[];
  /** What the user should do next, a sentence each. */
  notes: string[];
}

/** More models than these make a first config nobody reads. */
const MOST_MODELS = 20;

/** Leaves room for a number within what the schema allows a name. */
const MOST_CHARACTERS = 90;

/** Operators whose int8 kernels need activation ranges, hence calibration data; the rest can be quantized dynamically. */
const NEEDS_CALIBRATION = new Set(['Conv', 'ConvTranspose']);

/**
 * Looks for .onnx files under `cwd` (hidden folders, node_modules and quantgate's own output aside) and returns a
 * config that loads as it is, with a workflow that runs it. Writes nothing.
 */
export async function initConfig(cwd: string): Promise<InitResult> {
  const found = await glob('**/*.onnx', {
    cwd,
    dot: false,
    followSymbolicLinks: false,
    expandDirectories: false,
    ignore: ['**/node_modules/**', '**/quantgate-out/**'],
  });
  const paths = found.map((path) => path.replaceAll('\\', '/')).sort();
  const models = paths.slice(0, MOST_MODELS).map((path) => look(cwd, path));
  return {
    files: [
      { path: 'quantgate.yml', content: configText(models) },
      { path: '.github/workflows/quantgate.yml', content: WORKFLOW },
    ],
    notes: notesOn(models, paths.length),
  };
}

interface Found {
  path: string;
  name: string;
  /** Needs calibration data for int8. */
  convolutional: boolean;
  /** Why the file can't be read as a model. */
  problem: string | null;
}

function look(cwd: string, path: string): Found {
  const name = modelName(path);
  try {
    const { nodes } = readModel(join(cwd, path)).graph;
    const convolutional = [...nodes].some((node) => NEEDS_CALIBRATION.has(node.opType));
    return { path, name, convolutional, problem: null };
  } catch (error) {
    return { path, name, convolutional: true, problem: messageOf(error) };
  }
}

function notesOn(models: readonly Found[], total: number): string[] {
  const notes: string[] = [];
  if (total === 0) {
    notes.push('No .onnx file was found here: put the path of your model in quantgate.yml.');
  }
  if (total > MOST_MODELS) {
    notes.push(`${total} models were found; quantgate.yml lists the first ${MOST_MODELS}.`);
  }
  for (const { path, problem } of models) {
    if (problem) notes.push(`${path} can't be read yet: ${problem}`);
  }
  const calibrated = models.filter(({ convolutional, problem }) => convolutional && !problem);
  if (calibrated.length > 0) {
    const names = calibrated.map(({ name }) => name).join(', ');
    notes.push(
      `int8 needs calibration samples for ${names}: fill in 'data' in quantgate.yml before the first run.`,
    );
  }
  notes.push("Then: 'quantgate run'. Add 'data.evaluation' and 'task' to gate on accuracy.");
  return notes;
}

/** Quoted where YAML would read it as something else than this text. */
function scalar(text: string): string {
  const plain = /^[A-Za-z_][\w./-]*$/.test(text) && !/^(true|false|null)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}

/** File names without extension, made valid and told apart by their folders where they are the same. */
function distinctNames(models: readonly Found[]): string[] {
  const valid = (text: string) =>
    text
      .replace(/[\p{Cc}/\\*?<>:|"]/gu, '-')
      .replace(/^\./, '-')
      .slice(-MOST_CHARACTERS);
  const short = models.map(({ name }) => valid(name));
  const names = short.map((name, i) =>
    short.filter((other) => other === name).length === 1
      ? name
      : valid(models[i]!.path.replace(/\.onnx$/, '')),
  );
  return names.map((name, i) => (names.indexOf(name) === i ? name : `${name}-${i + 1}`));
}

function modelText(model: Pick<Found, 'path' | 'convolutional'>, name: string | null): string {
  const variants = model.convolutional
    ? '    variants: [int8]             # also int8-dynamic, float16, int8-weights, int4-weights, auto'
    : '    variants: [int8-dynamic]     # also int8-static (needs calibration), float16, int8-weights, int4-weights, auto';
  return [
    ...(name === null ? [] : [`  - name: ${scalar(name)}`]),
    `${name === null ? '  - ' : '    '}path: ${scalar(model.path)}`,
    '    # task: classification       # regression | embedding | segmentation | language-model | custom',
    '    # data:                      # image-folder, npz, npy, onnx-tests, jsonl, idx or csv',
    `    #   calibration: { path: data/train, limit: 200 }${model.convolutional ? '   # int8 needs it' : ''}`,
    '    #   evaluation: { path: data/val }',
    '    #   input: { resize: 256, crop: 224, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }',
    variants,
  ].join('\n');
}

function configText(models: readonly Found[]): string {
  const names = distinctNames(models);
  const list =
    models.length === 0
      ? modelText({ path: 'model.onnx', convolutional: true }, null)
      : models.map((model, i) => modelText(model, names[i]!)).join('\n');
  return `# What quantgate quantizes, measures and demands: every key is explained in docs/configuration.md
version: 1

models:
${list}

benchmark:
  providers: [cpu]               # cpu | cuda | tensorrt | webgpu | wasm
  budget: 120s                   # measuring time per model and provider

thresholds:                      # max, min, max-ratio, min-ratio, max-drop, max-regression
  size.file: { max-ratio: 0.40 }                           # at most 40 % of the original
  latency.p50: { max-ratio: 1.0, max-regression: 5% }      # not slower than the original, nor than the base branch
  fidelity.cosine: { level: warn, min: 0.98 }              # outputs point the same way; needs no labels
  # accuracy.top1: { max-drop: 1pp, original: { min: 70% } } # needs task and data.evaluation
  # memory.peak: { level: warn, max-regression: { ratio: 10%, slack: 16 MiB } }
`;
}

const WORKFLOW = `# Quantizes the models of quantgate.yml, measures them here, and reports on the pull request.
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
