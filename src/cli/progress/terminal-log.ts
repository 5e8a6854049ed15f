/** Progress and warnings on stderr: a bar on a terminal, sparse plain lines elsewhere (CI logs). */
import type { Log } from '../../log.js';
import { fitted } from '../../report/terminal/fold.js';
import { progressLine, remainingTime, timeLeft } from './progress-line.js';

export interface TerminalLogOptions {
  quiet: boolean;
  verbose: boolean;
  color: boolean;
  stream: NodeJS.WriteStream;
}

/** Where the terminal does not tell its width. */
const USUAL_COLUMNS = 80;
/** A bar is redrawn at most this often. */
const REDRAW_MS = 100;
/** Elsewhere a line is printed at each of these shares of a step, and after this long without one: a step may take hours. */
const PLAIN_SHARES = 4;
const PLAIN_SILENCE_MS = 5 * 60_000;

export function terminalLog({ quiet, verbose, color, stream }: TerminalLogOptions): Log {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  let barShown = false;
  let drawnAt = 0;
  let printedAt = 0;
  let printedShare = -1;
  let currentStep = '';
  const remaining = remainingTime();

  const clearBar = () => {
    if (barShown) stream.write('\r\u001b[2K');
    barShown = false;
  };
  const line = (text: string) => {
    clearBar();
    stream.write(`${stream.isTTY ? fitted(text, stream.columns || USUAL_COLUMNS) : text}\n`);
  };

  return {
    info: (message) => {
      if (!quiet) line(message);
    },
    warn: (message) => line(`${paint(33, 'warning:')} ${message}`),
    debug: (message) => {
      if (verbose) line(paint(2, message));
    },
    progress: (step, done, total) => {
      if (quiet || total <= 0) return;
      const leftMs = remaining(step, done / total);
      if (!stream.isTTY) {
        if (step !== currentStep) printedShare = -1;
        currentStep = step;
        const share = Math.floor((done / total) * PLAIN_SHARES);
        const isLongAgo = Date.now() - printedAt > PLAIN_SILENCE_MS && printedShare >= 0;
        if ((share > printedShare || isLongAgo) && done > 0) {
          printedAt = Date.now();
          const left = leftMs === null ? '' : `, ${timeLeft(leftMs)}`;
          stream.write(`${step}: ${Math.round((100 * done) / total)} %${left}\n`);
        }
        printedShare = Math.max(share, printedShare);
        return;
      }
      const now = Date.now();
      if (done >= total) {
        clearBar();
        return;
      }
      if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const columns = stream.columns || USUAL_COLUMNS;
      const line = { step, share: done / total, leftMs, columns, paint: (bar: string) => paint(36, bar) };
      stream.write(`\r\u001b[2K${progressLine(line)}`);
      barShown = true;
    },
  };
}
