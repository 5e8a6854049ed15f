/**
 * Whether int8-static's own choice of a calibrator holds on samples that it has not seen: SQNR of its file beside minmax's, over all
 * held-out samples and on the worst one.
 *
 *   node bench/run.mjs calibrator --config examples/digits/quantgate.yml
 *   node bench/run.mjs calibrator --case resnet50
 *   node bench/run.mjs calibrator --case ultraface --models DIR --images DIR [--calibration 16] [--percentiles 99.999,99.99]
 *
 * Model, preprocessing and data are those of the config's first model, or of a case of bench/peers. Where calibration and evaluation read
 * the same data, the first samples calibrate and the next ones judge. Goal: the choice is never worse than minmax by more than 0.3 dB over
 * all samples, nor by more than 1 dB on the worst.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { QuantizeConfig } from '../src/config/config.js';
import { defaultQuantize } from '../src/config/defaults.js';
import type { Dataset } from '../src/data/samples/dataset.js';
import { SILENT } from '../src/log.js';
import { OutputFidelity } from '../src/measure/fidelity/output-fidelity.js';
import { choiceOf, EXTREMES, type RangeChoice } from '../src/quantize/calibrate/range-choice.js';
import { quantizeModel } from '../src/quantize/quantize.js';
import { loadRuntime } from '../src/runtime/load.js';
import type { Session } from '../src/runtime/runtime.js';
import { isFloatType } from '../src/tensor/elements.js';
import type { Feeds } from '../src/tensor/tensor.js';
import { CASE_OPTIONS, chosenConfig } from './case-config.js';
import { openCase } from './case-samples.js';

const { values } = parseArgs({
  options: {
    ...CASE_OPTIONS,
    calibration: { type: 'string', default: '100' },
    evaluation: { type: 'string', default: '120' },
    percentiles: { type: 'string', default: '' },
    threads: { type: 'string', default: '2' },
  },
});

/** The goals, in dB. */
const MOST_LOST = { mean: 0.3, worst: 1 };

const threads = Number(values.threads);
const directory = mkdtempSync(join(tmpdir(), 'quantgate-bench-'));
try {
  const runtime = await loadRuntime();
  const config = await chosenConfig(values, directory);
  const { path, calibration, evaluation } = await openCase(config, { runtime, counts: values });

  const wanted: [string, Partial<QuantizeConfig>][] = [
    ['default', {}],
    ['minmax', { calibrator: 'minmax' }],
    ...values.percentiles
      .split(',')
      .filter(Boolean)
      .map((text): [string, Partial<QuantizeConfig>] => [
        text,
        { calibrator: 'percentile', percentile: Number(text) },
      ]),
  ];
  const sessions: Session[] = [];
  console.log(`${path}: ${calibration.length} samples calibrate, up to ${values.evaluation} judge`);
  for (const [name, options] of wanted) {
    const out = join(directory, `${name}.onnx`);
    const started = performance.now();
    const { provenance } = await quantizeModel({
      model: path,
      out,
      options: defaultQuantize('int8-static', options),
      target: 'cpu',
      calibration,
      context: { runtime, log: SILENT, threads },
      verify: true,
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const chose = name === 'default' ? `, chose ${describe(choiceOf(provenance))}` : '';
    console.log(`${name.padEnd(10)} quantized in ${seconds} s${chose}`);
    sessions.push(await runtime.open(out, { threads }));
  }
  const reference = await runtime.open(path, { threads });
  const figures = await fidelity(evaluation, { reference, sessions });
  for (const [index, [name]] of wanted.entries()) {
    const { mean, worst } = figures[index]!;
    console.log(`${name.padEnd(10)} ${mean.toFixed(2)} dB, worst sample ${worst.toFixed(2)} dB`);
  }
  const [chosen, minmax] = figures as [Figures, Figures];
  const holds = chosen.mean >= minmax.mean - MOST_LOST.mean && chosen.worst >= minmax.worst - MOST_LOST.worst;
  console.log(holds ? 'holds' : 'does not hold');
  if (!holds) process.exitCode = 1;
  for (const session of [reference, ...sessions]) await session.release();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

interface Figures {
  mean: number;
  worst: number;
}

/** SQNR in dB of each session's outputs; of several outputs the lowest. */
async function fidelity(
  dataset: Pick<Dataset, 'samples'>,
  { reference, sessions }: { reference: Session; sessions: readonly Session[] },
): Promise<Figures[]> {
  const totals = sessions.map(() => new Map<string, OutputFidelity>());
  const worst = sessions.map(() => Number.POSITIVE_INFINITY);
  for await (const { feeds } of dataset.samples()) {
    const expected = await reference.run(feeds);
    for (const [index, session] of sessions.entries()) {
      const found = await session.run(feeds);
      const alone = new Map<string, OutputFidelity>();
      add(totals[index]!, expected, found);
      add(alone, expected, found);
      worst[index] = Math.min(worst[index]!, lowest(alone));
    }
  }
  return totals.map((outputs, index) => ({ mean: lowest(outputs), worst: worst[index]! }));
}

function add(outputs: Map<string, OutputFidelity>, expected: Feeds, found: Feeds): void {
  for (const [name, tensor] of Object.entries(expected)) {
    if (!isFloatType(tensor.type)) continue;
    if (!outputs.has(name)) outputs.set(name, new OutputFidelity('none'));
    outputs.get(name)!.add(tensor, found[name]!);
  }
}

function lowest(outputs: ReadonlyMap<string, OutputFidelity>): number {
  return Math.min(...[...outputs.values()].map((output) => output.result().sqnr ?? Number.NaN));
}

function describe(choice: RangeChoice | null): string {
  return choice === null || choice === EXTREMES ? 'minmax' : String(choice);
}
