import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  writeModel
} from "./chunk-GPC3L3RH.js";
import {
  Model
} from "./chunk-CTCCJ4DQ.js";
import {
  scratchFolder
} from "./chunk-THY4HZQJ.js";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  create
} from "./chunk-7WTHJFBX.js";

// src/runtime/runtime.ts
var SPIN_WITHIN_RUNS = { "session.force_spinning_stop": "1" };

// src/quantize/calibrate/observed-model.ts
import { rmSync } from "node:fs";
import { join } from "node:path";
async function openObserved(model, observation, options) {
  const graph = model.graph.commit();
  const observed = new Model(
    create(ModelProtoSchema, {
      irVersion: model.proto.irVersion,
      opsetImport: [...model.proto.opsetImport],
      functions: model.proto.functions,
      graph: create(GraphProtoSchema, {
        name: graph.name,
        node: [...graph.node, ...observation.nodes],
        initializer: [...graph.initializer, ...observation.initializers],
        input: [...graph.input],
        output: observation.outputs
      })
    }),
    model.graph.directory
  );
  observed.graph.prune();
  const directory = scratchFolder("observe");
  try {
    const path = join(directory, "observed.onnx");
    const externalData = process.platform === "win32" ? "auto" : "always";
    writeModel(observed, path, { durable: false, externalData });
    return await options.runtime.open(path, {
      // Calibration spends its time in float inference: the fastest kernels halve it.
      graphOptimizationLevel: options.graphOptimizationLevel ?? "all",
      ...options.threads === void 0 ? {} : { threads: options.threads },
      // Between runs other threads decode samples and this one counts: workers that wait must not burn their time.
      configEntries: SPIN_WITHIN_RUNS,
      // A stack that the model doesn't take (stacked.ts) is no news.
      silent: true
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export {
  SPIN_WITHIN_RUNS,
  openObserved
};
