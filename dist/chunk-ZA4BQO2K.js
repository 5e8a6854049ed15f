import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  comparisonTable,
  subjectNames
} from "./chunk-YRFJ2VOM.js";
import {
  aloneOnGpu,
  openTensorRtEngines
} from "./chunk-Y37HKM2I.js";
import {
  measureLatency
} from "./chunk-HMNURZ3L.js";
import "./chunk-YFYDZQFU.js";
import {
  modelBytes
} from "./chunk-KL4S4GDE.js";
import "./chunk-IRS7RKVC.js";
import "./chunk-AQF5U6DS.js";
import {
  modelInputs
} from "./chunk-BVHWY5TI.js";
import {
  parseDuration
} from "./chunk-5A25ZMJN.js";
import {
  assertShapesKnown
} from "./chunk-NAGRX56O.js";
import {
  ORIGINAL
} from "./chunk-MXXY4EXN.js";
import "./chunk-DBYFNPEJ.js";
import "./chunk-QBQKLG2U.js";
import "./chunk-MK6PZPSP.js";
import "./chunk-LB3U3NNG.js";
import "./chunk-2BQ5FZ24.js";
import {
  readModel
} from "./chunk-IZBBBSAD.js";
import "./chunk-YKREVSBC.js";
import "./chunk-DDUI4A4C.js";
import "./chunk-YI7OXUMY.js";
import "./chunk-IOOXQZY3.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-7TKFABJD.js";
import "./chunk-65YWRPIP.js";
import "./chunk-OKSQO7JT.js";
import "./chunk-57WIVW7N.js";
import "./chunk-OEIIXWBO.js";
import {
  DEFAULT_BENCHMARK
} from "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
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
