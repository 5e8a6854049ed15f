/** What is odd about a model's data and no error. */

import type { ValueMeta } from '../tensor/value-meta.js';
import type { Note } from '../terms/measurement.js';
import { notNormalized } from './images/not-normalized.js';
import type { StoredDataset } from './samples/dataset.js';

interface Opened {
  calibration: StoredDataset | null;
  evaluation: StoredDataset | null;
  /** Whether the labels of the evaluation data count. */
  scored: boolean;
}

/** Said before what may be refused next: they explain it. */
export function oddData(
  { calibration, evaluation, scored }: Opened,
  inputs: readonly ValueMeta[],
): Pick<Note, 'level' | 'code' | 'message'>[] {
  const warnings = [
    ...[calibration, evaluation].flatMap((data) => data?.warnings ?? []),
    ...(scored ? (evaluation?.labelWarnings ?? []) : []),
  ];
  const silent = calibration && notNormalized(calibration, inputs);
  return [
    ...[...new Set(warnings)].map((message) => ({ level: 'warn', code: 'data.odd', message }) as const),
    ...(silent === null ? [] : [{ level: 'warn', code: 'data.not-normalized', message: silent } as const]),
  ];
}
