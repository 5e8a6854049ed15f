/** Models and variants that only one of two reports has, and files that are others. */
import { ORIGINAL } from '../../terms/measurement.js';
import type { ModelReport, Report, VariantReport } from '../../terms/report.js';

export interface ModelDifferences {
  /** Names. Untrusted. */
  added: string[];
  removed: string[];
  variants: VariantDifference[];
}

export interface VariantDifference {
  model: string;
  /** `original`: the model itself. */
  variant: string;
  /** made: it could not be made before. lost: it can't be made now. file: another file than before. */
  change: 'added' | 'removed' | 'made' | 'lost' | 'file';
}

export function modelDifferences(before: Report, after: Report): ModelDifferences {
  const names = ({ models }: Report) => models.map(({ name }) => name);
  const [had, has] = [new Set(names(before)), new Set(names(after))];
  return {
    added: names(after).filter((name) => !had.has(name)),
    removed: names(before).filter((name) => !has.has(name)),
    variants: after.models.flatMap((model) => {
      const earlier = before.models.find(({ name }) => name === model.name);
      return earlier === undefined ? [] : variantDifferences(earlier, model);
    }),
  };
}

function variantDifferences(before: ModelReport, after: ModelReport): VariantDifference[] {
  const of = (variant: string, change: VariantDifference['change']) => ({
    model: after.name,
    variant,
    change,
  });
  const own = ({ variants }: ModelReport) => variants.filter(({ name }) => name !== ORIGINAL);
  const earlier = new Map(own(before).map((variant) => [keyOf(variant), variant]));
  const later = new Set(own(after).map(keyOf));
  return [
    ...(before.sha256 === after.sha256 ? [] : [of(ORIGINAL, 'file')]),
    ...own(after).flatMap((variant) => {
      const known = earlier.get(keyOf(variant));
      if (known === undefined) return of(variant.name, 'added');
      if (known.status !== variant.status) return of(variant.name, variant.status === 'ok' ? 'made' : 'lost');
      return known.sha256 === variant.sha256 ? [] : of(variant.name, 'file');
    }),
    ...own(before).flatMap((variant) => (later.has(keyOf(variant)) ? [] : of(variant.name, 'removed'))),
  ];
}

function keyOf({ name, target }: VariantReport): string {
  return JSON.stringify([name, target]);
}
