/** Codes of notes about what disturbed or limits a timing, and about what a figure stands for. */
import type { Explanation } from './explanation.js';

export const MEASURING_NOTES = {
  'noise.load': {
    title: 'Other processes used the machine during the timing',
    cause: 'Something else ran on the cores: another job, a build, an editor.',
    cure: 'Run quantgate alone on the machine; one job at a time on a self-hosted runner.',
  },
  'noise.steal': {
    title: 'The hypervisor gave CPU time to others',
    cause: 'The machine is virtual and its host is shared, as hosted runners are.',
    cure: 'Expect wide intervals, raise `benchmark.budget`, or use a dedicated runner.',
  },
  'noise.quota': {
    title: "The container's CPU limit stopped the timing",
    cause: 'More threads ran than the quota allows, so that the kernel paused them.',
    cure: 'Raise the limit, or set `benchmark.threads` to at most the quota.',
  },
  'noise.governor': {
    title: "The CPU's clock follows the load",
    cause: 'The frequency governor is not `performance`.',
    cure: 'For absolute latencies set it to performance. Ratios are taken side by side and hardly affected.',
  },
  'noise.frequency': {
    title: "The CPU's clock fell during the timing",
    cause: 'Heat or a power limit.',
    cure: 'Ratios hold; for absolute latencies improve cooling or lock the clock below the limit.',
  },
  'noise.drift': {
    title: 'The original became slower or faster during the timing',
    cause: 'Clocks, heat or neighbours changed over the minutes.',
    cure: 'Alternating blocks keep it out of the ratios; for absolute latencies measure on a quieter machine.',
  },
  'noise.pinned': {
    title: 'The timing ran on isolated cores',
    cause: 'The kernel keeps these cores free of other work, and quantgate used them.',
    cure: 'Nothing to do: this is the quietest way to measure.',
  },
  'noise.warm-up': {
    title: 'A model did not reach a steady speed',
    cause: 'Something else uses the machine, or its clocks move.',
    cure: 'Measure on a quieter machine.',
  },
  'noise.gpu-shared': {
    title: 'Others used the GPU during the timing',
    cause: 'Another process ran on it; nothing is decided from such latencies.',
    cure: 'Run quantgate alone on the GPU.',
  },
  'noise.gpu-throttled': {
    title: 'The GPU was held down',
    cause: 'It reached a limit of power or temperature.',
    cure: 'Check cooling and power, or lock its clocks below the limit (`nvidia-smi -lgc`).',
  },
  'noise.gpu-clocks': {
    title: "The GPU's clock floats",
    cause: 'Its clocks are not locked, and follow load and temperature.',
    cure: 'For absolute latencies lock them: `nvidia-smi -lgc`. Ratios are hardly affected.',
  },
  'noise.gpu-hot': {
    title: 'The GPU became hot',
    cause: 'It may slow down without saying so.',
    cure: 'Check its cooling.',
  },
  'noise.gpu-mig': {
    title: 'The GPU is divided (MIG)',
    cause: 'Instances share clocks and memory bandwidth with their neighbours.',
    cure: 'Compare figures only with those of the same kind of instance.',
  },
  'noise.gpu-persistence': {
    title: "The GPU's persistence mode is off",
    cause: 'The driver is loaded anew for each process, which `latency.load` holds.',
    cure: 'Turn it on: `nvidia-smi -pm 1`.',
  },
  'noise.gpu-unseen': {
    title: 'Nobody saw what else the GPU did',
    cause: 'nvidia-smi does not answer, or does not show the GPU that was used.',
    cure: 'Make nvidia-smi work where quantgate runs (in containers: the `utility` capability).',
  },
  'latency.budget': {
    title: 'The time ended before the ratio was known well enough',
    cause: 'The machine is noisy, or the model slow, for this budget.',
    cure: 'Raise `benchmark.budget`, or measure on a quieter machine.',
  },
  'latency.binding-floor': {
    title: 'The model is too fast for exact ratios',
    cause: 'A call from Node takes about 0.01 ms, which both sides of the ratio hold.',
    cure: 'Compare at a larger batch.',
  },
  'latency.outputs': {
    title: 'Outputs of some models are allocated anew each time',
    cause: "Their shapes vary from run to run, so they can't be written in place as the others'.",
    cure: 'Expect these models to look slower than they are; export with fixed shapes to compare.',
  },
  'latency.trtexec': {
    title: 'Latency is GPU time by trtexec',
    cause: "TensorRT's engines are timed by NVIDIA's own tool, without copies to and from the GPU.",
    cure: "Don't compare it with other providers' wall time; `latency.end-to-end` holds the copies.",
  },
  'accuracy.chance': {
    title: 'The original makes little sense of its data',
    cause:
      'It is no better than chance, or far from what models reach: usually wrong labels or preprocessing.',
    cure: 'Compare preprocessing and order of classes with how the model was trained; the note says what was tried.',
  },
  'accuracy.evaluator': {
    title: 'The evaluator did not run',
    cause: 'Commands of this pull request are not allowed.',
    cure: 'Action input `allow-commands` (docs/github.md says when that is safe).',
  },
  'fidelity.lengths-held': {
    title: 'Outputs are compared at the lengths that the original chooses',
    cause:
      'The model rounds how long its outputs are (speech synthesis): one rounding to the other side would shift all that follows.',
    cure: 'Nothing to do: the lengths themselves are compared as one more output.',
  },
  'accuracy.half': {
    title: 'The file is judged in half arithmetic',
    cause:
      'The CPU computes half-precision operators in float32; accuracy is taken with each half value rounded.',
    cure: 'Nothing to do: accuracy is close to that of a device that computes in half.',
  },
  'accuracy.half-as-float32': {
    title: 'Half-precision values are judged in float32',
    cause: 'This CPU computes them so, and rounding each value was not possible here.',
    cure: 'Measure accuracy on the device that the file is for.',
  },
  'fidelity.calibration': {
    title: 'Fidelity is measured on calibration samples',
    cause:
      'There are no evaluation data; on calibration samples the variant looks a little better than it is.',
    cure: 'Give `data.evaluation`; it needs no labels.',
  },
  'fidelity.made-up': {
    title: 'Fidelity is measured on a made-up input',
    cause: 'There are no data at all.',
    cure: 'Give `data.evaluation`; it needs no labels.',
  },
  'data.odd': {
    title: 'Something about the data is odd',
    cause: 'The data can be used, but are likely not what was meant.',
    cure: 'The note says what was seen; docs/data.md says how the format is read.',
  },
  'data.not-normalized': {
    title: 'Images go into the model without normalization',
    cause: 'No mean, std or scale is given, and the model most likely was trained with one.',
    cure: 'Set `input: { preset: imagenet }` or the values that the model was trained with.',
  },
  'provider.no-int8': {
    title: 'The provider has no 8-bit arithmetic',
    cause: 'On cuda and webgpu ONNX Runtime has no 8-bit convolutions or products.',
    cure: 'Measure on tensorrt, or use float16 or int8-weights.',
  },
  'provider.software-gpu': {
    title: 'WebGPU computed on the CPU',
    cause: 'The browser found no GPU and took SwiftShader, which computes in software.',
    cure: 'Believe outputs, accuracy and placement; take latencies on a machine with a GPU.',
  },
  'provider.not-tensorrt': {
    title: 'The file is not shaped for TensorRT',
    cause: "TensorRT takes signed symmetric 8-bit values and none of the CPU's integer operators.",
    cure: 'Make it with `preset: tensorrt`.',
  },
  'provider.no-trtexec': {
    title: 'Without trtexec INT8 is not measured on TensorRT',
    cause: "onnxruntime-node can't allow TensorRT's INT8.",
    cure: "Put NVIDIA's trtexec on PATH (docs/gpu.md).",
  },
  'tensorrt.engine-not-judged': {
    title: 'The engine itself was timed but not judged',
    cause: 'It could not be opened through ONNX Runtime, so accuracy and memory are those of the file.',
    cure: 'The note has the reason; use the same TensorRT for trtexec and ONNX Runtime.',
  },
} satisfies Record<string, Explanation>;
