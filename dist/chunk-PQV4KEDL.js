import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  comparisonTable,
  subjectNames
} from "./chunk-3EA4NFDC.js";
import {
  givenData,
  pickModel
} from "./chunk-DYX6VTLD.js";
import {
  evaluateModel
} from "./chunk-HRNSUFFV.js";
import "./chunk-X7SHKWLT.js";
import "./chunk-Z7C2XHPS.js";
import {
  availableCores
} from "./chunk-HK6CHRLM.js";
import "./chunk-AQF5U6DS.js";
import {
  layerFidelity,
  loadConfig,
  openDataset
} from "./chunk-GX2LVYN6.js";
import {
  modelInputs
} from "./chunk-VNHOIS2Q.js";
import "./chunk-2HF4QNQX.js";
import "./chunk-RPSENMCZ.js";
import {
  defaultModel
} from "./chunk-V4CTKNK7.js";
import "./chunk-DL5XBHUJ.js";
import "./chunk-5A25ZMJN.js";
import "./chunk-OU7AXWVO.js";
import "./chunk-7TIY6MZ6.js";
import "./chunk-Q564MQFU.js";
import {
  ORIGINAL
} from "./chunk-4HVFDZ7G.js";
import "./chunk-2JG2ST7N.js";
import {
  readModel
} from "./chunk-A52USPEN.js";
import "./chunk-SZD3ZDXA.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-AFAWG3BD.js";
import "./chunk-QVHRYC6U.js";
import "./chunk-VPQXPBZ4.js";
import "./chunk-65YWRPIP.js";
import "./chunk-OKSQO7JT.js";
import "./chunk-CQM643LP.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-7IRN5ITH.js";
import "./chunk-57WIVW7N.js";
import "./chunk-DFCMXZVG.js";
import "./chunk-452KY5UG.js";
import {
  EXIT,
  UserError
} from "./chunk-IYM25C4U.js";
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
  const data = await evaluationData(model, options);
  if (!data)
    throw new UserError("No evaluation data: give --data PATH, or --config FILE with data.evaluation.");
  if (models.length === 1 && model.task === "none") {
    throw new UserError(
      "There is nothing to score: name what the model does with --task, or a second model to compare with the first."
    );
  }
  const dataset = await openDataset(data, modelInputs(documents[0]));
  for (const warning of dataset.warnings) context.log.warn(warning);
  const run = await context.toRun();
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
    context: run
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
      context: { ...run, threads: session.threads }
    });
  }
  context.print(
    {
      reference: names[0],
      data: dataset.description,
      samples: dataset.length,
      measurements: named,
      layers: options.layers ? layers : void 0,
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
    task: options.task ?? model.task,
    output: options.output || model.output
  };
}
async function evaluationData(model, options) {
  const { evaluation } = model.data;
  const limit = options.limit ? { limit: options.limit } : {};
  if (!options.data) return evaluation ? { ...evaluation, ...limit } : null;
  return await givenData(options.data, evaluation, limit);
}
export {
  evalCommand
};
