/** What every command gets: where to write, how loud, the runtime when it is needed, and the signal that ends it all. */
import { Interrupted } from '../../errors.js';
import { openRuntime } from '../../library/open-runtime.js';
import type { Log } from '../../log.js';
import { fitted } from '../../report/terminal/fold.js';
import type { RunContext } from '../../runtime/context.js';
import type { Runtime } from '../../runtime/runtime.js';
import { endWhenHeld } from '../../system/process/end-when-held.js';
import type { CudaChoice } from '../../terms/provider.js';
import { terminalLog } from '../progress/terminal-log.js';

/** Options that every command takes. */
export interface GlobalOptions {
  quiet?: boolean;
  verbose?: boolean;
  /** false with --no-color. */
  color: boolean;
  threads?: number;
  json?: boolean;
  onnxruntimePath?: string;
  cuda: CudaChoice;
}

export interface CliContext {
  options: GlobalOptions;
  log: Log;
  /** Colour on stdout. */
  color: boolean;
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal;
  /** Opens ONNX Runtime on first use. */
  runtime(): Promise<Runtime>;
  /** What a step of the pipeline is handed; opens ONNX Runtime. */
  toRun(): Promise<RunContext>;
  /** Prints a result: `value` as JSON with --json, else `text`. */
  print(value: unknown, text: () => string): void;
}

export function makeContext(options: GlobalOptions, signal: AbortSignal): CliContext {
  const colorful = (stream: NodeJS.WriteStream) => isColorful(stream, options.color);
  const log = terminalLog({
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
    color: colorful(process.stderr),
    stream: process.stderr,
  });
  let opened: Promise<Runtime> | undefined;
  const runtime = () => {
    if (!opened) {
      // Others than a terminal's user wait, or kill. Without it the process ends as late as ever.
      if (process.stdin.isTTY) endWhenHeld().catch(() => {});
      opened = openRuntime(options, { log, signal });
    }
    return opened;
  };
  return {
    options,
    log,
    color: colorful(process.stdout),
    signal,
    runtime,
    toRun: async () => ({ runtime: await runtime(), log, threads: options.threads, signal }),
    print: (value, text) => {
      const body = options.json ? JSON.stringify(value, null, 2) : forStream(text(), process.stdout);
      process.stdout.write(body.endsWith('\n') ? body : `${body}\n`);
    },
  };
}

/** Text folded to the terminal that a stream is; as it is where it goes elsewhere. */
export function forStream(text: string, { isTTY, columns }: NodeJS.WriteStream): string {
  return isTTY && columns ? fitted(text, columns) : text;
}

/** Whether to colour what goes to a stream. `wanted`: false with --no-color. */
export function isColorful(stream: NodeJS.WriteStream, wanted: boolean): boolean {
  return (
    wanted &&
    process.env.NO_COLOR === undefined &&
    (stream.isTTY === true || process.env.FORCE_COLOR !== undefined)
  );
}

/** An abort signal that SIGINT and SIGTERM trigger; a second signal ends the process at once. */
export function signalsAborted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new Interrupted('interrupted'));
    });
  }
  return controller.signal;
}
