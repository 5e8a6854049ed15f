/** Ctrl-C while native code holds the thread: Node hears it when that code returns, which may be half a minute later (ONNX Runtime opens a large model). */
import { startProgram } from './child-process.js';
import { tellUnfinished } from './unfinished.js';

/** Seconds within which a process that is alive answers: it ends by itself, and leaves nothing behind. */
const PATIENCE_S = 4;

/**
 * Hears what the terminal tells all processes of its group, waits, and kills the process that started it, if it is still there, with what that has begun,
 * one path a line. Ends with its parent, whose end of the pipe is closed then.
 */
const GUARD = `
trap 'left=$0; while [ "$left" -gt 0 ] && kill -0 "$PPID" 2>/dev/null; do sleep 1; left=$((left - 1)); done; kill -KILL "$PPID" 2>/dev/null && { rm -rf -- "$@"; echo "quantgate: interrupted" >&2; }; exit' INT TERM
echo listening
while IFS= read -r path; do set -- "$@" "$path"; done
`;

/** Starts a process that ends this one some seconds after Ctrl-C if it does not end by itself. Not on Windows, which has no shell for it.
 *  @returns when it listens. */
export async function endWhenHeld({ patienceS = PATIENCE_S } = {}): Promise<void> {
  if (process.platform === 'win32') return;
  const guard = startProgram('/bin/sh', ['-c', GUARD, String(patienceS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    group: 'ours',
  });
  const { stdin, stdout } = guard;
  if (!stdin || !stdout) return;
  // Where there is no shell the process ends as late as ever; a guard that has gone takes no names.
  guard.on('error', () => {});
  stdin.on('error', () => {});
  tellUnfinished((path) => {
    // A name of two lines would be taken for two names.
    if (!path.includes('\n')) stdin.write(`${path}\n`);
  });
  guard.unref();
  for (const pipe of [stdin, stdout] as unknown as { unref(): void }[]) pipe.unref();
  await new Promise((resolve) => stdout.once('data', resolve));
}
