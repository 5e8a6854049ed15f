/** Whether accuracy hangs on which samples calibrate: the same tools with a different fifth of the samples each time. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PARTS, type PreparedCase, prepareCase, type Sources } from './cases.js';
import { evaluateAll } from './measuring.js';
import { type Quantizer, quantizeWith } from './quantizers.js';

export interface SubsetResult {
  case: string;
  quantizer: string;
  /** Accuracy lost with each subset, on the samples outside of it. */
  drops: number[];
  /** Why there are no figures. */
  failed: string | null;
}

export interface SubsetsRequest {
  name: string;
  /** At most PARTS. */
  count: number;
  folder: string;
  sources: Sources;
  quantizers: readonly Quantizer[];
  threads: number;
  limitMs: number;
}

/** @throws Error when the case has no labels, or there are fewer parts than subsets. */
export async function compareSubsets(request: SubsetsRequest): Promise<SubsetResult[]> {
  const { name, count, quantizers } = request;
  if (count > PARTS) throw new Error(`--subsets: the samples are dealt out to ${PARTS} parts`);
  const results = quantizers.map(
    (quantizer): SubsetResult => ({ case: name, quantizer: quantizer.name, drops: [], failed: null }),
  );
  for (let part = 0; part < count; part++) {
    const folder = join(request.folder, `${name}-subset-${part}`);
    mkdirSync(folder, { recursive: true });
    const prepared = await prepareCase(name, { folder, sources: request.sources, part });
    if (prepared.accuracy === null || !prepared.dealtOut) {
      throw new Error(`--subsets: ${name} has no labels, or calibration samples of its own`);
    }
    addDrops(results, prepared, { ...request, folder });
  }
  return results;
}

function addDrops(
  results: readonly SubsetResult[],
  prepared: PreparedCase,
  { quantizers, folder, threads, limitMs }: SubsetsRequest,
): void {
  const outcomes = quantizers.map((quantizer) => quantizeWith(quantizer, prepared, { folder, limitMs }));
  const made = outcomes.filter(({ failed }) => failed === null);
  const found = evaluateAll(prepared, made, { threads });
  for (const [index, outcome] of outcomes.entries()) {
    const result = results[index]!;
    const quality = found.get(outcome);
    if (quality && 'drop' in quality && quality.drop !== null) result.drops.push(quality.drop);
    else {
      result.failed ??=
        outcome.failed ?? (quality && 'failed' in quality ? quality.failed : 'no accuracy was measured');
    }
  }
}
