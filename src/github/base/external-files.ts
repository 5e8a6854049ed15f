/** Which files besides the model's own hold its tensors. */
import { externalLocation } from '../../onnx/external-data.js';
import { readModel } from '../../onnx/read.js';

/** As the model names them: relative to its folder, not yet checked to stay inside. Throws UserError for what is no model. */
export function externalFiles(model: string): string[] {
  const { initializer } = readModel(model).proto.graph!;
  const external = initializer.filter(({ externalData }) => externalData.length > 0);
  return [...new Set(external.map((tensor) => externalLocation(tensor).location))];
}
