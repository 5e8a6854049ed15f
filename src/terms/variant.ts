import type { Note } from './measurement.js';
import type { VariantReport } from './report.js';

/** A variant of a model, as it was made for one target. */
export interface Variant {
  name: string;
  /** Absolute path of its file; null when it could not be made. */
  file: string | null;
  /** Providers it is measured on. */
  providers: string[];
  report: VariantReport;
  notes: Note[];
}

/** What was built from the base revision, to be measured beside the head's variants. */
export interface BaseFiles {
  /** The base's original model. */
  original: string | null;
  /** By head variant. */
  variants: Map<Variant['name'], Variant[]>;
}
