import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  pickModel
} from "./chunk-3W7GRA4C.js";
import {
  quantizeVariant,
  targetOf
} from "./chunk-SXJVGGMD.js";
import {
  modelBytes
} from "./chunk-6UF3QENQ.js";
import {
  loadConfig,
  openDataset,
  unreadOptions
} from "./chunk-KSN4Z3NH.js";
import {
  modelInputs
} from "./chunk-AQMFQ5P4.js";
import "./chunk-3NZHWNOS.js";
import {
  readModelOutline
} from "./chunk-KWJTZ5O5.js";
import "./chunk-GOTPZ62G.js";
import {
  defaultData,
  defaultQuantize
} from "./chunk-5FHREP6Y.js";
import "./chunk-YLLLCSRG.js";
import "./chunk-QGGL5KXY.js";
import "./chunk-V3ZUR56S.js";
import "./chunk-GPC3L3RH.js";
import "./chunk-FKHBUIO2.js";
import {
  formatValue
} from "./chunk-J6LORSIW.js";
import "./chunk-CTCCJ4DQ.js";
import "./chunk-IA4V6DFO.js";
import "./chunk-TU7INXSX.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-LFZTXC22.js";
import "./chunk-C7HEIBSS.js";
import "./chunk-THY4HZQJ.js";
import "./chunk-PPDM2O2Z.js";
import "./chunk-7WTHJFBX.js";
import "./chunk-WE4MFDGF.js";
import "./chunk-DVVUUUNP.js";
import "./chunk-HCMXGMTG.js";
import {
  EXIT,
  UserError
} from "./chunk-KJWZXA2F.js";
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
  const calibrationConfig = calibrationData(options, modelConfig);
  const runtime = await context.runtime();
  const calibration = calibrationConfig ? await openDataset(calibrationConfig, modelInputs(outline)) : null;
  const result = await quantizeVariant({
    model,
    out: options.out,
    options: quantize,
    target: options.target ?? quantize.target ?? defaultTarget(quantize, config),
    calibration,
    runtime,
    log: context.log,
    verify: options.verify,
    ...config ? { checks: config.checks } : {},
    ...modelConfig ? { scope: { model: modelConfig.name, variant: options.variant ?? "" } } : {},
    signal: context.signal,
    ...context.options.threads ? { threads: context.options.threads } : {}
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
  const changes = {
    ...options.preset ? { preset: options.preset } : {},
    ...options.calibrator ? { calibrator: options.calibrator } : {},
    ...options.percentile !== void 0 ? { percentile: options.percentile, calibrator: "percentile" } : {},
    ...options.include ? { include: options.include } : {},
    ...options.exclude ? { exclude: options.exclude } : {},
    ...options.blockSize ? { blockSize: options.blockSize } : {},
    ...options.plan ? { plan: resolve(options.plan) } : {}
  };
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
  if (base) {
    const { name: _name, kind: _kind, ...fromConfig } = base;
    return { ...fromConfig, ...changes, method };
  }
  return defaultQuantize(method, changes);
}
function calibrationData(options, model) {
  const fromConfig = model?.data.calibration ?? null;
  const limit = options.calibrationLimit ? { limit: options.calibrationLimit } : {};
  if (!options.calibration) return fromConfig ? { ...fromConfig, ...limit } : null;
  const data = defaultData(options.calibration, limit);
  const preprocessing = fromConfig ?? model?.data.evaluation;
  return preprocessing ? { ...data, inputs: preprocessing.inputs, labels: preprocessing.labels } : data;
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
    throw new UserError(`--out ${out} can't be written: ${error.message}.`);
  }
}
export {
  quantizeCommand
};
