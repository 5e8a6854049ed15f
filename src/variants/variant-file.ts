/** Where the file of a variant lies. */
import { join } from 'node:path';
import type { Target } from '../config/choices.js';
import type { ModelConfig, VariantConfig } from '../config/config.js';
import { safeName } from '../config/defaults.js';
import { transformersFile } from '../config/transformers-files.js';
import { renameExternalData } from '../onnx/file/external-data-name.js';

/** `<directory>/<model>/<variant>[.<target>].onnx`, or by the names of the program that the variant's `files` says.
 *  @param target said in the name, where the variant has a file for each of several; else null. */
export function variantFile(
  directory: string,
  model: Pick<ModelConfig, 'name' | 'path'>,
  { variant, target }: { variant: VariantConfig; target: Target | null },
): string {
  const folder = join(directory, safeName(model.name));
  if (variant.kind === 'quantize' && variant.files !== null)
    return join(folder, transformersFile(model.path, variant));
  return join(folder, `${safeName(variant.name)}${target ? `.${target}` : ''}.onnx`);
}

/** Names what a file for transformers.js has beside it as that expects it: model_q4.onnx_data. */
export function asTransformersReads(file: string): void {
  renameExternalData(file, `${file}_data`);
}
