/** Gives the file of a model's weights another name. */
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { TensorProto_DataLocation as Location, ModelProtoSchema } from 'onnx-buf';
import { messageOf, writeError } from '../../errors.js';
import { partialName } from '../../system/files/partial-file.js';
import { externalLocation } from '../tensor/external-data.js';
import { tensorsOf } from '../tensors.js';
import { externalDataFile } from './write.js';

/** The external data that writeModel made for `model` are called `name` (a path in the same folder) from now on; nothing happens where it has
 *  none. Whole at every moment: both names exist until the model speaks of the new one.
 *  @throws UserError when the place can't be written, MachineError when the system doesn't let us. */
export function renameExternalData(model: string, name: string): void {
  const before = resolve(externalDataFile(model));
  if (!existsSync(before)) return;
  const partial = partialName(model);
  try {
    const proto = fromBinary(ModelProtoSchema, readFileSync(model));
    let renamed = false;
    for (const tensor of tensorsOf(proto)) {
      if (tensor.dataLocation !== Location.EXTERNAL) continue;
      if (resolve(dirname(model), externalLocation(tensor).location) !== before) continue;
      for (const entry of tensor.externalData)
        if (entry.key === 'location') entry.value = relative(dirname(model), name);
      renamed = true;
    }
    // Data of an earlier file of this name.
    if (!renamed) return;
    writeFileSync(partial, toBinary(ModelProtoSchema, proto));
    rmSync(name, { force: true });
    linkSync(before, name);
    renameSync(partial, model);
    rmSync(before);
  } catch (error) {
    rmSync(partial, { force: true });
    throw writeError(`${basename(name)} can't be written beside ${model}: ${messageOf(error)}.`, error);
  }
}
