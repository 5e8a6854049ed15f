/** How a command calls the library: what it says goes to stderr, and its errors name options as a shell has them. */
import type { CallOptions } from '../../library/call.js';
import { kebab } from '../../library/options/config-keys.js';
import { OptionError } from '../../library/options/option-error.js';
import type { CliContext } from './context.js';

/** Options of every call, from those of every command. */
export function callOptions({ options, log, signal }: CliContext): CallOptions {
  return {
    threads: options.threads,
    onnxruntimePath: options.onnxruntimePath,
    signal,
    onProgress: ({ step, done, total }) => log.progress(step, done, total),
    onMessage: ({ level, text }) => log[level](text),
  };
}

/** Options whose names on the command line are not the last part of theirs in the library. */
const FLAGS: Readonly<Record<string, string>> = {
  config: '--config FILE',
  'calibration.path': '--calibration PATH',
  'calibration.limit': '--calibration-limit',
  'data.path': '--data PATH',
  'input.preset': '--input-preset',
  'audio.features': '--audio-features',
  'split.calibration': '--split',
  'letterbox.size': '--letterbox',
  'pad.size': '--pad',
  'pad.multiple': '--pad',
  'resize.shorter': '--resize',
  'resize.longer': '--resize',
  'resize.multiple': '--resize',
  shapes: '--shape',
};

/** The error as the command line tells it. */
export function asCommandLine(error: unknown): unknown {
  return error instanceof OptionError ? error.writtenAs(flag) : error;
}

function flag(path: string): string {
  if (path.startsWith('outputs.')) return '--outputs';
  const [last = path] = path.split('.').slice(-1);
  const known = Object.entries(FLAGS).find(([option]) => path === option || path.endsWith(`.${option}`));
  return known?.[1] ?? `--${kebab(last)}`;
}
