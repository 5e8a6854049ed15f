/** What a model may be for, and how its data may be prepared: guesses from its inputs and outputs and from what lies beside it, likely ones first. */
import { ownInputs } from '../../data/samples/binding.js';
import { messageOf } from '../../errors.js';
import { readModel } from '../../onnx/file/read.js';
import { modelInputs, modelOutputs } from '../../onnx/query/interface.js';
import type { Found } from '../find/find.js';
import type { Guesses, LookedAt } from './guess.js';
import { arrayGuesses } from './guess-arrays.js';
import { imageGuesses } from './guess-images.js';
import { speechGuesses } from './guess-speech.js';
import { textGuesses } from './guess-texts.js';
import { readModelConfig } from './model-config.js';

/** Operators whose int8 kernels need activation ranges, hence calibration data; the rest can be quantized dynamically. */
const NEEDS_CALIBRATION = new Set(['Conv', 'ConvTranspose']);

export function lookAt(found: Found, path: string): LookedAt {
  try {
    const model = readModel(found.tree.absolute(path));
    return {
      path,
      inputs: modelInputs(model),
      outputs: modelOutputs(model),
      convolutional: [...model.graph.nodes].some((node) => NEEDS_CALIBRATION.has(node.opType)),
      modelConfig: readModelConfig(found, path),
      problem: null,
    };
  } catch (error) {
    return {
      path,
      inputs: [],
      outputs: [],
      convolutional: true,
      modelConfig: null,
      problem: messageOf(error),
    };
  }
}

type InputKind = 'image' | 'tokens' | 'audio' | 'other';

/** What the model reads, by names, types and shapes of its inputs. */
function inputKind({ inputs }: Pick<LookedAt, 'inputs'>): InputKind {
  if (
    inputs.some(
      ({ name, type, shape }) => /input_ids|token/i.test(name) || (type === 'int64' && shape?.length === 2),
    )
  )
    return 'tokens';
  const [first] = inputs;
  const { shape = null, name = '' } = first ?? {};
  if (shape?.length === 4 && (isColour(shape[1]) || isColour(shape[3]) || /image|pixel/i.test(name)))
    return 'image';
  if (/input_values|input_features|audio|speech|wave/i.test(name)) return 'audio';
  return 'other';
}

function isColour(size: number | string | undefined): boolean {
  return size === 1 || size === 3 || size === 4;
}

export function guessesFor(lookedAt: LookedAt, found: Found): Guesses {
  const model = { ...lookedAt, inputs: ownInputs(lookedAt.inputs) };
  switch (inputKind(model)) {
    case 'image':
      return imageGuesses(model, found);
    case 'tokens':
      return textGuesses(model, found);
    case 'audio':
      return speechGuesses(model, found);
    case 'other':
      return arrayGuesses(model, found);
  }
}
