/** What the reader of timings should know about how they came about, each with what to do. */

import { isolatedCpus } from '../../machine/cores.js';
import { disturbance } from '../../machine/machine.js';
import { median } from '../../statistics/order.js';
import { type Note, ORIGINAL } from '../../terms/measurement.js';
import type { LaunchRecord } from './launches.js';
import { earnedConfidence } from './plan.js';
import { type CellContext, cellLabel } from './request.js';

/** Share of all cores' time that other processes may take before it is worth a word. */
const OTHER_LOAD = 0.1;
/** Share that the hypervisor may take. */
const STOLEN = 0.02;
/** Change of the original's latency from the first to the last third of the launches. */
const DRIFT = 0.1;
/** Median run below which the call itself is a visible part of it: about 8 µs in onnxruntime-node. */
const BINDING_FLOOR_MS = 0.1;

type Say = Pick<Note, 'level' | 'code' | 'message'>;

/** Notes of one cell. */
export function timingNotes(context: CellContext): Note[] {
  const { model } = context.request;
  return [
    ...budget(context),
    ...machine(context),
    ...drift(context),
    ...bindingFloor(context),
    ...outputs(context),
    ...pinning(context),
  ]
    .map((note): Note => ({ ...note, model, variant: null }))
    .concat(warmUps(context));
}

function budget({ campaign, plan, request, cell }: CellContext): Say[] {
  const { launches, tookMs, planned, stopped } = campaign;
  if (stopped === 'precise' || stopped === 'failed' || request.variants.length === 0) return [];
  const launched = `${launches} ${launches === 1 ? 'launch' : 'launches'}`;
  const most = stopped === 'launches';
  const end = most
    ? `The timing ended after ${launched}, the most that are made,`
    : `The budget of ${plan.budgetMs < 1_000 ? `${Number(plan.budgetMs.toPrecision(2))} ms` : `${Number((plan.budgetMs / 1_000).toFixed(1))} s`} ended after ${launched},`;
  const needed =
    planned === null || planned > plan.maxLaunches
      ? ''
      : ` About ${Math.ceil(((tookMs / launches) * planned) / 1000)} s would do.`;
  const sure = Number(earnedConfidence(plan.confidence, stopped).toFixed(6));
  const advice = most
    ? 'Measure on a quieter machine.'
    : 'Raise benchmark.budget, or measure on a quieter machine.';
  return [
    {
      level: 'info',
      code: 'latency.budget',
      message:
        `${end} before the latency ratio on ${request.provider}${cellLabel(request.benchmark, cell)} was known to ±${(plan.precision * 100).toFixed(1)} %.` +
        ` Its bounds are stated with a confidence of ${sure} instead of ${plan.confidence}.${needed} ${advice}`,
    },
  ];
}

function machine({ machine: { before, after } }: CellContext): Say[] {
  if (!before || !after) return [];
  const { otherLoad, stolen, throttledPeriods } = disturbance(before, after);
  const notes: Say[] = [];
  if (otherLoad > OTHER_LOAD) {
    notes.push({
      level: 'warn',
      code: 'noise.load',
      message: `Other processes kept ${(otherLoad * before.cores).toFixed(1)} of ${before.cores} cores busy during the timing. Run quantgate alone on this machine.`,
    });
  }
  if (stolen > STOLEN) {
    notes.push({
      level: 'warn',
      code: 'noise.steal',
      message: `The hypervisor gave ${percent(stolen)} of the CPU time to other machines. Expect wide intervals; a dedicated runner has none of this.`,
    });
  }
  if (throttledPeriods > 0) {
    notes.push({
      level: 'warn',
      code: 'noise.quota',
      message: `The container's CPU limit stopped the process ${throttledPeriods} times during the timing. Raise the limit, or set benchmark.threads to at most ${Math.max(1, Math.floor(before.quota ?? 1))}.`,
    });
  }
  if (before.governor !== null && before.governor !== 'performance') {
    notes.push({
      level: 'info',
      code: 'noise.governor',
      message: `The CPU frequency governor is '${before.governor}': clocks follow the load. For absolute latencies set it to performance.`,
    });
  }
  const change = median(after.frequenciesMHz) / median(before.frequenciesMHz);
  if (change < 0.9) {
    notes.push({
      level: 'info',
      code: 'noise.frequency',
      message: `The cores' clock was ${percent(1 - change)} lower after the timing than before: heat or a power limit. Ratios are not affected, absolute latencies are.`,
    });
  }
  return notes;
}

function drift({ campaign, request }: CellContext): Say[] {
  const medians = (campaign.records.get(ORIGINAL) ?? []).map(launchMedian);
  const third = Math.floor(medians.length / 3);
  if (third === 0) return [];
  const change = median(medians.slice(-third)) / median(medians.slice(0, third)) - 1;
  if (Math.abs(change) < DRIFT) return [];
  return [
    {
      level: 'info',
      code: 'noise.drift',
      message:
        `The original's latency on ${request.provider} ${change > 0 ? 'rose' : 'fell'} by ${percent(Math.abs(change))} during the timing. ` +
        'Alternating blocks keep that out of the ratios; the absolute latencies hold it.',
    },
  ];
}

function bindingFloor({ campaign, request }: CellContext): Say[] {
  const medians = (campaign.records.get(ORIGINAL) ?? []).map(launchMedian);
  if (medians.length === 0 || median(medians) >= BINDING_FLOOR_MS) return [];
  return [
    {
      level: 'info',
      code: 'latency.binding-floor',
      message: `An inference on ${request.provider} takes less than ${BINDING_FLOOR_MS} ms, of which the call itself is about 0.01 ms: ratios are understated. Compare at a larger batch.`,
    },
  ];
}

function outputs({ campaign, subjects }: CellContext): Say[] {
  const reused = subjects.map(({ key }) => campaign.records.get(key)?.[0]?.warmUp.outputsReused);
  if (!reused.includes(true) || !reused.includes(false)) return [];
  return [
    {
      level: 'warn',
      code: 'latency.outputs',
      message:
        'The output shapes of some of these models vary from run to run, so that their outputs are allocated anew each time while the ' +
        "others' are written in place: expect them to look slower than they are.",
    },
  ];
}

function pinning({ cell }: CellContext): Say[] {
  const cpus = isolatedCpus();
  if (cpus.length === 0 || cpus.length < cell.threads * cell.concurrency) return [];
  return [
    { level: 'info', code: 'noise.pinned', message: `Timed on the isolated cores ${cpus.join(', ')}.` },
  ];
}

function launchMedian(record: LaunchRecord): number {
  return median(record.blocks.map((block) => median(block.durationsMs)));
}

function warmUps({ campaign, subjects, request }: CellContext): Note[] {
  return subjects.flatMap((subject): Note[] => {
    const unstable = campaign.records.get(subject.key)!.filter((record) => !record.warmUp.stable).length;
    if (unstable === 0 || unstable * 2 < campaign.launches) return [];
    return [
      {
        level: 'info',
        code: 'noise.warm-up',
        model: request.model,
        variant: subject.variant,
        message:
          `Not at a steady speed after the warm-up in ${unstable} of ${campaign.launches} launches: ` +
          'something else uses this machine, or its clocks move. Measure on a quieter machine.',
      },
    ];
  });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
