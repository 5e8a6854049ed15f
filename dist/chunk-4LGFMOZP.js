import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  comparisonTable,
  subjectNames
} from "./chunk-GS2ZJRLS.js";
import {
  pickModel
} from "./chunk-3W7GRA4C.js";
import {
  evaluateModel
} from "./chunk-SXKPFADR.js";
import "./chunk-X7SHKWLT.js";
import "./chunk-UFU2BEZ6.js";
import {
  availableCores
} from "./chunk-WWK6ANO5.js";
import "./chunk-M5WQ36NC.js";
import {
  layerFidelity,
  loadConfig,
  openDataset
} from "./chunk-KSN4Z3NH.js";
import {
  modelInputs
} from "./chunk-AQMFQ5P4.js";
import "./chunk-GOTPZ62G.js";
import {
  defaultData,
  defaultModel
} from "./chunk-5FHREP6Y.js";
import "./chunk-YLLLCSRG.js";
import "./chunk-QGGL5KXY.js";
import "./chunk-V3ZUR56S.js";
import "./chunk-GPC3L3RH.js";
import {
  ORIGINAL
} from "./chunk-FKHBUIO2.js";
import "./chunk-J6LORSIW.js";
import {
  readModel
} from "./chunk-CTCCJ4DQ.js";
import "./chunk-SS6INO44.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-LFZTXC22.js";
import "./chunk-C7HEIBSS.js";
import "./chunk-THY4HZQJ.js";
import "./chunk-PPDM2O2Z.js";
import "./chunk-VYEFTUU3.js";
import "./chunk-7WTHJFBX.js";
import "./chunk-WE4MFDGF.js";
import "./chunk-DVVUUUNP.js";
import "./chunk-HCMXGMTG.js";
import {
  EXIT,
  UserError
} from "./chunk-KJWZXA2F.js";
import "./chunk-XNDQ27F5.js";

// src/cli/layers-table.ts
var LISTED = 12;
function layersTable(variant, layers) {
  if (layers.length === 0) return `${variant}: no tensor has the name of one of the reference's`;
  const worst = [...layers].sort((a, b) => (b.loss ?? 0) - (a.loss ?? 0)).slice(0, LISTED);
  const rows = [
    ["SQNR", "loss", "operator", "tensor"],
    ...worst.map(({ sqnr, loss, operator, tensor, rescaled }) => [
      `${sqnr.toFixed(1)} dB`,
      loss === null ? "" : `${loss.toFixed(1)} dB`,
      operator,
      rescaled ? `${tensor} *` : tensor
    ])
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map(
    (row) => row.map((cell, column) => column < 2 ? cell.padStart(widths[column]) : cell.padEnd(widths[column])).join("  ").trimEnd()
  );
  return [
    `${variant}: where the error enters (${worst.length} of ${layers.length} tensors, by what each operator loses)`,
    ...lines,
    ...worst.some(({ rescaled }) => rescaled) ? ["* its channels are rescaled and the next layer undoes it (equalization): compared without that"] : []
  ].join("\n");
}

// src/cli/eval.ts
async function evalCommand(context, models, options) {
  const [reference] = models;
  if (!options.config && options.model !== void 0)
    throw new UserError("--model names a model in a config: give --config FILE with it.");
  const documents = models.map(readModel);
  const config = options.config ? await loadConfig(options.config) : null;
  const model = modelConfig(reference, config ? pickModel(config, options.model, reference) : null, options);
  const data = evaluationData(model, options);
  if (!data)
    throw new UserError("No evaluation data: give --data PATH, or --config FILE with data.evaluation.");
  if (models.length === 1 && model.task === "none") {
    throw new UserError(
      "There is nothing to score: name what the model does with --task, or a second model to compare with the first."
    );
  }
  const dataset = await openDataset(data, modelInputs(documents[0]));
  const runtime = await context.runtime();
  const session = { provider: "cpu", threads: context.options.threads ?? availableCores() };
  const names = subjectNames(models);
  const { measurements, notes } = await evaluateModel({
    model,
    subjects: models.map((file, index) => ({ variant: index === 0 ? ORIGINAL : names[index], file })),
    session,
    evaluation: dataset,
    calibration: null,
    shapes: config?.benchmark.shapes ?? {},
    confidence: config?.confidence ?? 0.95,
    checks: config?.checks ?? [],
    allowCommands: true,
    directory: config?.directory ?? process.cwd(),
    runtime,
    log: context.log,
    signal: context.signal
  });
  const named = measurements.map((entry) => ({
    ...entry,
    variant: entry.variant === ORIGINAL ? names[0] : entry.variant
  }));
  const layers = {};
  for (let index = 1; options.layers && index < documents.length; index++) {
    context.log.info(`${names[index]}: comparing tensors`);
    layers[names[index]] = await layerFidelity({
      original: documents[0],
      variant: documents[index],
      dataset,
      runtime,
      threads: session.threads
    });
  }
  context.print(
    {
      reference: names[0],
      data: dataset.description,
      samples: dataset.length,
      measurements: named,
      ...options.layers ? { layers } : {},
      notes
    },
    () => [
      `${dataset.description}: ${dataset.length} samples`,
      comparisonTable(named),
      ...Object.entries(layers).flatMap(([variant, entries]) => ["", layersTable(variant, entries)])
    ].join("\n")
  );
  return named.some(({ status }) => status === "invalid") ? EXIT.failedCheck : EXIT.pass;
}
function modelConfig(file, fromConfig, options) {
  const model = fromConfig ?? defaultModel(file);
  return {
    ...model,
    ...options.task ? { task: options.task } : {},
    ...options.output ? { output: options.output } : {}
  };
}
function evaluationData(model, options) {
  const { evaluation } = model.data;
  const limit = options.limit ? { limit: options.limit } : {};
  if (!options.data) return evaluation ? { ...evaluation, ...limit } : null;
  const data = defaultData(options.data, limit);
  return evaluation ? { ...data, inputs: evaluation.inputs, labels: evaluation.labels } : data;
}
export {
  evalCommand
};
