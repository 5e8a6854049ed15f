/** A report that shows samples: pictures of two, the text of a third, one by its id alone. */
import type { Measurement } from '../../src/terms/measurement.js';
import type { Report } from '../../src/terms/report.js';
import type { WorstSample } from '../../src/terms/worst-sample.js';
import { PASSING } from './sample-reports.js';

/** A JPEG file of 8 × 6 pixels: header, tables, frame, one scan, and its end. */
export const JPEG =
  '/9j/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAGAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAwX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCIBPG//9k=';

export const WORST: WorstSample[] = [
  {
    sample: 'cat/1.jpg',
    label: 'cat',
    original: 'cat, 91%',
    variant: 'dog, 55%',
    figures: [1, 0],
    scores: [0.91, 0.4],
  },
  {
    sample: 'dog/7.jpg',
    label: 'dog',
    original: 'dog, 70%',
    variant: 'dog, 52%',
    figures: [1, 1],
    scores: [0.7, 0.52],
  },
  {
    sample: 'line 3',
    label: '',
    original: '<b>3</b>',
    variant: '`4`',
    figures: [0.1, null],
    scores: [null, null],
  },
  { sample: 'line 4', label: '', original: '', variant: '', figures: [0.1, 0.2], scores: [null, null] },
];

export const WORST_REPORT: Report = (() => {
  const report = structuredClone(PASSING);
  const [model] = report.models;
  model!.samples = [
    { id: 'cat/1.jpg', thumbnail: JPEG },
    { id: 'dog/7.jpg', thumbnail: JPEG },
    { id: 'line 3', text: 'a < b & "c"' },
  ];
  report.measurements = report.measurements.map((item: Measurement) =>
    item.metric.startsWith('accuracy.') && item.drop !== null ? { ...item, worst: WORST } : item,
  );
  return report;
})();
