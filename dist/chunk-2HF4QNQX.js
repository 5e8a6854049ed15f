import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  writeModel
} from "./chunk-Q564MQFU.js";
import {
  Model
} from "./chunk-A52USPEN.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  create
} from "./chunk-OEIIXWBO.js";

// src/runtime/runtime.ts
var SPIN_WITHIN_RUNS = { "session.force_spinning_stop": "1" };

// src/quantize/calibrate/observed-model.ts
import { rmSync } from "node:fs";
import { join } from "node:path";
async function openObserved(model, observation, options) {
  const directory = scratchFolder("observe");
  try {
    const path = join(directory, "observed.onnx");
    const externalData = process.platform === "win32" ? "auto" : "always";
    writeModel(withObservation(model, observation), path, { durable: false, externalData });
    return await options.context.runtime.open(path, {
      // Calibration spends its time in float inference: the fastest kernels halve it.
      graphOptimizationLevel: options.graphOptimizationLevel ?? "all",
      threads: options.context.threads,
      // Between runs other threads decode samples and this one counts: workers that wait must not burn their time.
      configEntries: SPIN_WITHIN_RUNS,
      // A stack that the model doesn't take (stacked.ts) is no news.
      silent: true
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
function withObservation(model, { nodes, initializers, outputs }) {
  const graph = model.graph.commit();
  const observed = new Model(
    create(ModelProtoSchema, {
      irVersion: model.proto.irVersion,
      opsetImport: [...model.proto.opsetImport],
      functions: model.proto.functions,
      graph: create(GraphProtoSchema, {
        name: graph.name,
        node: [...graph.node, ...nodes],
        initializer: [...graph.initializer, ...initializers],
        input: [...graph.input],
        output: outputs
      })
    }),
    model.graph.directory
  );
  observed.graph.prune();
  return observed;
}

export {
  SPIN_WITHIN_RUNS,
  openObserved
};
