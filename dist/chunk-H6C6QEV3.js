import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  comparisonTable,
  subjectNames
} from "./chunk-GS2ZJRLS.js";
import {
  aloneOnGpu,
  openTensorRtEngines
} from "./chunk-QZKSZ7HT.js";
import {
  measureLatency
} from "./chunk-IZQF6FWG.js";
import {
  assertShapesKnown
} from "./chunk-WWK6ANO5.js";
import "./chunk-27DI4K3I.js";
import "./chunk-M5WQ36NC.js";
import {
  modelBytes
} from "./chunk-6UF3QENQ.js";
import {
  modelInputs
} from "./chunk-AQMFQ5P4.js";
import "./chunk-KWJTZ5O5.js";
import {
  DEFAULT_BENCHMARK
} from "./chunk-5FHREP6Y.js";
import {
  parseDuration
} from "./chunk-QGGL5KXY.js";
import "./chunk-V3ZUR56S.js";
import "./chunk-GPC3L3RH.js";
import {
  ORIGINAL
} from "./chunk-FKHBUIO2.js";
import "./chunk-J6LORSIW.js";
import {
  readModel
} from "./chunk-CTCCJ4DQ.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-THY4HZQJ.js";
import "./chunk-PPDM2O2Z.js";
import "./chunk-7WTHJFBX.js";
import "./chunk-DVVUUUNP.js";
import "./chunk-HCMXGMTG.js";
import {
  EXIT,
  UserError
} from "./chunk-KJWZXA2F.js";
import "./chunk-XNDQ27F5.js";

// src/cli/bench.ts
async function benchCommand(context, models, options) {
  const documents = models.map((model) => readModel(model));
  const names = subjectNames(models);
  const [reference, ...others] = models.map((file, index) => ({ name: names[index], file }));
  const benchmark = {
    ...DEFAULT_BENCHMARK,
    providers: [options.provider],
    batch: [options.batch],
    concurrency: [options.concurrency],
    budgetMs: parseDuration(options.budget),
    shapes: parseShapes(options.shape ?? []),
    threads: context.options.threads ? [context.options.threads] : "auto"
  };
  assertShapesKnown(benchmark.shapes, documents.flatMap(modelInputs), "--shape");
  const { signal, log } = context;
  const { provider } = options;
  const runtime = await context.runtime();
  const { measurements, notes } = await aloneOnGpu({ provider, signal, log }, async () => {
    const engines = provider === "tensorrt" ? await openTensorRtEngines({ signal, log }) : null;
    return measureLatency({
      model: reference.name,
      original: { file: reference.file },
      variants: others,
      provider,
      runtime,
      benchmark,
      confidence: 0.95,
      engines,
      signal,
      log
    }).finally(() => engines?.remove());
  });
  const sizes = {};
  for (const { name, file } of [reference, ...others]) sizes[name] = await modelBytes(file);
  const named = measurements.map((entry) => ({
    ...entry,
    variant: entry.variant === ORIGINAL ? reference.name : entry.variant
  }));
  for (const note of notes) context.log.warn(note.message);
  context.print(
    { reference: reference.name, sizes, measurements: named, notes },
    () => comparisonTable(named, sizes)
  );
  return named.some((entry) => entry.status === "invalid") ? EXIT.failedCheck : EXIT.pass;
}
function parseShapes(texts) {
  const shapes = {};
  for (const text of texts) {
    const match = /^(.+)=(\d+)$/.exec(text);
    if (!match || Number(match[2]) < 1)
      throw new UserError(`--shape ${text}: expected a name and a size, e.g. sequence=128.`);
    shapes[match[1]] = Number(match[2]);
  }
  return shapes;
}
export {
  benchCommand
};
