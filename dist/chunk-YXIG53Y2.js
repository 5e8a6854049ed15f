import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  givenData,
  pickModel,
  withGivenText
} from "./chunk-BULQ3PCN.js";
import {
  comparisonTable,
  subjectNames
} from "./chunk-YRFJ2VOM.js";
import {
  evaluateModel
} from "./chunk-FNOIDRZZ.js";
import "./chunk-X7SHKWLT.js";
import {
  doubtOf
} from "./chunk-Z7C2XHPS.js";
import {
  layerFidelity,
  loadConfig,
  openDataset
} from "./chunk-HG7K7Y73.js";
import "./chunk-TJ7D4N7I.js";
import "./chunk-6BIEYPGO.js";
import "./chunk-OU7AXWVO.js";
import {
  availableCores
} from "./chunk-IRS7RKVC.js";
import "./chunk-AQF5U6DS.js";
import {
  modelInputs
} from "./chunk-BVHWY5TI.js";
import "./chunk-5A25ZMJN.js";
import "./chunk-NAGRX56O.js";
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
import "./chunk-LSKD7L3D.js";
import "./chunk-AFAWG3BD.js";
import "./chunk-VPQXPBZ4.js";
import {
  withInputOptions
} from "./chunk-SPCRYPCD.js";
import "./chunk-FCEE6SEQ.js";
import "./chunk-L5CRBJDS.js";
import "./chunk-YKREVSBC.js";
import "./chunk-DDUI4A4C.js";
import "./chunk-YI7OXUMY.js";
import "./chunk-KMP6J2GC.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-23EIKJQA.js";
import "./chunk-LKXY4777.js";
import "./chunk-7TKFABJD.js";
import "./chunk-XMXQBFJC.js";
import "./chunk-XUJYCSQL.js";
import "./chunk-65YWRPIP.js";
import "./chunk-OKSQO7JT.js";
import "./chunk-CQM643LP.js";
import "./chunk-57WIVW7N.js";
import "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import {
  defaultModel
} from "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  EXIT,
  UserError
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/cli/eval.ts
import { resolve } from "node:path";

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
  const data = withInputOptions(await evaluationData(model, options), options, "--data");
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
  const session = { provider: options.provider, threads: context.options.threads ?? availableCores() };
  const names = subjectNames(models);
  const evaluated = await evaluateModel({
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
  const { measurements } = evaluated;
  const notes = [...evaluated.notes, ...doubtNotes(evaluated)];
  for (const { message } of notes.slice(evaluated.notes.length)) context.log.warn(message);
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
      ...notes.map(({ message }) => message),
      ...Object.entries(layers).flatMap(([variant, entries]) => ["", layersTable(variant, entries)])
    ].join("\n")
  );
  return named.some(({ status }) => status === "invalid") ? EXIT.failedCheck : EXIT.pass;
}
function doubtNotes({
  measurements,
  notes
}) {
  return measurements.flatMap((one) => {
    const doubt = doubtOf(one);
    const message = [doubt?.message, doubt?.remedy].filter((part) => part).join(" ");
    if (doubt === null || notes.some((note) => note.message === message)) return [];
    return [{ level: "warn", code: "accuracy.chance", message, model: one.model, variant: ORIGINAL }];
  });
}
function modelConfig(file, fromConfig, options) {
  const model = fromConfig ?? defaultModel(file);
  return {
    ...model,
    task: options.task ?? model.task,
    decoder: options.decoder ?? model.decoder,
    keys: options.keys === void 0 ? model.keys : resolve(options.keys),
    output: options.output || model.output
  };
}
async function evaluationData(model, options) {
  const { evaluation } = model.data;
  const limit = options.limit ? { limit: options.limit } : {};
  const given = options.data ? await givenData(options.data, evaluation, limit) : evaluation && { ...evaluation, ...limit };
  return withGivenText(given, options, model);
}
export {
  evalCommand
};
