/** Ids of models and variants, for links into the page: stable between runs, distinct for distinct names. */
import { fileName } from '../../words/escape.js';

/** Of a model's details. A name's characters that an id or an address could trip over are replaced. */
export function modelAnchor(model: string): string {
  return `model-${fileName(model)}`;
}

/** Of a variant's first row in the main table. */
export function variantAnchor(model: string, variant: string): string {
  // No file name holds a slash: two pairs of names never meet.
  return `variant-${fileName(model)}/${fileName(variant)}`;
}
