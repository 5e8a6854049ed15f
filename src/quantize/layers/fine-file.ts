/** Weights of single layers of a file in 12 bits: what a repair stored so, as a plan repeats it. */
import { OVERRIDABLE_INITIALIZERS_IR, raiseIrVersion } from '../../onnx/convert/opset.js';
import { readModel } from '../../onnx/file/read.js';
import { writeModelUnlessInterrupted } from '../../onnx/file/write.js';
import type { QuantizeRequest } from '../method/request.js';
import type { Decision } from '../method/result.js';
import { editBodies } from '../prepare/edit-bodies.js';
import { inferTypes } from '../prepare/prepare.js';
import { storeFinely } from './fine-weights.js';

/** @param layers by their names. */
export async function storeFinelyInFile(
  { model: file, out, options, context }: Pick<QuantizeRequest, 'model' | 'out' | 'options' | 'context'>,
  layers: readonly string[],
): Promise<Decision[]> {
  const model = readModel(file);
  const left = { ...options, include: null, exclude: [], leftNames: layers };
  const decisions = storeFinely({ model }, left);
  await editBodies(
    { model, types: await inferTypes(model, { context }) },
    {
      context,
      edit: (body) => {
        const inside = storeFinely(body, left);
        decisions.push(...inside);
        return inside.length;
      },
    },
  );
  // What was made of the weights is no input of the model.
  raiseIrVersion(model, OVERRIDABLE_INITIALIZERS_IR);
  model.graph.prune();
  await writeModelUnlessInterrupted(model, out, { signal: context.signal });
  return decisions;
}
