/** Codes of what can be wrong with an ONNX model. */
import type { Explanation } from './explanation.js';

export const MODEL_CODES = {
  'model.not-found': {
    title: 'There is no model at this path',
    cause: 'The path is misspelt, or an earlier step did not write the file.',
    cure: "Correct the path, which is relative to the working directory on the command line and to the config's folder in a config.",
  },
  'model.not-onnx': {
    title: 'The file is not a readable ONNX model',
    cause: 'It is empty, cut short, damaged, a folder, or of another format (PyTorch, TensorFlow, ORT).',
    cure: 'Copy or download it again, or export it to ONNX.',
  },
  'model.too-large': {
    title: 'The model file is over 2 GiB',
    cause: "A protobuf file can't be larger than 2 GiB.",
    cure: 'Save its weights as external data (`onnx.save(…, save_as_external_data=True)`).',
  },
  'model.damaged': {
    title: 'A tensor of the model is damaged',
    cause: 'A weight has fewer or more bytes than its shape needs, or parts of it are missing.',
    cure: 'Copy or export the model again.',
  },
  'model.invalid': {
    title: "The model's graph is not valid",
    cause:
      'A value is written by two nodes, or nodes wait for what is computed from their own outputs: a script that edited the model broke it.',
    cure: 'Export the model again, or correct the script; `onnx.checker.check_model` says the same.',
  },
  'model.external-data-missing': {
    title: "A file with the model's weights is missing or cut short",
    cause:
      'Large models keep weights in files beside the .onnx file; those must be moved and fetched with it.',
    cure: 'Put the file beside the model; with Git LFS: `git lfs pull`.',
  },
  'model.external-data-outside': {
    title: 'The model names weights outside of its folder',
    cause:
      "A path with `..` or a link leads out of the model's folder; a stranger's model must not read other files.",
    cure: 'Save the model again with its external data beside it.',
  },
  'model.opset': {
    title: "The model's opset is too old for this method",
    cause:
      '8-bit operators came with later opsets, and an operator in this model would compute something else if it were raised.',
    cure: 'Export the model again with the opset that the message names.',
  },
  'model.unknown-operators': {
    title: 'The model has operators that ONNX Runtime does not know',
    cause: "They are a plugin's or of another runtime, and the rest of the model depends on them.",
    cure: 'Export the model without them, or quantize the part without them.',
  },
  'model.refused': {
    title: 'ONNX Runtime refuses the model',
    cause:
      'The model is invalid, or has an operator, type or opset that this ONNX Runtime or provider does not support.',
    cure: "Check the model with `onnx.checker`, read ONNX Runtime's words in the message, and export again or choose another provider.",
  },
  'model.no-tensor-output': {
    title: 'The model has no output that is a tensor of numbers',
    cause: "Its outputs are sequences, maps, optionals or texts; those can't be timed or scored.",
    cure: 'Export the model with tensor outputs (for scikit-learn: without ZipMap).',
  },
  'model.no-inputs': {
    title: 'The model has no inputs',
    cause:
      'Data were given for a model that computes the same every time: its inputs may have been lost when it was edited.',
    cure: 'Export the model with its inputs, or leave the data out.',
  },
  'model.input-not-tensor': {
    title: 'An input of the model is not a tensor of numbers',
    cause: "quantgate feeds numeric tensors; sequences, maps and texts it can't make.",
    cure: 'Export the model with tensor inputs.',
  },
  'model.element-type': {
    title: 'A tensor holds no numbers, or none that can be used here',
    cause:
      "A weight or constant holds text or another type that can't be computed with here, or an input or output is bfloat16, which ONNX Runtime's binding for JavaScript can't hand over.",
    cure: 'Export the model with numeric weights, and with float32 or float16 inputs and outputs.',
  },
  'model.fixed-batch': {
    title: "The model's batch is fixed",
    cause: "The first axis of an input has a fixed size, so another batch can't be run.",
    cure: 'Export the model with a dynamic batch axis, or remove that batch from `benchmark.batch`.',
  },
  'model.unknown-dimension': {
    title: 'No input has a dimension of this name',
    cause:
      '`--shape` or `benchmark.shapes` gives a size to a symbolic dimension that the model does not have.',
    cure: 'Use a name that the message lists; `quantgate inspect MODEL` shows them.',
  },
  'model.shared-axis': {
    title: 'The model calls unlike axes by one name',
    cause:
      'Two inputs have axes of one name (`sequence`), and the data give them different sizes. ONNX Runtime takes sizes of one name for equal and reuses memory by them: whether such a model runs is chance, and its quantized files may not.',
    cure: 'Export the model with a name for each (`dynamic_axes`, `dynamic_shapes`), or rename one with `onnx`.',
  },
} satisfies Record<string, Explanation>;
