/** Writes what a method made of a prepared model. */
import type { ValueInfoProto } from 'onnx-buf';
import { narrowConstants } from '../../onnx/convert/narrow-constants.js';
import type { NarrowFloat } from '../../onnx/convert/widen.js';
import { readModel } from '../../onnx/file/read.js';
import { writeModelUnlessInterrupted } from '../../onnx/file/write.js';
import type { Graph } from '../../onnx/graph.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import type { RunContext } from '../../runtime/context.js';
import type { PreparedModel } from './prepare.js';

/** Drops what nothing reads any more; what stayed float of a half model's weights is stored as half again. @throws Interrupted */
export async function writePrepared(
  { model, widened }: PreparedModel,
  { out, context }: { out: string; context: Pick<RunContext, 'signal'> },
): Promise<void> {
  const { graph } = model;
  graph.prune();
  if (widened) narrowConstants(graph, widened);
  keepIntegerShapes(graph);
  await writeModelUnlessInterrupted(model, out, { signal: context.signal });
}

/** Drops the declared shapes that may no longer hold; those of integers (ids, positions, masks) stay, for no method touches them. Without the shape of BERT's positions ONNX Runtime doesn't fuse
 *  Add and LayerNormalization into SkipLayerNormalization, for it can't tell that what is added has one shape. */
export function keepIntegerShapes(graph: Graph): void {
  const isKept = ({ name, type }: ValueInfoProto) => {
    const integers = type?.value.case === 'tensorType' && INTEGERS.has(type.value.value.elemType);
    return integers && graph.producer(name) !== undefined;
  };
  graph.setValueInfo(graph.valueInfo.filter(isKept));
}

const INTEGERS: ReadonlySet<number> = new Set([DataType.INT32, DataType.INT64]);

/** The same for a file that was written in float32 to be tried. @throws Interrupted */
export async function narrowFile(
  file: string,
  widened: NarrowFloat,
  { signal }: Pick<RunContext, 'signal'>,
): Promise<void> {
  const model = readModel(file);
  narrowConstants(model.graph, widened);
  await writeModelUnlessInterrupted(model, file, { signal });
}
