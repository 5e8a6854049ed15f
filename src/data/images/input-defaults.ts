/** Presets and preprocessor files of a data configuration become plain settings, once the model's inputs are known. */
import { readFile } from 'node:fs/promises';
import type { DataConfig, InputConfig } from '../../config/data-config.js';
import { messageOf, UserError } from '../../errors.js';
import { shownPath } from '../../system/files/shown-path.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import { soleInput } from '../samples/binding.js';
import { readPreprocessor } from './hugging-face.js';
import { presetDefaults, withDefaults } from './input-presets.js';
import { imageChannels } from './layout.js';

/** The same data with every input's settings written out, and what a file says that is not done. Throws UserError. */
export async function resolveInputs(
  data: DataConfig,
  inputs: readonly ValueMeta[],
): Promise<{ data: DataConfig; warnings: string[] }> {
  const warnings: string[] = [];
  const resolved: Record<string, InputConfig> = {};
  for (const [name, config] of Object.entries(data.inputs)) {
    const own = name === '' ? soleInput(inputs) : name;
    const shape = inputs.find((input) => input.name === own)?.shape ?? null;
    resolved[name] = await resolvedInput(config, { shape, data, warnings });
  }
  return { data: { ...data, inputs: resolved }, warnings };
}

async function resolvedInput(
  config: InputConfig,
  { shape, data, warnings }: { shape: ValueMeta['shape']; data: DataConfig; warnings: string[] },
): Promise<InputConfig> {
  let own = config;
  if (config.preprocessor !== null) {
    const { defaults, unknown, reducesLabels } = readPreprocessor(
      await textOf(config.preprocessor),
      shownPath(config.preprocessor),
    );
    if (unknown.length > 0) {
      warnings.push(
        `${shownPath(config.preprocessor)} says ${unknown.map((key) => `\`${key}\``).join(', ')}, which is not done here: ` +
          'check that the samples are prepared as the model was trained.',
      );
    }
    if (reducesLabels && data.masks !== null && data.ignore === null) {
      warnings.push(
        `${shownPath(config.preprocessor)} says that masks count from 1, with 0 for no class (reduce_labels): that is \`ignore: 0\` beside \`masks\` and ` +
          '`label-offset: -1` of the model.',
      );
    }
    own = withDefaults(own, defaults);
  }
  return config.preset === null ? own : withDefaults(own, presetDefaults(config.preset, sizeOf(shape)));
}

/** Height and width that a model's shape names: [N, C, H, W] or [N, H, W, C]. */
function sizeOf(shape: ValueMeta['shape']): [number, number] | null {
  if (shape?.length !== 4) return null;
  const [height, width] =
    imageChannels(shape[1]) === null && imageChannels(shape[3]) !== null ? shape.slice(1, 3) : shape.slice(2);
  const fixed = typeof height === 'number' && typeof width === 'number' && height > 0 && width > 0;
  return fixed ? [height, width] : null;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(
      'data.preprocessor-file',
      `The preprocessor file ${shownPath(path)} can't be read: ${messageOf(error)}.`,
    );
  }
}
