/** Models and variants of several runs, each once; different files under one name are told. */

import type { ModelReport, Report, VariantReport } from '../../terms/report.js';

import { type Notes, warning } from './notes.js';
/** Models by name, variants by name within them; different files under one name are told. */
export function mergeModels(reports: readonly Report[], notes: Notes): ModelReport[] {
  const models = new Map<string, ModelReport>();
  for (const report of reports) {
    for (const model of report.models) {
      const known = models.get(model.name);
      if (!known) {
        models.set(model.name, model);
        continue;
      }
      if (known.sha256 !== model.sha256) {
        notes.add({
          ...warning(
            'merge.model',
            'The reports measured different files under this name: their figures must not be compared.',
          ),
          model: model.name,
        });
      }
      models.set(model.name, {
        ...known,
        variants: mergeVariants(known, model, notes),
        ...mergeSamples(known, model),
      });
    }
  }
  return [...models.values()];
}

/** Each sample once, by its id. */
function mergeSamples(known: ModelReport, other: ModelReport): Pick<ModelReport, 'samples'> {
  const samples = new Map([...(other.samples ?? []), ...(known.samples ?? [])].map((one) => [one.id, one]));
  return samples.size === 0 ? {} : { samples: [...samples.values()] };
}

function mergeVariants(known: ModelReport, other: ModelReport, notes: Notes): VariantReport[] {
  const keyOf = ({ name, target }: VariantReport) => JSON.stringify([name, target]);
  const variants = new Map(known.variants.map((variant) => [keyOf(variant), variant]));
  for (const variant of other.variants) {
    const same = variants.get(keyOf(variant));
    if (!same) {
      variants.set(keyOf(variant), variant);
      continue;
    }
    if (same.sha256 !== variant.sha256) {
      notes.add({
        ...warning(
          'merge.variant',
          'The reports made different files of this variant (another target, runtime or calibration set); each was measured by its own run.',
        ),
        model: known.name,
        variant: variant.name,
      });
    }
    // A run that could not make it must not be hidden by one that could.
    if (same.status === 'ok' && variant.status === 'failed') variants.set(keyOf(variant), variant);
  }
  return [...variants.values()];
}
