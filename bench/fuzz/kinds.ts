/** The kinds of input: each writes a sound one into a folder, damages it, and gives the command line that reads it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelProto } from 'onnx-buf';
import { type Random, seededRandom } from '../../src/tensor/random.js';
import { FAILING } from '../../test/report/sample-reports.js';
import { ROOT } from '../peers/repository.js';
import { randomGraph } from './graphs.js';
import { type Damage, pick } from './mutate.js';
import {
  classifier,
  configText,
  csv,
  idx,
  imageFolder,
  images,
  jsonl,
  npz,
  preprocessorConfig,
  preprocessorText,
  samplesNpz,
  testSetInput,
  texts,
  tokenizerConfig,
  withExternalData,
  writeClassifier,
  writeEmbedder,
} from './seeds.js';

/** Writes the input that `seed` names; gives the command line's arguments. Paths in them are relative to `folder`. */
export type Kind = (folder: string, seed: number, damage: Damage) => Promise<string[]>;

const METHODS = ['int8-static', 'int8-dynamic', 'float16', 'int8-weights', 'int4-weights'] as const;
const QUIET = ['--quiet', '--threads', '1'];

/** What reads a model: one of the methods, or inspect. */
function readingModel(folder: string, random: Random): string[] {
  const method = pick(random, [...METHODS, 'inspect'] as const);
  if (method === 'inspect') return ['inspect', 'm.onnx', '--plan', ...QUIET];
  mkdirSync(join(folder, 'out'));
  writeFileSync(join(folder, 'c.npz'), npz(0));
  const data = method === 'int8-static' ? ['--calibration', 'c.npz'] : [];
  return ['quantize', 'm.onnx', '--out', 'out/q.onnx', '--method', method, ...data, ...QUIET];
}

const ofModel =
  (write: (folder: string, random: Random, damage: Damage) => void): Kind =>
  async (folder, seed, damage) => {
    const random = seededRandom(seed);
    write(folder, random, damage);
    return readingModel(folder, random);
  };

const ofMessages = (change: (proto: ModelProto, random: Random, damage: Damage) => void): Kind =>
  ofModel((folder, random, damage) => {
    const proto = classifier();
    change(proto, random, damage);
    writeClassifier(folder, proto);
  });

/** What reads calibration data. */
function readingData(folder: string, path: string): string[] {
  writeClassifier(folder);
  mkdirSync(join(folder, 'out'));
  const options = ['--method', 'int8-static', '--calibration', path, '--calibrator', 'minmax', '--no-verify'];
  return ['quantize', 'm.onnx', '--out', 'out/q.onnx', ...options, ...QUIET];
}

const ofBytes =
  (name: string, sound: (random: Random) => Uint8Array): Kind =>
  async (folder, seed, damage) => {
    const random = seededRandom(seed);
    writeFileSync(join(folder, name), damage.bytes(sound(random), random));
    return readingData(folder, name);
  };

/** Data in text whose files lie beside it. */
const ofText =
  (name: string, sound: (folder: string) => Promise<string>): Kind =>
  async (folder, seed, damage) => {
    const random = seededRandom(seed);
    writeFileSync(join(folder, name), damage.text(await sound(folder), random));
    return readingData(folder, name);
  };

const imageFiles: Kind = async (folder, seed, damage) => {
  const random = seededRandom(seed);
  const files = await imageFolder(join(folder, 'images'), ['png', 'jpg', 'webp', 'png']);
  const file = pick(random, files);
  writeFileSync(file, damage.bytes(readFileSync(file), random));
  return readingData(folder, 'images');
};

const externalData = ofModel((folder, random, damage) => {
  const proto = withExternalData(folder);
  const tensor = pick(random, proto.graph!.initializer);
  const entry = pick(random, tensor.externalData);
  const values = [
    '-1',
    '',
    'x',
    '99999999999',
    '../m.bin',
    '/etc/hostname',
    'm.onnx',
    '4',
    '1e3',
    '\u0000',
    '.',
  ];
  if (damage.own) entry.value = pick(random, values);
  if (damage.own && random.below(4) === 0)
    writeFileSync(join(folder, 'm.bin'), new Uint8Array(random.below(200)));
  writeClassifier(folder, proto);
});

const names = ofMessages((proto, random, damage) => {
  if (!damage.own) return;
  const nodes = proto.graph!.node;
  const taken = [
    'x',
    'y',
    'w',
    'c',
    'r',
    'conv',
    'c_quantized',
    'x_scale',
    'w_scale',
    '',
    'y_DequantizeLinear_Output',
  ];
  for (let i = 0; i < 1 + random.below(4); i++) {
    const node = pick(random, nodes);
    const [old, name] = [node.output[0]!, pick(random, taken)];
    node.name = pick(random, taken);
    if (random.below(2) === 0) continue;
    node.output[0] = name;
    for (const reader of nodes) reader.input = reader.input.map((input) => (input === old ? name : input));
  }
});

const config: Kind = async (folder, seed, damage) => {
  writeClassifier(folder);
  mkdirSync(join(folder, 'out'));
  await imageFolder(join(folder, 'images'), ['png', 'jpg', 'png', 'png']);
  writeFileSync(join(folder, 'quantgate.yml'), damage.text(configText, seededRandom(seed)));
  const place = ['--config', 'quantgate.yml', '--model', 'm', '--variant', 'v'];
  return ['quantize', 'm.onnx', '--out', 'out/q.onnx', ...place, '--no-verify', ...QUIET];
};

const report: Kind = async (folder, seed, damage) => {
  const random = seededRandom(seed);
  const text = JSON.stringify(FAILING, null, random.below(2));
  writeFileSync(join(folder, 'report.json'), damage.text(text, random));
  const format = pick(random, ['markdown', 'html', 'junit', 'json']);
  return ['report', 'report.json', '--format', format, '--out', 'rendered', '--quiet'];
};

/** A plan of the classifier; its hash is wrong in most damaged plans, and right in these. */
const plan: Kind = async (folder, seed, damage) => {
  const { sha256OfFile } = await import('../../src/system/files/file-hash.js');
  const file = writeClassifier(folder);
  mkdirSync(join(folder, 'out'));
  writeFileSync(join(folder, 'c.npz'), npz(0));
  const text = [
    'version: 1',
    `model: ${await sha256OfFile(file)}`,
    'target: cpu',
    'objective: latency',
    'stages:',
    '  - method: int8-static',
    '    operators: [conv, relu, pool]',
    '    calibrator: minmax',
    '  - method: float16',
    '    operators: [gemm]',
    '',
  ].join('\n');
  writeFileSync(join(folder, 'p.yml'), damage.text(text, seededRandom(seed)));
  const options = ['--plan', 'p.yml', '--method', 'auto', '--calibration', 'c.npz', '--no-verify'];
  return ['quantize', 'm.onnx', '--out', 'out/q.onnx', ...options, ...QUIET];
};

/** Models that are right, or nearly: what is odd about them is theirs. */
const graphs: Kind = async (folder, seed, damage) => {
  const random = seededRandom(seed);
  if (!damage.own) return ofModel((place) => writeClassifier(place))(folder, seed, damage);
  const { model, dims } = randomGraph(random);
  writeClassifier(folder, model.proto);
  mkdirSync(join(folder, 'out'));
  const method = pick(random, METHODS);
  // Now and then of another shape than the model's.
  const shape = random.below(8) === 0 ? [...dims, 2] : dims;
  writeFileSync(join(folder, 'c.npz'), samplesNpz(shape));
  const data = random.below(4) === 0 && method !== 'int8-static' ? [] : ['--calibration', 'c.npz'];
  return ['quantize', 'm.onnx', '--out', 'out/q.onnx', '--method', method, ...data, ...QUIET];
};

const TOKENIZERS = ['word-piece', 'byte-level', 'unigram'] as const;

/** Texts and the tokenizer that makes token ids of them. */
const tokenizer: Kind = async (folder, seed, damage) => {
  const random = seededRandom(seed);
  const fixtures = join(ROOT, 'test', 'data', 'text', 'fixtures');
  const sound = readFileSync(join(fixtures, pick(random, TOKENIZERS), 'tokenizer.json'), 'utf8');
  // On lines of its own, every value can be damaged.
  const lines = JSON.stringify(JSON.parse(sound), null, 1);
  const place = random.below(4);
  writeFileSync(join(folder, 'tokenizer.json'), place === 0 ? lines : damage.text(lines, random));
  writeFileSync(join(folder, 'd.jsonl'), place === 0 ? damage.text(texts(), random) : texts());
  writeEmbedder(folder);
  writeFileSync(join(folder, 'quantgate.yml'), tokenizerConfig);
  mkdirSync(join(folder, 'out'));
  const options = ['--config', 'quantgate.yml', '--model', 'm', '--no-verify', ...QUIET];
  return ['quantize', 'm.onnx', '--out', 'out/q.onnx', ...options];
};

/** Preprocessing as Hugging Face writes it down. */
const preprocessor: Kind = async (folder, seed, damage) => {
  writeClassifier(folder);
  mkdirSync(join(folder, 'out'));
  await imageFolder(join(folder, 'images'), ['png', 'jpg', 'png', 'png']);
  writeFileSync(join(folder, 'preprocessor_config.json'), damage.text(preprocessorText, seededRandom(seed)));
  writeFileSync(join(folder, 'quantgate.yml'), preprocessorConfig);
  const place = ['--config', 'quantgate.yml', '--model', 'm', '--variant', 'v'];
  return ['quantize', 'm.onnx', '--out', 'out/q.onnx', ...place, '--no-verify', ...QUIET];
};

/** Test sets as ONNX's own tests have them. */
const testSets: Kind = async (folder, seed, damage) => {
  const random = seededRandom(seed);
  for (let i = 0; i < 3; i++) {
    const set = join(folder, 'sets', `test_data_set_${i}`);
    mkdirSync(set, { recursive: true });
    const bytes = testSetInput(i);
    writeFileSync(join(set, 'input_0.pb'), i === 1 ? damage.bytes(bytes, random) : bytes);
  }
  return readingData(folder, 'sets');
};

/** A format that is read gets a kind here: a sound file of it in seeds.ts, and what reads it. */
export const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  [
    'bytes',
    ofModel((folder, random, damage) => {
      const file = writeClassifier(folder);
      writeFileSync(file, damage.bytes(readFileSync(file), random));
    }),
  ],
  ['fields', ofMessages((proto, random, damage) => damage.model(proto, random))],
  ['names', names],
  ['graphs', graphs],
  ['external', externalData],
  ['npz', ofBytes('d.npz', (random) => npz(random.below(2) === 0 ? 0 : 6))],
  ['npy', ofBytes('d.npy', images)],
  ['idx', ofBytes('d-idx4', idx)],
  ['images', imageFiles],
  ['jsonl', ofText('d.jsonl', async () => jsonl())],
  [
    'csv',
    ofText('d.csv', async (folder) => {
      const files = await imageFolder(folder, ['png', 'jpg', 'png']);
      return csv(files.map((file) => file.slice(folder.length + 1)));
    }),
  ],
  ['tokenizer', tokenizer],
  ['preprocessor', preprocessor],
  ['test-sets', testSets],
  ['config', config],
  ['report', report],
  ['plan', plan],
]);
