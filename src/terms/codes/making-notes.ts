/** Codes of notes about how a variant was made. */
import type { Explanation } from './explanation.js';

export const MAKING_NOTES = {
  'quantize.nothing-pays': {
    title: 'The model was left as it is',
    cause: 'Nothing in it becomes faster or smaller by this method on this target.',
    cure: 'Try another method; `quantgate inspect MODEL --plan` says why each operator stays float.',
  },
  'quantize.only-weights': {
    title: 'Only weights were compressed',
    cause:
      'Nothing runs faster in 8 bits here, or the file would be larger for it: the model computes in float32 as before and is smaller.',
    cure: 'If latency matters, measure on a CPU with VNNI or another device.',
  },
  'quantize.slower': {
    title: 'The quantized model is slower here',
    cause: 'Options such as `include` or a preset say what is quantized, whether it pays or not.',
    cure: 'Leave `include` and presets out: then only what pays is quantized.',
  },
  'quantize.slower-in-8-bits': {
    title: 'More stays in float, because 8 bits were slower',
    cause: 'The first plan was compared with the original on this machine and lost.',
    cure: 'Nothing to do; another CPU may give another file.',
  },
  'quantize.not-fused': {
    title: 'ONNX Runtime did not fuse some quantized operators',
    cause: 'Unfused, they run in float between conversions, which costs time.',
    cure: '`exclude` the operators that the note names, or update ONNX Runtime.',
  },
  'quantize.target-without-int8': {
    title: 'The target has no 8-bit kernels',
    cause: 'On this device quantized operators run in float or on the CPU.',
    cure: 'Use float16 or int8-weights.',
  },
  'quantize.slow-on-cpu': {
    title: 'Half precision is slow on CPUs',
    cause: 'CPUs run most half operators in float32 with conversions around them.',
    cure: 'Use float16 for GPUs; for CPUs int8-static or int8-dynamic.',
  },
  'quantize.preset-unplanned': {
    title: 'The preset quantizes more than pays',
    cause:
      'The preset onnxruntime does what that tool does: Q/DQ around operators without 8-bit kernels, too.',
    cure: 'Leave the preset out, unless you need those exact files.',
  },
  'quantize.override-not-applied': {
    title: 'An override has no meaning for this method',
    cause: 'int8-static uses the one form that the runtime fuses.',
    cure: 'Remove the override.',
  },
  'quantize.ignored-option': {
    title: 'An option is ignored',
    cause:
      'The kernels of this method know one form only, the model has nothing to which the option applies, or a plan that is followed says otherwise.',
    cure: 'Remove the option, or change the plan.',
  },
  'quantize.unmatched-pattern': {
    title: 'A pattern matches no operator',
    cause: '`include`, `exclude` or `overrides` name a node or type that is not in the model.',
    cure: 'Correct it; `quantgate inspect MODEL --plan` lists names.',
  },
  'quantize.opset-raised': {
    title: "The model's opset was raised",
    cause: '8-bit operators need a later opset than the model had.',
    cure: 'Nothing to do: what it computes is the same.',
  },
  'quantize.adaptive-rounding': {
    title: 'Weights were rounded for their outputs',
    cause:
      'Rounding each weight up or down by its effect on the output loses less than rounding to the nearest.',
    cure: 'Nothing to do; `rounding: nearest` turns it off.',
  },
  'quantize.rounding-nearest': {
    title: 'Weights were rounded to the nearest',
    cause: 'Fitting them to the calibration data would take long for this model.',
    cure: 'Ask for it with `rounding: gptq`, for `int8-dynamic` with `rounding: adaptive`.',
  },
  'quantize.weights-fitted': {
    title: 'Weights were fitted to the calibration data',
    cause: 'Codes are chosen by what the layer reads, so that its output is nearest.',
    cure: 'Nothing to do; with few samples judge the file on data of its own (`data.evaluation` with `fidelity.sqnr`), for its outputs are nearest where it was fitted.',
  },
  'quantize.mixed-precision': {
    title: 'Some layers got 8 bits, the others 4',
    cause: '`min-sqnr` or `max-size` asks for it; the layers that lose most for their size come first.',
    cure: 'Nothing to do; `provenance.mixed` of the report names all of them.',
  },
  'quantize.floor-not-reached': {
    title: 'The outputs follow less closely than min-sqnr asks for',
    cause:
      'Even with 8 bits wherever they may be, and with layers left in float32, the file loses more; or `max-size` leaves no room.',
    cure: 'Ask for less, give `max-size` more room, `exclude` the layers that lose most, or take int8-static or float16.',
  },
  'quantize.size-not-reached': {
    title: 'The file is larger than max-size',
    cause: 'With 4 bits everywhere it has more bytes: what stays float, scales and small weights count too.',
    cure: 'Give it more room, take a larger `block-size`, or see under `keptFloat` what stayed float.',
  },
  'quantize.calibration-constant': {
    title: 'The calibration data tell nothing',
    cause:
      'Every sample holds one and the same number everywhere (zeros from a placeholder, say): the ranges of the activations fit that number, and other data are cut off.',
    cure: 'Give real samples, prepared as the model takes them.',
  },
  'quantize.weights-unseen': {
    title: 'No calibration sample reached some weights',
    cause:
      "They are in branches or experts that these samples don't use, or what reaches them is always 0 or not finite. They were rounded to the nearest.",
    cure: 'Give calibration samples that use them.',
  },
  'quantize.weights-too-few-samples': {
    title: 'Too few samples to fit weights to',
    cause:
      'Weights that are fitted to a handful of vectors follow those and nothing else. They were rounded to the nearest, as without calibration data.',
    cure: 'Give more calibration samples; a hundred are enough.',
  },
  'quantize.weights-in-8-bits': {
    title: 'Some weights of int4-weights are in 8 bits',
    cause:
      'ONNX Runtime computes with 4-bit weights in matrix products only, and small ones are not faster with it.',
    cure: 'Nothing to do: 8 bits are nearer to the original.',
  },
  'quantize.half-range': {
    title: 'Constants were clamped to the half range',
    cause: 'Half precision ends at ±65504.',
    cure: 'Look whether they stand for infinity (masks), which is harmless; else `exclude` their operators.',
  },
  'quantize.subgraphs-unseen': {
    title: 'Values inside of subgraphs are not observed',
    cause:
      "Values in bodies of If, Loop and Scan can't be watched during calibration. Weights in branches of an If are fitted all the same, on the samples that take them; those in Loop and Scan keep the nearest codes.",
    cure: 'Look at accuracy on the device; `exclude` the operator where it overflows.',
  },
  'quantize.ranges-unseen': {
    title: 'Values could not be checked against the half range',
    cause: 'The calibration pass failed for some tensors.',
    cure: 'Look at accuracy on the device; the note has the reason.',
  },
  'quantize.auto-plan': {
    title: 'auto chose a plan',
    cause:
      'It raced several and kept the best within the limits. A warning: none that was tried keeps the thresholds on size and time as well.',
    cure: 'Nothing to do; `plan` reproduces it without a search. Of a warning: the run will break these thresholds; loosen them, or one on quality that stands in the way.',
  },
  'quantize.not-fully-verified': {
    title: 'The file was not fully checked',
    cause: "It was not run on samples: none are known, or the machine can't run it.",
    cure: 'Give calibration or evaluation data.',
  },
  'quantize.shared-axis': {
    title: 'The file needs axes of one name to be equally long',
    cause:
      'Axes of several inputs have one name (`sequence`). The original takes them of unlike lengths all the same, the file does not: ONNX Runtime reuses memory by the names of sizes, and which memory depends on the nodes.',
    cure: 'If their lengths can differ, export the model with a name for each (`dynamic_axes`, `dynamic_shapes`), or rename one with `onnx`; else nothing.',
  },
  'quantize.repaired': {
    title: 'Layers that lose most stayed as they were',
    cause: "With them in the reduced type the outputs fell below the method's floor.",
    cure: 'Nothing to do; `repair: false` turns it off.',
  },
  'quantize.low-fidelity': {
    title: 'The outputs follow the original less than usual',
    cause: 'Some layers lose much in the reduced type; the note names them.',
    cure: '`exclude` those layers, take more or better calibration samples, or another method.',
  },
  'quantize.decision-fed-back': {
    title: 'A loop inside the model feeds back what it chooses',
    cause:
      'Where two values are nearly equal, the file may choose the other one, and all that follows is different. Few samples show it, or none.',
    cure: 'Judge the file by an evaluation set with many samples and by the accuracy of its task.',
  },
  'quantize.larger': {
    title: 'The file is larger than the original',
    cause: 'Scales and conversions weigh more than what small weights save.',
    cure: 'Take another method, or leave the model as it is.',
  },
} satisfies Record<string, Explanation>;
