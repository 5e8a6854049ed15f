/** One layer by itself, weights and inputs out of a seed: what fitting it to its inputs costs, and gains. */
import { Factors } from '../../src/quantize/gptq/codes/factor-hessian.js';
import type { Hessian } from '../../src/quantize/gptq/inputs/hessian.js';
import { type Matrices, withMatrices } from '../../src/quantize/gptq/matrices/matrices.js';
import { roundLayer } from '../../src/quantize/gptq/round-layer.js';
import { loadRuntime } from '../../src/runtime/load.js';
import { seededNormal } from '../peers/seeded-images.js';

export interface LayerSize {
  depth: number;
  channels: number;
}

/** "4096x11008": inputs, then outputs. @throws Error for anything else. */
export function layerSize(text: string): LayerSize {
  const found = /^(\d+)x(\d+)$/.exec(text);
  if (!found) throw new Error(`a layer is given as INPUTSxOUTPUTS, not '${text}'`);
  return { depth: Number(found[1]), channels: Number(found[2]) };
}

/** Prints a row of a table per layer: 4 bits in blocks of 32, asymmetric. */
export async function measureLayers(sizes: readonly LayerSize[], threads: number): Promise<void> {
  console.log(
    '| layer | to the nearest | fitted | seconds (of CPU) | K² · N per second of CPU | peak memory of the process so far |',
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  const runtime = await loadRuntime();
  await withMatrices({ runtime, threads }, async (matrices) => {
    for (const { depth, channels } of sizes) {
      const hessian = await seededHessian(depth, matrices);
      const normal = seededNormal(1);
      const weights = Float32Array.from({ length: depth * channels }, normal);
      const [started, before] = [performance.now(), process.cpuUsage()];
      const format = { bits: 4, blockSize: 32, symmetric: false } as const;
      const { nearest, error } = await roundLayer(weights, {
        format,
        hessian,
        factors: new Factors(matrices),
        matrices,
      });
      const seconds = (performance.now() - started) / 1000;
      const { user, system } = process.cpuUsage(before);
      const cpuSeconds = (user + system) / 1e6;
      const decibels = (share: number) => `${(-10 * Math.log10(share)).toFixed(2)} dB`;
      const peak = (process.resourceUsage().maxRSS / 1000).toFixed(0);
      const rate = ((depth * depth * channels) / cpuSeconds).toExponential(1);
      console.log(
        `| ${depth} × ${channels} | ${decibels(nearest)} | ${decibels(error)} | ${seconds.toFixed(0)} s (${cpuSeconds.toFixed(0)} s) | ${rate} | ${peak} MB |`,
      );
    }
  });
}

/** Causes that the inputs have in common, for each input one in so many: real layers' inputs go together. */
const INPUTS_PER_CAUSE = 8;
const OWN_NOISE = 0.3;

/** Of as many vectors as a layer needs: sums of a few causes, some of them louder than others. */
async function seededHessian(size: number, matrices: Matrices): Promise<Hessian> {
  const rows = 2 * size;
  const hidden = Math.ceil(size / INPUTS_PER_CAUSE);
  const normal = seededNormal(2);
  const loudness = Float32Array.from({ length: hidden }, () => Math.exp(normal()) / Math.sqrt(hidden));
  const causes = Float32Array.from({ length: rows * hidden }, (_, at) => normal() * loudness[at % hidden]!);
  const mix = Float32Array.from({ length: hidden * size }, normal);
  const data = await matrices.multiply(
    { rows, columns: hidden, data: causes },
    { rows: hidden, columns: size, data: mix },
  );
  const inputs = Float32Array.from(data, (value) => value + OWN_NOISE * normal());
  const values = await matrices.gram({ rows, columns: size, data: inputs });
  return { size, values: values.map((value) => value / rows), rows };
}
