/** What the reader of timings should know about how they came about, each with what to do. */
import type { CellContext } from './latency.js';
import type { Note } from './measurement.js';

/** Notes of one cell. */
export function timingNotes(context: CellContext): Note[] {
  return [...inconclusive(context), ...warmUps(context)];
}

function inconclusive({ campaign, plan, request }: CellContext): Note[] {
  if (campaign.stopped !== 'budget' || request.variants.length === 0) return [];
  return [
    note(
      context(request.model),
      'info',
      'latency.budget',
      `The latency ratio on ${request.provider} is known less precisely than ±${(plan.precision * 100).toFixed(1)} % after ` +
        `${(campaign.tookMs / 1000).toFixed(0)} s. Raise benchmark.budget, or measure on a quieter machine.`,
    ),
  ];
}

function warmUps({ campaign, subjects, request }: CellContext): Note[] {
  return subjects.flatMap((subject) => {
    const unstable = campaign.records.get(subject.key)!.filter((record) => !record.warmUp.stable).length;
    if (unstable * 2 < campaign.launches) return [];
    return [
      note(
        { model: request.model, variant: subject.variant },
        'warn',
        'latency.warm-up',
        `${subject.key} had not reached a steady speed after its warm-up in ${unstable} of ${campaign.launches} launches: ` +
          'something else is using this machine, or its clocks move. Measure on a quieter machine.',
      ),
    ];
  });
}

const context = (model: string) => ({ model, variant: null });

function note(
  where: { model: string; variant: string | null },
  level: Note['level'],
  code: string,
  message: string,
): Note {
  return { level, code, message, ...where };
}
