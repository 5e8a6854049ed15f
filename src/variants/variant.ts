import type { Note } from '../terms/measurement.js';
import type { VariantReport } from '../terms/report.js';

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
