/**
 * Whether onnxruntime-genai loads quantized decoders and writes what they say: a decoder as Llama's, Qwen's or Phi's with seeded weights, quantized, its
 * caches fed by onnxruntime-genai, against the same file in a session that reads the whole text each time, and against the float model. Where the first two part, by
 * how much the one's token was likelier, and how far the logits depend on the way in which the text is read: at once, or step by step. Each quantized file stands there
 * with MatMulNBits' activations in float, too: rounding those to 8 bits makes a step of what was a last digit.
 *
 *   node bench/run.mjs genai [--architecture llama|qwen|phi] [--methods int8-weights,int4-weights] [--prompts 8] [--tokens 32]
 *
 * `--prompts` texts are continued, each by `--tokens`. Needs Python 3.11 or newer with venv; the package is installed once, in node_modules/.cache/peers.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { defaultQuantize } from '../src/config/defaults.js';
import { SILENT } from '../src/log.js';
import { readModel } from '../src/onnx/file/read.js';
import { writeModel } from '../src/onnx/file/write.js';
import { quantizeModel } from '../src/quantize/quantize.js';
import { loadRuntime } from '../src/runtime/load.js';
import { causalDecoder, FAMILIES, type Family } from './decoders/causal-decoder.js';
import { continuation, partingOf } from './decoders/continuation.js';
import { runCommand } from './peers/command.js';
import { pythonOf } from './peers/environment.js';
import { PEERS } from './peers/repository.js';

const { values } = parseArgs({
  options: {
    architecture: { type: 'string', default: FAMILIES[0] },
    methods: { type: 'string', default: 'int8-weights,int4-weights' },
    prompts: { type: 'string', default: '8' },
    tokens: { type: 'string', default: '32' },
  },
});
const family = values.architecture as Family;
if (!FAMILIES.includes(family)) {
  console.error(`there is no architecture ${family}; there are ${FAMILIES.join(', ')}`);
  process.exit(2);
}
/** onnxruntime-genai's names for them. */
const TYPES = { llama: 'llama', qwen: 'qwen3', phi: 'phi3' } as const;
const SIZE = {
  layers: 4,
  width: 512,
  inner: 1408,
  heads: 8,
  cachedHeads: 2,
  vocabulary: 4000,
  positions: 512,
};
const HEAD = SIZE.width / SIZE.heads;
/** Ends a text. */
const END = 0;
const cache = { heads: SIZE.cachedHeads, size: HEAD };
/** A file of the same weights whose products take activations as they come, not in 8 bits. */
const IN_FLOAT = ', activations in float';
const count = Number(values.tokens);
const prompts = Array.from({ length: Number(values.prompts) }, (_, prompt) =>
  Array.from({ length: 6 + prompt }, (_, at) => 1 + ((prompt * 977 + at * 1601 + at * at * 31) % 3999)),
);

const folder = mkdtempSync(join(tmpdir(), 'quantgate-genai-'));
try {
  const runtime = await loadRuntime();
  const methods = values.methods.split(',');
  const names = ['float', ...methods.flatMap((method) => [method, `${method}${IN_FLOAT}`])];
  const made = names.map((name) => ({ name, path: join(folder, name) }));
  for (const { name, path } of made) {
    mkdirSync(path);
    const file = join(path, 'model.onnx');
    writeFileSync(join(path, 'genai_config.json'), JSON.stringify(genaiConfig(), null, 2));
    if (name === 'float') writeModel(causalDecoder(SIZE, family), file);
    else if (name.endsWith(IN_FLOAT))
      writeInFloat(join(folder, name.slice(0, -IN_FLOAT.length), 'model.onnx'), file);
    else
      await quantizeModel({
        model: join(folder, 'float', 'model.onnx'),
        out: file,
        options: defaultQuantize(name as 'int4-weights'),
        target: 'cpu',
        calibration: null,
        context: { runtime, log: SILENT },
        verify: true,
      });
  }
  const script = join(PEERS, 'python', 'generate_onnxruntime_genai.py');
  const { stdout } = runCommand(pythonOf('onnxruntime-genai'), [
    script,
    ...made.map(({ path }) => path),
    ...['--prompts', JSON.stringify(prompts), '--count', String(count)],
  ]);
  const written = JSON.parse(stdout) as Record<string, number[][]>;
  const float = written[made[0]!.path]!;
  console.log(
    '| file | size | texts as without caches | texts as the float model’s | tokens before they part | margin (difference of the ways) where those without caches part |\n| --- | --- | --- | --- | --- | --- |',
  );
  for (const { name, path } of made) {
    const file = join(path, 'model.onnx');
    const session = await runtime.open(file, { threads: 2 });
    const own = written[path]!;
    const alone: number[][] = [];
    const partings: string[] = [];
    for (const [at, prompt] of prompts.entries()) {
      alone.push(await continuation(session, prompt, { count, end: END, cache }));
      const parting = await partingOf(session, prompt, { texts: [alone[at]!, own[at]!], cache });
      if (parting)
        partings.push(
          `${parting.margin.toFixed(5)} (${parting.difference.toFixed(5)}${parting.isExplained ? '' : ', not explained'})`,
        );
    }
    await session.release();
    const common = own.map((tokens, at) => commonTokens(tokens, float[at]!));
    const same = (others: readonly number[][]) =>
      own.filter((tokens, at) => isDeepStrictEqual(tokens, others[at])).length;
    console.log(
      `| ${name} | ${(statSync(file).size / 1e6).toFixed(1)} MB | ${same(alone)} of ${prompts.length} | ${same(float)} of ${prompts.length} | ${common.join(', ')} | ${partings.join('; ') || '–'} |`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The file at another accuracy level of MatMulNBits: 0 computes with activations in float32. */
function writeInFloat(file: string, out: string): void {
  const model = readModel(file);
  for (const node of model.graph.nodes) {
    for (const attribute of node.attribute) if (attribute.name === 'accuracy_level') attribute.i = 0n;
  }
  writeModel(model, out);
}

function commonTokens(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((token, at) => token !== b[at]);
  return differs < 0 ? Math.min(a.length, b.length) : differs;
}

/** The file that onnxruntime-genai looks for beside a model. */
function genaiConfig() {
  const inputs = {
    input_ids: 'input_ids',
    attention_mask: 'attention_mask',
    position_ids: 'position_ids',
    past_key_names: 'past_key_values.%d.key',
    past_value_names: 'past_key_values.%d.value',
  };
  const outputs = {
    logits: 'logits',
    present_key_names: 'present.%d.key',
    present_value_names: 'present.%d.value',
  };
  return {
    model: {
      type: TYPES[family],
      vocab_size: SIZE.vocabulary,
      context_length: SIZE.positions,
      bos_token_id: 1,
      eos_token_id: END,
      pad_token_id: 0,
      decoder: {
        filename: 'model.onnx',
        head_size: HEAD,
        hidden_size: SIZE.width,
        num_attention_heads: SIZE.heads,
        num_hidden_layers: SIZE.layers,
        num_key_value_heads: SIZE.cachedHeads,
        inputs,
        outputs,
        session_options: { provider_options: [] },
      },
    },
    search: { do_sample: false, max_length: SIZE.positions, past_present_share_buffer: false },
  };
}
