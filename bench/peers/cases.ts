/** What is compared: each model with the data that calibrates and judges it, the same for everyone. */
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeModel } from '../../src/onnx/file/write.js';
import type { Model } from '../../src/onnx/model.js';
import { loadRuntime } from '../../src/runtime/load.js';
import type { Variable } from '../decoders/ctranslate2.js';
import type { DecoderSamplesRequest } from '../decoders/greedy.js';
import { translationDecoder } from '../decoders/translation.js';
import { translationSamples, translator } from '../decoders/translation-samples.js';
import { whisperDecoder } from '../decoders/whisper.js';
import { whisperBase, whisperSamples } from '../decoders/whisper-samples.js';
import { defaultCache } from '../models/fetch.js';
import { type Architecture, buildRandomNetwork } from './random-networks.js';
import { PEERS, ROOT } from './repository.js';
import { seededImage } from './seeded-images.js';
import { sentencesIn } from './sentences.js';
import { imagesIn, paddedLine, type SampleTensors, stretchedImage, writeTestSet } from './test-sets.js';

/** Folders and files that the caller has. */
export interface Sources {
  /** efficientnet-lite0.onnx, efficientnet-lite1.onnx, minilm.onnx, ultraface.onnx, ppocr-rec.onnx. */
  models?: string | undefined;
  /** Photographs in folders named by class index. */
  images?: string | undefined;
  /** npz with minilm's inputs. */
  sentences?: string | undefined;
  /** Text lines with labels.tsv and keys.txt. */
  lines?: string | undefined;
}

/** What a case's files are, in quantgate's words. Not every tool has every one. */
export type Method = 'int8-static' | 'int8-dynamic' | 'int4-weights';

export interface PreparedCase {
  name: string;
  /** A copy: some tools write shape information back into the file that they are given. */
  model: string;
  method: Method;
  /** What python/samples.py reads for calibration; null: quantized without samples. */
  samples: Record<string, unknown> | null;
  /** quantgate.yml (as JSON) with the same model, data and preprocessing. */
  config: string;
  /** Values of symbolic dimensions, for timing. */
  shapes: string[];
  /** Accuracy metric that the table shows; null: only nearness to the float model is known. */
  accuracy: string | null;
  /** Whether another part of the samples can calibrate. */
  dealtOut: boolean;
}

/** Of five parts of the samples one calibrates and the others judge. */
export const PARTS = 5;

const IMAGENET = { mean: Array(3).fill(127 / 255), std: Array(3).fill(128 / 255) } as const;

interface Preparation {
  folder: string;
  sources: Sources;
  /** Which of the parts calibrates. */
  part: number;
}

/** The case's parts before they are put together. */
interface CaseParts {
  model: string;
  method: Method;
  /** What else quantgate is told of the variant. */
  variant?: Record<string, unknown>;
  task: string;
  calibration: Record<string, unknown> | null;
  /** quantgate's data section. */
  data: Record<string, unknown>;
  modelOptions?: Record<string, unknown>;
  shapes?: string[];
  accuracy?: string;
  dealtOut?: true;
}

const CASES: Record<string, (preparation: Preparation) => CaseParts | Promise<CaseParts>> = {
  digits: () => {
    const data = join(ROOT, 'examples', 'digits', 'data');
    const norm = { mean: [0.1307], std: [0.3081] };
    return {
      model: join(ROOT, 'examples', 'digits', 'digits.onnx'),
      method: 'int8-static',
      task: 'classification',
      calibration: {
        format: 'npz',
        path: join(data, 'calibration.npz'),
        arrays: { image: 'images' },
        ...norm,
      },
      data: {
        calibration: { path: join(data, 'calibration.npz') },
        evaluation: { path: join(data, 'evaluation.npz') },
        inputs: { image: { from: 'images', ...norm } },
      },
      accuracy: 'accuracy.top1',
    };
  },
  'efficientnet-lite0': (preparation) => efficientNet('efficientnet-lite0', { crop: 224 }, preparation),
  'efficientnet-lite1': (preparation) => efficientNet('efficientnet-lite1', { crop: 240 }, preparation),
  resnet50: (preparation) => randomNetwork('resnet50', preparation),
  mobilenetv2: (preparation) => randomNetwork('mobilenetv2', preparation),
  ultraface: async (preparation) => {
    const { images } = required(preparation.sources, 'images');
    const to = { width: 320, height: 240, channels: 'rgb', mean: 127, std: 128 } as const;
    const sets = await testSets(preparation, {
      count: imagesIn(images).length,
      sample: async (index) => ({ input: await stretchedImage(imagesIn(images)[index]!, to) }),
    });
    return { model: modelIn(preparation, 'ultraface'), method: 'int8-static', task: 'none', ...sets };
  },
  'ppocr-rec': async (preparation) => {
    const { lines } = required(preparation.sources, 'lines');
    const files = imagesIn(lines);
    const to = { height: 48, channels: 'bgr', mean: 127.5, std: 127.5, leastWidth: 320 } as const;
    const sets = await testSets(preparation, {
      count: files.length,
      sample: async (index) => ({ x: await paddedLine(files[index]!, to) }),
    });
    cpSync(join(PEERS, 'evaluate-lines.mjs'), join(preparation.folder, 'evaluate-lines.mjs'));
    for (const name of ['labels.tsv', 'keys.txt']) cpSync(join(lines, name), join(preparation.folder, name));
    return {
      model: modelIn(preparation, 'ppocr-rec'),
      method: 'int8-static',
      task: 'custom',
      ...sets,
      modelOptions: { evaluator: { module: 'evaluate-lines.mjs' } },
      shapes: ['p2o.DynamicDimension.1=320'],
      accuracy: 'accuracy.exact-match',
    };
  },
  minilm: (preparation) => ({
    model: modelIn(preparation, 'minilm'),
    method: 'int8-dynamic',
    task: 'none',
    calibration: null,
    data: { evaluation: { path: resolve(required(preparation.sources, 'sentences').sentences) } },
    shapes: ['sequence=64'],
  }),
  'minilm-int4': async (preparation) => ({
    model: modelIn(preparation, 'minilm'),
    method: 'int4-weights',
    // Embedding tables stay float, as in everyone's file.
    variant: { exclude: 'Gather' },
    task: 'none',
    ...(await sentenceSets(preparation)),
    shapes: ['sequence=64'],
  }),
  'whisper-base-decoder': ({ folder }) =>
    decoder(folder, {
      name: 'whisper-base-decoder',
      weights: whisperBase,
      build: whisperDecoder,
      samples: whisperSamples,
      count: 28,
      shapes: ['length=64', 'states=1500'],
    }),
  'translation-decoder': ({ folder }) =>
    decoder(folder, {
      name: 'translation-decoder',
      weights: translator,
      build: translationDecoder,
      samples: translationSamples,
      count: 256,
      shapes: ['length=16', 'states=16'],
    }),
};

/** What EfficientNet-Lite's shorter side has beyond the crop. */
const MARGIN = 32;

function efficientNet(name: string, { crop }: { crop: number }, preparation: Preparation): CaseParts {
  const images = splitByClass(preparation);
  const prepared = { resize: crop + MARGIN, crop, ...IMAGENET };
  return {
    model: modelIn(preparation, name),
    method: 'int8-static',
    task: 'classification',
    calibration: { format: 'image-folder', path: images.calibration, input: 'input', ...prepared },
    data: {
      calibration: { path: images.calibration },
      evaluation: { path: images.evaluation },
      input: { ...prepared, layout: 'NCHW' },
    },
    accuracy: 'accuracy.top1',
    dealtOut: true,
  };
}

export const CASE_NAMES: readonly string[] = Object.keys(CASES);

/** Puts a case's model, samples and configuration into a folder of its own; what is there already is kept. */
export async function prepareCase(name: string, preparation: Preparation): Promise<PreparedCase> {
  const { folder } = preparation;
  mkdirSync(folder, { recursive: true });
  const parts = await CASES[name]!(preparation);
  const model = join(folder, `${name}.onnx`);
  if (parts.model !== model) cpSync(parts.model, model);
  const config = join(folder, 'quantgate.json');
  const variants = [{ name: 'quantized', method: parts.method, ...parts.variant }];
  const described = {
    name,
    path: model,
    task: parts.task,
    data: parts.data,
    variants,
    ...parts.modelOptions,
  };
  writeFileSync(config, JSON.stringify({ version: 1, models: [described] }, null, 2));
  return {
    name,
    model,
    method: parts.method,
    samples: parts.calibration,
    config,
    shapes: parts.shapes ?? [],
    accuracy: parts.accuracy ?? null,
    dealtOut: parts.dealtOut ?? false,
  };
}

/** @throws Error that names the option which is missing. */
function required<K extends keyof Sources>(sources: Sources, name: K): Record<K, string> {
  const path = sources[name];
  if (!path) throw new Error(`needs --${name}`);
  return { [name]: path } as Record<K, string>;
}

function modelIn({ sources }: Preparation, name: string): string {
  return resolve(required(sources, 'models').models, `${name}.onnx`);
}

/** Class folders dealt out to the parts. */
function splitByClass({ folder, sources, part }: Preparation): { calibration: string; evaluation: string } {
  const { images } = required(sources, 'images');
  const paths = { calibration: join(folder, 'calibration'), evaluation: join(folder, 'evaluation') };
  if (!existsSync(paths.evaluation)) {
    for (const [index, name] of readdirSync(images).sort().entries()) {
      const into = index % PARTS === part ? paths.calibration : paths.evaluation;
      cpSync(join(images, name), join(into, name), { recursive: true });
    }
  }
  return paths;
}

function sentenceSets(
  preparation: Preparation,
): Promise<Pick<CaseParts, 'calibration' | 'data' | 'dealtOut'>> {
  const sentences = sentencesIn(required(preparation.sources, 'sentences').sentences);
  return testSets(preparation, { count: sentences.length, sample: (index) => sentences[index]! });
}

interface TestSetsToMake {
  count: number;
  /** A sample's tensors by the model's inputs. */
  sample: (index: number) => SampleTensors | Promise<SampleTensors>;
}

/** Samples as test sets, dealt out to the parts. Their numbers are those of the files, so that labels can be found. */
async function testSets(
  { folder, part }: Preparation,
  { count, sample }: TestSetsToMake,
): Promise<Pick<CaseParts, 'calibration' | 'data' | 'dealtOut'>> {
  const [calibration, evaluation] = [join(folder, 'calibration'), join(folder, 'evaluation')];
  const complete = join(folder, 'samples-complete');
  if (!existsSync(complete)) {
    for (let index = 0; index < count; index++) {
      const into = index % PARTS === part ? calibration : evaluation;
      writeTestSet(into, index, await sample(index));
    }
    writeFileSync(complete, '');
  }
  return {
    calibration: { format: 'onnx-tests', path: calibration },
    data: { calibration: { path: calibration }, evaluation: { path: evaluation } },
    dealtOut: true,
  };
}

interface DecoderMaking {
  name: string;
  weights: (cache: string) => Promise<ReadonlyMap<string, Variable>>;
  build: (weights: ReadonlyMap<string, Variable>) => Model;
  samples: (request: DecoderSamplesRequest) => AsyncGenerator<SampleTensors>;
  count: number;
  shapes: string[];
}

/** Writes a decoder out of packages and what it reads: the first half calibrates, the second judges. */
async function decoder(folder: string, { name, shapes, ...making }: DecoderMaking): Promise<CaseParts> {
  const model = join(folder, `${name}.onnx`);
  const [calibration, evaluation] = [join(folder, 'calibration'), join(folder, 'evaluation')];
  const complete = join(folder, 'samples-complete');
  if (!existsSync(complete)) {
    const cache = defaultCache();
    const weights = await making.weights(cache);
    writeModel(making.build(weights), model);
    const { count } = making;
    let index = 0;
    for await (const sample of making.samples({
      weights,
      cache,
      runtime: await loadRuntime(),
      count,
      threads: 2,
    })) {
      writeTestSet(index < count / 2 ? calibration : evaluation, index, sample);
      index++;
    }
    writeFileSync(complete, '');
  }
  return {
    model,
    method: 'int4-weights',
    // The table of tokens stays float, as in everyone's file.
    variant: { exclude: 'Gather' },
    task: 'none',
    calibration: { format: 'onnx-tests', path: calibration },
    data: { calibration: { path: calibration }, evaluation: { path: evaluation } },
    shapes,
  };
}

const SEED = 1;
/** A hundred calibrate, as everywhere here; a hundred judge: ResNet50 takes its time. */
const SEEDED_IMAGES = { calibration: 100, evaluation: 100 };

async function randomNetwork(architecture: Architecture, preparation: Preparation): Promise<CaseParts> {
  const model = join(preparation.folder, `${architecture}.onnx`);
  if (!existsSync(model)) {
    writeModel(await buildRandomNetwork(architecture, { seed: SEED, runtime: await loadRuntime() }), model);
  }
  const samples: Record<string, string> = {};
  let seed = 0;
  for (const [use, count] of Object.entries(SEEDED_IMAGES)) {
    const into = join(preparation.folder, use);
    samples[use] = into;
    const complete = existsSync(join(into, `test_data_set_${count - 1}`));
    for (let index = 0; index < count; index++, seed++) {
      if (!complete) writeTestSet(into, index, { input: seededImage(seed) });
    }
  }
  return {
    model,
    method: 'int8-static',
    task: 'none',
    calibration: { format: 'onnx-tests', path: samples.calibration },
    data: { calibration: { path: samples.calibration }, evaluation: { path: samples.evaluation } },
  };
}
