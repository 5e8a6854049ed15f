/** Names a variant's file, with its target where several files share the name. */
import type { ModelReport, VariantReport } from '../../terms/report.js';

export function variantName({ name, target }: VariantReport, { variants }: ModelReport): string {
  const files = variants.filter((variant) => variant.name === name);
  return files.length > 1 && target !== null ? `${name} for ${target}` : name;
}
