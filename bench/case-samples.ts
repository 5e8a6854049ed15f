/** Model and samples of a configuration: some to calibrate on, others to judge by. */
import type { DataConfig } from '../src/config/data-config.js';
import { loadConfig } from '../src/config/read/load.js';
import { openDataset } from '../src/data/open.js';
import type { Dataset } from '../src/data/samples/dataset.js';
import type { Runtime } from '../src/runtime/runtime.js';
import { after } from './samples-after.js';

interface CaseSamples {
  /** Of the first model. */
  path: string;
  calibration: Dataset;
  /** Where both read the same data, the samples after those that calibrate. */
  evaluation: Pick<Dataset, 'samples'>;
}

/** @param counts numbers of samples, as the command line has them. */
export async function openCase(
  config: string,
  { runtime, counts }: { runtime: Runtime; counts: { calibration: string; evaluation: string } },
): Promise<CaseSamples> {
  const { path, data } = (await loadConfig(config)).models[0]!;
  const probe = await runtime.open(path, { graphOptimizationLevel: 'disabled', threads: 1 });
  const { inputs } = probe;
  await probe.release();
  const open = (from: DataConfig, limit: number) => openDataset({ ...from, limit }, inputs);
  const [calibrate, judge] = [Number(counts.calibration), Number(counts.evaluation)];
  const source = data.calibration ?? data.evaluation;
  if (!source) throw new Error('the config names no data');
  const shared = !data.calibration || !data.evaluation;
  const calibration = await open(source, calibrate);
  const evaluation = shared
    ? after(await open(source, calibrate + judge), calibrate)
    : await open(data.evaluation!, judge);
  return { path, calibration, evaluation };
}
