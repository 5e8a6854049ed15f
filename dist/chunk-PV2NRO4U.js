import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  givenData,
  pickModel
} from "./chunk-DYX6VTLD.js";
import {
  quantizeVerified,
  targetOf
} from "./chunk-SJBRFS2J.js";
import {
  loadConfig,
  openDataset,
  unreadOptions
} from "./chunk-GX2LVYN6.js";
import {
  modelInputs
} from "./chunk-VNHOIS2Q.js";
import "./chunk-KJS7UW5T.js";
import {
  modelBytes,
  readModelOutline
} from "./chunk-QEDOCN6H.js";
import "./chunk-2HF4QNQX.js";
import "./chunk-RPSENMCZ.js";
import {
  defaultQuantize
} from "./chunk-V4CTKNK7.js";
import "./chunk-DL5XBHUJ.js";
import "./chunk-5A25ZMJN.js";
import "./chunk-OU7AXWVO.js";
import "./chunk-7TIY6MZ6.js";
import "./chunk-DVNG3BAF.js";
import "./chunk-Q564MQFU.js";
import "./chunk-4HVFDZ7G.js";
import {
  formatValue
} from "./chunk-2JG2ST7N.js";
import "./chunk-A52USPEN.js";
import "./chunk-AHEHHSZJ.js";
import "./chunk-H65EBBWF.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-QVHRYC6U.js";
import "./chunk-VPQXPBZ4.js";
import "./chunk-65YWRPIP.js";
import "./chunk-OKSQO7JT.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-7IRN5ITH.js";
import "./chunk-57WIVW7N.js";
import "./chunk-DFCMXZVG.js";
import "./chunk-452KY5UG.js";
import {
  EXIT,
  UserError,
  writeError
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/cli/quantize.ts
import { accessSync, constants, existsSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
async function quantizeCommand(context, model, options) {
  const outline = readModelOutline(model);
  assertOutput(model, options.out);
  if (!options.config && (options.model ?? options.variant) !== void 0) {
    const option = options.model === void 0 ? "--variant" : "--model";
    throw new UserError(`${option} names something in a config: give --config FILE with it.`);
  }
  const started = Date.now();
  const config = options.config ? await loadConfig(options.config) : null;
  const modelConfig = config ? pickModel(config, options.model, model) : null;
  const quantize = quantizeOptions(options, modelConfig);
  const calibrationConfig = await calibrationData(options, modelConfig);
  const run = await context.toRun();
  const calibration = calibrationConfig ? await openDataset(calibrationConfig, modelInputs(outline)) : null;
  for (const warning of calibration?.warnings ?? []) context.log.warn(warning);
  const result = await quantizeVerified({
    model,
    out: options.out,
    options: quantize,
    target: options.target ?? quantize.target ?? defaultTarget(quantize, config),
    calibration,
    context: run,
    verify: options.verify,
    repair: options.repair && quantize.repair,
    checks: config?.checks,
    subject: modelConfig ? { model: modelConfig.name, variant: options.variant ?? "" } : void 0
  });
  for (const note of result.notes) {
    if (note.level === "warn") context.log.warn(note.message);
    else context.log.info(note.message);
  }
  const [before, after] = [await modelBytes(model, outline), await modelBytes(result.file)];
  const summary = {
    ...result,
    sizeBytes: { original: before, quantized: after },
    durationMs: Date.now() - started
  };
  context.print(summary, () => {
    const ratio = (after / before).toFixed(2);
    const { quantized, float } = result.groups;
    return `${result.file}: ${result.method} for ${result.target}, ${formatValue(before, "bytes")} \u2192 ${formatValue(after, "bytes")} (${ratio}\xD7), ${quantized} groups quantized, ${float} kept float`;
  });
  return EXIT.pass;
}
function quantizeOptions(options, model) {
  const quantized = (model?.variants ?? []).filter((variant) => variant.kind === "quantize");
  const named = options.variant ? quantized.find(({ name }) => name === options.variant) : void 0;
  if (options.variant && !named) {
    const names = quantized.map(({ name }) => name).join(", ");
    throw new UserError(
      `No quantized variant is called '${options.variant}'. The config has: ${names || "none"}.`
    );
  }
  const base = named ?? (options.method ? void 0 : quantized[0]);
  const method = options.method ?? (options.plan ? "auto" : base?.method ?? "int8-static");
  const { preset, calibrator, percentile, plan, blockSize } = options;
  for (const { key, message } of unreadOptions(
    { preset, calibrator, percentile, plan, "block-size": blockSize },
    method
  ))
    throw new UserError(`--${key}: ${message}.`);
  const start = base ? withoutName(base) : defaultQuantize(method);
  return {
    ...start,
    method,
    preset: preset ?? start.preset,
    calibrator: percentile === void 0 ? calibrator ?? start.calibrator : "percentile",
    percentile: percentile ?? start.percentile,
    include: options.include ?? start.include,
    exclude: options.exclude ?? start.exclude,
    blockSize: blockSize ?? start.blockSize,
    plan: plan ? resolve(plan) : start.plan
  };
}
function withoutName({ name: _name, kind: _kind, ...options }) {
  return options;
}
async function calibrationData(options, model) {
  const fromConfig = model?.data.calibration ?? null;
  const limit = options.calibrationLimit ? { limit: options.calibrationLimit } : {};
  if (!options.calibration) return fromConfig ? { ...fromConfig, ...limit } : null;
  return await givenData(options.calibration, fromConfig ?? model?.data.evaluation ?? null, limit);
}
function defaultTarget(quantize, config) {
  if (quantize.preset === "tensorrt") return "tensorrt";
  return targetOf(config?.benchmark.providers[0] ?? "cpu");
}
function assertOutput(model, out) {
  if (existsSync(out) && realpathSync(model) === realpathSync(out))
    throw new UserError("--out is the model itself: choose another file.");
  if (extname(out) !== ".onnx") throw new UserError(`--out ${out} must end in .onnx.`);
  try {
    mkdirSync(dirname(resolve(out)), { recursive: true });
    accessSync(dirname(resolve(out)), constants.W_OK);
    if (existsSync(out)) {
      if (statSync(out).isDirectory()) throw new Error("it is a folder");
      accessSync(out, constants.W_OK);
    }
  } catch (error) {
    throw writeError(`--out ${out} can't be written: ${error.message}.`, error);
  }
}
export {
  quantizeCommand
};
