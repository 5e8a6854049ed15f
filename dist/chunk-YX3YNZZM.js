import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  comparisonTable,
  subjectNames
} from "./chunk-3EA4NFDC.js";
import {
  aloneOnGpu,
  openTensorRtEngines
} from "./chunk-VQAC34FS.js";
import {
  measureLatency
} from "./chunk-P4ZRDNJ3.js";
import "./chunk-HK6CHRLM.js";
import "./chunk-27DI4K3I.js";
import "./chunk-AQF5U6DS.js";
import {
  modelInputs
} from "./chunk-VNHOIS2Q.js";
import {
  modelBytes
} from "./chunk-QEDOCN6H.js";
import "./chunk-RPSENMCZ.js";
import {
  DEFAULT_BENCHMARK
} from "./chunk-V4CTKNK7.js";
import {
  parseDuration
} from "./chunk-5A25ZMJN.js";
import {
  assertShapesKnown
} from "./chunk-7TIY6MZ6.js";
import "./chunk-Q564MQFU.js";
import {
  ORIGINAL
} from "./chunk-4HVFDZ7G.js";
import "./chunk-2JG2ST7N.js";
import {
  readModel
} from "./chunk-A52USPEN.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-65YWRPIP.js";
import "./chunk-OKSQO7JT.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-57WIVW7N.js";
import "./chunk-DFCMXZVG.js";
import "./chunk-452KY5UG.js";
import {
  EXIT,
  UserError
} from "./chunk-IYM25C4U.js";
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
  const { provider } = options;
  const run = await context.toRun();
  const { measurements, notes } = await aloneOnGpu({ provider, context: run }, async () => {
    const engines = provider === "tensorrt" ? await openTensorRtEngines({ context: run }) : null;
    return measureLatency({
      model: reference.name,
      original: { file: reference.file },
      variants: others,
      provider,
      context: run,
      benchmark,
      confidence: 0.95,
      engines
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
