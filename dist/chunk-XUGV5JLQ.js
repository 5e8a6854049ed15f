import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  givenData,
  pickModel,
  withGivenText
} from "./chunk-BULQ3PCN.js";
import {
  notNormalized,
  quantizeVerified,
  targetOf
} from "./chunk-FOAUJANN.js";
import "./chunk-XST7Z64R.js";
import "./chunk-DVNG3BAF.js";
import {
  modelBytes
} from "./chunk-KL4S4GDE.js";
import {
  loadConfig,
  openCalibration,
  unreadOptions
} from "./chunk-HG7K7Y73.js";
import "./chunk-TJ7D4N7I.js";
import "./chunk-6BIEYPGO.js";
import "./chunk-OU7AXWVO.js";
import {
  modelInputs
} from "./chunk-BVHWY5TI.js";
import "./chunk-5A25ZMJN.js";
import "./chunk-NAGRX56O.js";
import "./chunk-MXXY4EXN.js";
import {
  formatValue
} from "./chunk-DBYFNPEJ.js";
import {
  readModelOutline
} from "./chunk-QBQKLG2U.js";
import "./chunk-MK6PZPSP.js";
import "./chunk-LB3U3NNG.js";
import "./chunk-2BQ5FZ24.js";
import "./chunk-IZBBBSAD.js";
import "./chunk-LSKD7L3D.js";
import "./chunk-VPQXPBZ4.js";
import {
  withInputOptions
} from "./chunk-SPCRYPCD.js";
import "./chunk-FCEE6SEQ.js";
import "./chunk-L5CRBJDS.js";
import "./chunk-DDUI4A4C.js";
import "./chunk-YI7OXUMY.js";
import "./chunk-5QFAU2YU.js";
import "./chunk-LOF5LS5W.js";
import "./chunk-IOOXQZY3.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-LKXY4777.js";
import "./chunk-7TKFABJD.js";
import "./chunk-XMXQBFJC.js";
import "./chunk-XUJYCSQL.js";
import "./chunk-65YWRPIP.js";
import "./chunk-OKSQO7JT.js";
import "./chunk-57WIVW7N.js";
import "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import {
  defaultQuantize
} from "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
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
  const calibrationConfig = withInputOptions(
    await calibrationData(options, { file: model, model: modelConfig }),
    options,
    "--calibration"
  );
  const run = await context.toRun();
  const inputs = modelInputs(outline);
  const calibration = calibrationConfig ? await openCalibration(calibrationConfig, inputs) : null;
  for (const warning of calibration?.warnings ?? []) context.log.warn(warning);
  const silent = calibration && notNormalized(calibration, inputs);
  if (silent !== null) context.log.warn(silent);
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
async function calibrationData(options, { file, model }) {
  const fromConfig = model?.data.calibration ?? null;
  const limit = options.calibrationLimit ? { limit: options.calibrationLimit } : {};
  const given = options.calibration ? await givenData(options.calibration, fromConfig ?? model?.data.evaluation ?? null, limit) : fromConfig && { ...fromConfig, ...limit };
  return withGivenText(given, options, { path: file, task: model?.task ?? "none" });
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
