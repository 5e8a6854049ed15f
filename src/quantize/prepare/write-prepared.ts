/** Writes what a method made of a prepared model. */
import { narrowConstants } from '../../onnx/narrow-constants.js';
import { readModel } from '../../onnx/read.js';
import type { NarrowFloat } from '../../onnx/widen.js';
import { writeModel } from '../../onnx/write.js';
import type { PreparedModel } from './prepare.js';

/** Drops what nothing reads any more; what stayed float of a half model's weights is stored as half again. */
export function writePrepared({ model, widened }: PreparedModel, out: string): void {
  const { graph } = model;
  graph.prune();
  if (widened) narrowConstants(graph, widened);
  graph.setValueInfo([]);
  writeModel(model, out);
}

/** The same for a file that was written in float32 to be tried. */
export function narrowFile(file: string, widened: NarrowFloat): void {
  const model = readModel(file);
  narrowConstants(model.graph, widened);
  writeModel(model, file);
}
