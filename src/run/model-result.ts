/** What one model comes to: its part of the report, and what is judged. */
import type { Measurement, Note } from '../terms/measurement.js';
import type { ModelReport } from '../terms/report.js';
import type { UnreadableBase } from '../terms/unreadable-base.js';

export interface ModelResult {
  report: ModelReport;
  measurements: Measurement[];
  notes: Note[];
  /** Where the base should be and can't be read; absent in results kept by earlier versions. */
  unreadableBase?: UnreadableBase[];
}
