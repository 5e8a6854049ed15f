/** Fetches the model of an example and makes its data: run by `npm run demo NAME`. Everything lands in examples/NAME/fetched. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCache } from '../../bench/models/fetch.js';
import { prepareDetector } from './detector.js';
import { prepareRecognizer } from './recognizer.js';
import { prepareTextClassifier } from './text-classifier.js';

/** Where packages are kept, and the folder that takes model and data. */
export interface Preparation {
  cache: string;
  folder: string;
}

const EXAMPLES: Record<string, (preparation: Preparation) => Promise<void>> = {
  detector: prepareDetector,
  recognizer: prepareRecognizer,
  'text-classifier': prepareTextClassifier,
};

const [name = '', folder = ''] = process.argv.slice(2);
const prepare = EXAMPLES[name];
if (!prepare || !folder)
  throw new Error(`usage: prepare NAME FOLDER (NAME is ${Object.keys(EXAMPLES).join(', ')})`);
// Complete or absent.
const partial = join(folder, `.fetched-${process.pid}`);
try {
  mkdirSync(partial, { recursive: true });
  await prepare({ cache: defaultCache(), folder: partial });
  rmSync(join(folder, 'fetched'), { recursive: true, force: true });
  renameSync(partial, join(folder, 'fetched'));
} finally {
  rmSync(partial, { recursive: true, force: true });
}
