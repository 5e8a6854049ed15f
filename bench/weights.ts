/**
 * What fitting weights to data gains: int8-weights, int4-weights and int8-dynamic without data, with data and the nearest codes, and fitted (rounding
 * adaptive and gptq), on samples that none of them has seen.
 *
 *   node bench/run.mjs weights --config quantgate.yml [--model NAME] [--methods int4-weights] [--ways nearest,gptq] [--exclude Gather] [--calibration 128] [--evaluation 100]
 *
 *   node bench/run.mjs weights --config quantgate.yml --methods "" --files other.onnx,third.onnx [--from-token 50258]
 *   node bench/run.mjs weights --layers 4096x4096
 *
 * Model, preprocessing and data are the config's. Where calibration and evaluation read the same data, the first samples calibrate and the next ones judge.
 * `--files` are judged in the same way. With `--from-token` each sample that judges begins at that token of its `input_ids`, with `--calibrate-from-token` each
 * that calibrates.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { QuantizeConfig } from '../src/config/config.js';
import type { DataConfig } from '../src/config/data-config.js';
import { defaultQuantize } from '../src/config/defaults.js';
import { loadConfig } from '../src/config/read/load.js';
import { unreadOptions } from '../src/config/read/option-rules.js';
import { openDataset } from '../src/data/open.js';
import type { Dataset } from '../src/data/samples/dataset.js';
import { SILENT } from '../src/log.js';
import { OutputFidelity } from '../src/measure/fidelity/output-fidelity.js';
import { quantizeModel } from '../src/quantize/quantize.js';
import { loadRuntime } from '../src/runtime/load.js';
import { isFloatType, numbersOf } from '../src/tensor/elements.js';
import { after } from './samples-after.js';
import { layerSize, measureLayers } from './weights/layer.js';

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    model: { type: 'string' },
    methods: { type: 'string', default: 'int4-weights,int8-weights,int8-dynamic' },
    ways: { type: 'string', default: 'without data,nearest,adaptive,gptq' },
    /** Node names or operator types that stay float. */
    exclude: { type: 'string', default: '' },
    calibration: { type: 'string', default: '128' },
    evaluation: { type: 'string', default: '100' },
    threads: { type: 'string', default: '2' },
    /** Files made by others from the config's model. */
    files: { type: 'string', default: '' },
    'from-token': { type: 'string' },
    'calibrate-from-token': { type: 'string' },
    /** Layers by themselves, out of a seed: INPUTSxOUTPUTS,…; then nothing else is measured. */
    layers: { type: 'string' },
  },
});

interface Way {
  name: string;
  data: boolean;
  options: Partial<QuantizeConfig>;
}

const WAYS: readonly Way[] = [
  { name: 'without data', data: false, options: {} },
  { name: 'nearest', data: true, options: { rounding: 'nearest' } },
  { name: 'adaptive', data: true, options: { rounding: 'adaptive' } },
  { name: 'gptq', data: true, options: { rounding: 'gptq' } },
];

function listed(names: string): string[] {
  return names === '' ? [] : names.split(',');
}

/** Samples whose `input_ids` begin at a token; those without it as they are. */
function fromToken(dataset: Pick<Dataset, 'samples'>, token: number): Pick<Dataset, 'samples'> {
  return {
    async *samples() {
      for await (const sample of dataset.samples()) {
        const { input_ids: ids } = sample.feeds;
        const data = BigInt64Array.from(numbersOf(ids!), BigInt);
        const from = Math.max(0, data.indexOf(BigInt(token)));
        const cut = { type: 'int64' as const, dims: [1, data.length - from], data: data.slice(from) };
        yield { ...sample, feeds: { ...sample.feeds, input_ids: cut } };
      }
    },
  };
}

type FittedMethod = 'int4-weights' | 'int8-weights' | 'int8-dynamic';

/** The ways that a method has, of those that are asked for. */
function waysOf(method: FittedMethod): readonly Way[] {
  const asked = values.ways.split(',');
  return WAYS.filter(({ name }) => asked.includes(name)).filter(
    ({ options }) => unreadOptions(options, method).length === 0,
  );
}

const threads = Number(values.threads);
if (values.layers) {
  await measureLayers(values.layers.split(',').map(layerSize), threads);
  process.exit(0);
}
const directory = mkdtempSync(join(tmpdir(), 'quantgate-bench-'));
try {
  const runtime = await loadRuntime();
  const { models } = await loadConfig(values.config ?? 'quantgate.yml');
  const model = models.find(({ name }) => values.model === undefined || name === values.model);
  if (!model) throw new Error(`no model '${values.model}' in the config`);
  const probe = await runtime.open(model.path, { graphOptimizationLevel: 'disabled', threads: 1 });
  const { inputs } = probe;
  await probe.release();
  const open = (from: DataConfig, limit: number) => openDataset({ ...from, limit }, inputs);
  const [calibrate, judge] = [Number(values.calibration), Number(values.evaluation)];
  const { calibration: own, evaluation: other } = model.data;
  const source = own ?? other;
  if (!source) throw new Error('the config names no data');
  const shared = own === null || other === null;
  const firstRead = values['calibrate-from-token'];
  const read = await open(source, calibrate);
  const { description, length } = read;
  const calibration: Dataset =
    firstRead === undefined
      ? read
      : { description, length, labelled: false, classes: null, ...fromToken(read, Number(firstRead)) };
  const whole = shared ? after(await open(source, calibrate + judge), calibrate) : await open(other!, judge);
  const firstToken = values['from-token'];
  const evaluation = firstToken === undefined ? whole : fromToken(whole, Number(firstToken));

  console.log(
    '| method | weights | size | SQNR | KL divergence | seconds (of CPU) | peak memory of the process so far |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  const exclude = listed(values.exclude);
  for (const method of listed(values.methods) as FittedMethod[]) {
    for (const way of waysOf(method)) {
      const out = join(directory, 'made.onnx');
      const started = performance.now();
      const before = process.cpuUsage();
      await quantizeModel({
        model: model.path,
        out,
        options: defaultQuantize(method, { ...way.options, exclude }),
        target: 'cpu',
        calibration: way.data ? calibration : null,
        context: { runtime, log: SILENT, threads },
        verify: true,
      });
      const seconds = (performance.now() - started) / 1000;
      const { user, system } = process.cpuUsage(before);
      const peak = (process.resourceUsage().maxRSS / 1000).toFixed(0);
      const cost = `${seconds.toFixed(0)} s (${((user + system) / 1e6).toFixed(0)} s) | ${peak} MB`;
      console.log(`| ${method} | ${way.name} | ${await judged(out)} | ${cost} |`);
    }
  }
  for (const file of listed(values.files))
    console.log(`| ${basename(file)} | – | ${await judged(file)} | – | – |`);

  /** Size and fidelity, as the table has them. */
  async function judged(file: string): Promise<string> {
    const { sqnr, kl } = await fidelity(evaluation, [model!.path, file]);
    const megabytes = (statSync(file).size / 1e6).toFixed(1);
    return `${megabytes} MB | ${sqnr?.toFixed(1) ?? '–'} dB | ${kl?.toPrecision(3) ?? '–'}`;
  }

  /** Of the first output that is floating-point. */
  async function fidelity(dataset: Pick<Dataset, 'samples'>, [reference, made]: [string, string]) {
    const sessions = [
      await runtime.open(reference, { threads }),
      await runtime.open(made, { threads }),
    ] as const;
    const sums = new OutputFidelity('last');
    const name = sessions[0].outputs.find(({ type }) => type !== null && isFloatType(type))!.name;
    for await (const { feeds } of dataset.samples()) {
      const [expected, found] = [await sessions[0].run(feeds), await sessions[1].run(feeds)];
      sums.add(expected[name]!, found[name]!);
    }
    for (const session of sessions) await session.release();
    return sums.result();
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
