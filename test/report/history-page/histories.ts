/** Histories of any length: two models on two machines, one variant of which fails now and then. */
import { type HistoryEntry, historyEntries } from '../../../src/report/history.js';
import { manyModels } from '../many-models.js';
import { CPU_MACHINE, GPU_MACHINE } from '../sample-reports.js';

const SHA = '0123456789abcdef';

/** `runs` runs on each of two machines, oldest first; figures wander a little, the same on every call. */
export function historyOf(runs: number, models = 2): HistoryEntry[] {
  return Array.from({ length: runs }, (_, run) => {
    const fails = run % 5 === 3;
    const report = manyModels({
      models,
      latency: ({ model, variant }) =>
        fails && model === 'resnet50' && variant === 'int8' ? 'fail' : 'pass',
    });
    return [CPU_MACHINE, GPU_MACHINE].flatMap((machine) =>
      historyEntries({
        ...report,
        startedAt: `2026-${String(1 + Math.floor(run / 28)).padStart(2, '0')}-${String(1 + (run % 28)).padStart(2, '0')}T08:00:00Z`,
        environment: machine,
        source: { ...report.source!, sha: SHA.repeat(3).slice(run % 8, (run % 8) + 40), runId: run + 1 },
      }).map((entry) => ({
        ...entry,
        rows: entry.rows.map((row, at) => ({
          ...row,
          latencyMs:
            row.latencyMs! * (1 + 0.03 * Math.sin(run * 1.7 + at)) * (machine === GPU_MACHINE ? 0.4 : 1),
        })),
      })),
    );
  }).flat();
}
