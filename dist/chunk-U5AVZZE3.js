import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  comparisonTable
} from "./chunk-I6PXKBQY.js";
import {
  aloneOnGpu,
  openTensorRtEngines
} from "./chunk-XAIWNQPI.js";
import {
  measureLatency
} from "./chunk-35DSAKYR.js";
import "./chunk-PONHABKL.js";
import {
  modelBytes
} from "./chunk-OH62KL2M.js";
import {
  parseDuration
} from "./chunk-XBPD5MXU.js";
import {
  DEFAULT_BENCHMARK
} from "./chunk-SH2VHY7M.js";
import "./chunk-URHOUM2E.js";
import {
  ORIGINAL
} from "./chunk-FKHBUIO2.js";
import "./chunk-BEWSR2E7.js";
import "./chunk-UIZ46WAI.js";
import {
  readModel
} from "./chunk-T2UFW5GW.js";
import "./chunk-E3YGHAFB.js";
import "./chunk-PPDM2O2Z.js";
import "./chunk-MFEHEKHD.js";
import {
  EXIT,
  UserError
} from "./chunk-5PWBJZJP.js";
import "./chunk-XNDQ27F5.js";

// src/cli/bench.ts
import { basename } from "node:path";
async function benchCommand(context, models, options) {
  for (const model of models) readModel(model);
  const [reference, ...others] = models.map((file, index) => ({ name: nameOf(models, index), file }));
  const benchmark = {
    ...DEFAULT_BENCHMARK,
    providers: [options.provider],
    batch: [options.batch],
    concurrency: [options.concurrency],
    budgetMs: parseDuration(options.budget),
    shapes: parseShapes(options.shape ?? []),
    threads: context.options.threads ? [context.options.threads] : "auto"
  };
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
function nameOf(models, index) {
  const name = basename(models[index], ".onnx");
  const same = models.filter((model) => basename(model, ".onnx") === name).length;
  return same > 1 ? models.indexOf(models[index]) === index ? models[index] : `${models[index]} (${index + 1})` : name;
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
