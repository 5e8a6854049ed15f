/** What a pull request that changes a baseline is told: the base's holds, and what later ones will be compared with. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { BaselineConfig, Config, ModelConfig } from '../../config/config.js';
import type { Note } from '../../terms/measurement.js';
import type { Report } from '../../terms/report.js';
import { counterpart } from '../base/models.js';

/** One for each model whose baseline is another one than the base's configuration says. */
export function baselineChanges(head: Config, base: Config, report: Pick<Report, 'models'>): Note[] {
  return head.models.flatMap((model) => {
    const before = counterpart(model, base)?.baseline ?? null;
    if (isDeepStrictEqual(contentOf(before), contentOf(model.baseline))) return [];
    const measured = report.models.find(({ name }) => name === model.name)?.sha256;
    return noteOf(model, before, measured ?? null);
  });
}

/** Where the file lies decides nothing. */
function contentOf(baseline: BaselineConfig | null): object | null {
  return baseline && { ...baseline, file: '' };
}

function noteOf(
  { name, baseline }: ModelConfig,
  before: BaselineConfig | null,
  measured: string | null,
): Note {
  const from = before ? `from ${short(before)} ` : '';
  const holds = before ? "The base's holds for this run. " : '';
  const what = baseline
    ? `This pull request sets the baseline ${from}to ${short(baseline)}. ${holds}${afterwards(baseline, measured)}`
    : `This pull request takes the baseline away (${short(before!)}). ${holds}Later ones are compared with the model in git.`;
  const own = baseline !== null && baseline.sha256 === measured;
  return {
    level: own ? 'info' : 'warn',
    code: 'baseline.changed',
    message: what,
    model: name,
    variant: null,
  };
}

function afterwards({ sha256 }: BaselineConfig, measured: string | null): string {
  return sha256 === measured
    ? 'Later ones are compared with the model that is measured here.'
    : `Later ones are compared with it, which is not the model that is measured here${measured ? ` (${measured.slice(0, 16)})` : ''}.`;
}

function short({ sha256 }: BaselineConfig): string {
  return sha256.slice(0, 16);
}
