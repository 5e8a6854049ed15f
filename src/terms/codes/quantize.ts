/** Codes of what can go wrong while a variant is made. */
import type { Explanation } from './explanation.js';

export const QUANTIZE_CODES = {
  'quantize.needs-calibration': {
    title: 'The method needs calibration data',
    cause: 'Static INT8, auto, SmoothQuant and GPTQ look at what the model computes on real samples.',
    cure: 'Name 100 to 500 typical samples under `data.calibration`, or with `--calibration PATH`; or take int8-dynamic or float16.',
  },
  'quantize.plan-invalid': {
    title: "The plan can't be read",
    cause: 'The file is missing or not what `method: auto` writes.',
    cure: 'Let `method: auto` without `plan` write a new one.',
  },
  'quantize.plan-other-model': {
    title: "The plan is another model's",
    cause: 'The model has changed since the plan was made; its groups may not be there any more.',
    cure: 'Remove `plan` and let `method: auto` search a new one.',
  },
  'quantize.method-not-for-target': {
    title: 'The method has no form for this target',
    cause: 'The runtime or device does not run what the method makes.',
    cure: 'Take a method that the message names, or another `target`.',
  },
  'quantize.invalid-option': {
    title: "An option of the method has a value that it can't have",
    cause: "The value is outside of what the method's arithmetic allows.",
    cure: 'Use a value as the message describes it.',
  },
  'quantize.not-finite': {
    title: 'A value that is to be quantized is not finite',
    cause:
      "A preset that reproduces another tool's file quantizes a tensor with NaN or infinity, such as an attention mask of minus infinity: no scale fits that.",
    cure: 'Keep its operators with `exclude`, or leave the preset out: then such operators stay float.',
  },
  'quantize.file-invalid': {
    title: 'The quantized file is not what it should be',
    cause:
      'It does not open or run where the original does. quantgate checks each file before it is called made.',
    cure: 'Exclude the operator that the message names (`exclude`), try another method, and please report the model.',
  },
  'variant.file-missing': {
    title: 'The file of a variant does not exist',
    cause: 'A variant with `file:` takes a model that something else has made, and it is not there.',
    cure: 'Make it before quantgate runs, or correct the path.',
  },
  'command.not-allowed': {
    title: 'Commands are not allowed here',
    cause: 'A pull request of a stranger could run anything on this machine through `command:`.',
    cure: 'Run it where commands are allowed: action input `allow-commands` (docs/github.md says when that is safe).',
  },
  'command.not-started': {
    title: "A command can't be started",
    cause: 'The program is not installed, not on PATH, or not executable.',
    cure: 'Install it in an earlier step, or write its full path.',
  },
  'command.failed': {
    title: 'A command failed',
    cause: 'It ended with an error, took too long, or printed too much.',
    cure: 'Run it by itself; its last words stand in the message. A longer time is `timeout`.',
  },
  'command.no-output': {
    title: 'A command wrote no model',
    cause: 'It succeeded, but there is no file at {output}.',
    cure: 'Let it write the model to the path that stands for {output}.',
  },
} satisfies Record<string, Explanation>;
