/** Codes of what a machine lacks, and of what fails while it works. */
import type { Explanation } from './explanation.js';

export const RUNTIME_CODES = {
  'runtime.not-found': {
    title: 'ONNX Runtime was not found',
    cause: 'No onnxruntime-node is installed where it was looked for, and it could not be fetched.',
    cure: 'Run `npm install onnxruntime-node`, or name its directory: `--onnxruntime-path` (action: input `onnxruntime-path`).',
  },
  'runtime.not-loaded': {
    title: 'ONNX Runtime could not be loaded',
    cause: 'Its binary is of another platform, damaged, or needs a library that this system does not have.',
    cure: "Reinstall the package for this platform; the message has the system's words.",
  },
  'runtime.unsupported-system': {
    title: 'There is no ONNX Runtime for this system',
    cause:
      'onnxruntime-node has binaries for some platforms only, and those for Linux need glibc 2.28 or newer (not Alpine).',
    cure: 'Use a runner or container with Debian, Ubuntu or Red Hat, or name a build of your own with `onnxruntime-path`.',
  },
  'runtime.fetch-failed': {
    title: 'A package could not be fetched with npm or pip',
    cause: 'There is no npm or pip, no network, a proxy or registry that refuses, or a full disk.',
    cure: 'Read the words of npm or pip in the message. Without network: install the package beside quantgate, or copy the cache from a machine that has it (input `cache-dir`).',
  },
  'runtime.hash-mismatch': {
    title: 'A fetched package is not the one that was pinned',
    cause: 'The registry or mirror that npm or pip is set up for serves another file under this name.',
    cure: 'Correct the registry in .npmrc or the index in pip.conf, and tell whoever runs the mirror.',
  },
  'runtime.out-of-memory': {
    title: 'The model does not fit into memory',
    cause: "Machine, container, GPU or WebAssembly's heap (4 GB) is too small for model and batch.",
    cure: 'Use a larger machine, a smaller batch, or fewer processes at once.',
  },
  'runtime.profile': {
    title: "ONNX Runtime's profile can't be read",
    cause: 'ONNX Runtime wrote no profile, or one that is cut short: usually a full disk.',
    cure: 'Make room in the temporary folder, or name another with TMPDIR.',
  },
  'runtime.worker': {
    title: 'A measuring process could not be started or died',
    cause: 'Every figure is taken in a process of its own; the system refused one, or it crashed.',
    cure: 'See the last words in the message; check limits of processes and memory. A crash of the provider needs another provider or version.',
  },
  'runtime.threads': {
    title: 'WebAssembly works with fewer threads than were asked for',
    cause:
      'Threads need memory that they share (SharedArrayBuffer), and one worker each; this browser or Node refused.',
    cure: 'Set `benchmark.threads: [1]` (command line: `--threads 1`), or take another browser.',
  },
  'browser.missing': {
    title: 'There is no browser for browser-wasm and browser-webgpu',
    cause: 'Neither Chromium nor Chrome is on PATH, or QUANTGATE_BROWSER names something else.',
    cure: 'Install one (Debian and Ubuntu: `apt install chromium`), or name it in QUANTGATE_BROWSER; or take the provider out.',
  },
  'browser.not-started': {
    title: 'The browser does not start',
    cause:
      'Its sandbox needs user namespaces that containers and AppArmor may forbid, a library is missing, or it is no Chromium.',
    cure: "Read the browser's own words in the message; try it by hand with `--headless=new`.",
  },
  'browser.page': {
    title: 'The page in the browser lacks what is measured',
    cause:
      'The browser has no WebGPU or finds no adapter, its page is not isolated (no threads), or a policy blocks 127.0.0.1.',
    cure: 'Use a current Chromium or Chrome; `chrome://gpu` says what keeps WebGPU off. `quantgate doctor` tries it.',
  },
  'measure.original-failed': {
    title: "The original model can't be measured",
    cause: 'Without figures of the original there is nothing to compare with.',
    cure: 'See the reason in the message: memory, provider, or sizes of dynamic axes (`benchmark.shapes`).',
  },
  'measure.shapes': {
    title: 'The model does not run on made-up inputs',
    cause: 'Without data, sizes of dynamic axes are guessed, and this model needs others.',
    cure: 'Give them: `benchmark: { shapes: { NAME: SIZE } }` (command line: `--shape NAME=SIZE`), or give evaluation data.',
  },
  'measure.memory': {
    title: "Memory can't be measured on this system",
    cause: 'It is read from /proc, which only Linux has.',
    cure: 'Measure memory on Linux, or remove checks of `memory.…`.',
  },
  'provider.not-opened': {
    title: 'An execution provider could not be opened',
    cause: 'Its device, driver or library is missing, or of another version than ONNX Runtime needs.',
    cure: '`quantgate doctor` tells what is missing; docs/gpu.md lists versions. Or remove it from `benchmark.providers`.',
  },
  'provider.driver-too-old': {
    title: 'The NVIDIA driver is too old for this CUDA',
    cause: 'Each major version of CUDA needs a driver of at least a certain version; the message names both.',
    cure: 'Update the driver, or choose the older CUDA: `cuda: 12` (command line: `--cuda 12`).',
  },
  'provider.wrong-results': {
    title: 'An execution provider computes wrong results',
    cause: "It opens, but a simple computation comes out wrong: driver or libraries don't fit.",
    cure: 'Update the driver, or remove the provider from `benchmark.providers`.',
  },
  'tensorrt.no-trtexec': {
    title: 'trtexec is not where it should be',
    cause: 'The variable that names trtexec points to nothing, or the program does not run.',
    cure: 'Correct or unset the variable; docs/gpu.md says how to install trtexec.',
  },
  'tensorrt.trtexec-failed': {
    title: 'trtexec failed',
    cause: 'It crashed, took too long, or printed something that this version of quantgate does not read.',
    cure: 'See its words in the message; check that TensorRT and driver fit each other.',
  },
  'tensorrt.engine-refused': {
    title: "TensorRT can't build an engine of the model",
    cause: 'An operator or a quantization pattern is not supported by this TensorRT.',
    cure: "If the original's engine builds, `exclude` that operator; else measure without tensorrt.",
  },
  'machine.no-room': {
    title: 'The machine has run out of something',
    cause: 'Disk, memory, open files or processes are at their limit.',
    cure: 'Make room, raise the limit, or name another place: TMPDIR for temporary files, the input `cache-dir` or XDG_CACHE_HOME for what is fetched.',
  },
  'machine.no-locale': {
    title: 'A locale is missing',
    cause:
      'The model lowercases, uppercases or filters texts (StringNormalizer) by the rules of a language that this machine has no data of; small container images have none.',
    cure: 'Install the locale that the message names, or export the model with the locale "C".',
  },
  'machine.no-program': {
    title: "A program can't be started",
    cause: 'git, npm, tar or another program that is needed here is not installed or not on PATH.',
    cure: 'Install the program that the message names.',
  },
  'machine.no-sharp': {
    title: "Images can't be decoded",
    cause: 'sharp, which decodes them, is not installed and there is no pinned build for this platform.',
    cure: 'Run `npm install sharp` in a folder above, or give the data as npz.',
  },
  'machine.incomplete-installation': {
    title: 'A file of quantgate is missing',
    cause: 'The installation or the build is incomplete.',
    cure: 'Reinstall quantgate; in a checkout run `npm run build`.',
  },
  'machine.internal': {
    title: 'quantgate has a bug',
    cause: 'Something happened that was not thought of.',
    cure: 'Please report it with the command line and the stack that was printed.',
  },
  'file.not-writable': {
    title: "A file can't be written",
    cause: 'The path is a folder, has no folder, is read-only, or the disk is full.',
    cure: 'Choose another place, or make room.',
  },
  'file.unreadable': {
    title: "A file can't be read",
    cause: "It does not exist, can't be opened, or is not the text in UTF-8 or the JSON that it should be.",
    cure: 'Correct the path, or save the file as UTF-8.',
  },
  'file.outside': {
    title: 'A file lies outside of its folder',
    cause:
      "A path or a link leads out of the folder that may be read: strangers' files must not reach others.",
    cure: 'Move the file into the folder, and remove the link.',
  },
  'file.lfs-pointer': {
    title: 'A file is a Git LFS pointer',
    cause: 'The checkout has the pointers only, not the contents.',
    cure: 'Run `git lfs pull`; in a workflow set `lfs: true` of actions/checkout.',
  },
} satisfies Record<string, Explanation>;
