import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { evaluateCustom } from '../../../src/measure/accuracy/evaluator/custom.js';
import { workerRunner } from '../../../src/measure/accuracy/runner.js';
import { loadRuntime } from '../../../src/runtime/load.js';
import { startWorker } from '../../../src/runtime/worker/worker.js';

const shared = process.env.QUANTGATE_TEST_DATA ?? 'nowhere';
const file = `${shared}/models/ppocr-rec.onnx`;
const lines = `${shared}/data/text-lines`;
const HAS_LINES = existsSync(file) && existsSync(lines);
/** The model reads 97.0 % of all 300 lines; 37 of the first 40, which keep the test short. */
const LIMIT = 40;

afterEach(() => {
  delete process.env.TEXT_LINES;
  delete process.env.TEXT_LINES_LIMIT;
});

describe('a text recognizer judged by the whole chain', () => {
  it.skipIf(!HAS_LINES)(
    'reads lines through the user’s own preprocessing and decoding (needs QUANTGATE_TEST_DATA with models/ppocr-rec.onnx and data/text-lines)',
    async () => {
      process.env.TEXT_LINES = lines;
      process.env.TEXT_LINES_LIMIT = String(LIMIT);
      const worker = await startWorker({ model: file, runtime: await loadRuntime() });
      try {
        const [measurement] = await evaluateCustom({
          model: 'ppocr-rec',
          provider: 'cpu',
          confidence: 0.95,
          evaluator: {
            module: resolve(import.meta.dirname, 'fixtures/text-lines.mjs'),
            higherIsBetter: true,
            timeoutMs: 120_000,
          },
          runners: [{ ...workerRunner(worker, 'original'), file }],
          dataset: null,
          directory: import.meta.dirname,
          log: SILENT,
        });
        expect(measurement).toMatchObject({ metric: 'accuracy.exact', status: 'ok' });
        expect(measurement!.value).toBeGreaterThanOrEqual(0.9);
      } finally {
        await worker.close();
      }
    },
    150_000,
  );
});
