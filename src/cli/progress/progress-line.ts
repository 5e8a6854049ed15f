/** One line of progress: a bar, the step, its share and the time left, within the terminal's width. */
import stringWidth from 'string-width';

export interface ProgressLine {
  step: string;
  /** 0 to 1. */
  share: number;
  /** null: it can't be known yet. */
  leftMs: number | null;
  /** Of the terminal. */
  columns: number;
  /** Colours the bar. */
  paint?: (bar: string) => string;
}

const WIDEST_BAR = 24;
/** A shorter one shows nothing. */
const SHORTEST_BAR = 6;

/** What does not fit is left out: the bar becomes shorter and goes, then the time left goes, then the step's name is cut. */
export function progressLine({ step, share, leftMs, columns, paint = (bar) => bar }: ProgressLine): string {
  // A line as wide as the terminal would break in some of them.
  const room = Math.max(1, columns - 1);
  const percent = `${Math.round(100 * share)} %`;
  const left = leftMs === null ? '' : `, ${timeLeft(leftMs)}`;
  const full = `${step} ${percent}${left}`;
  const barWidth = Math.min(WIDEST_BAR, room - stringWidth(full) - 1);
  if (barWidth >= SHORTEST_BAR) {
    const filled = Math.round(share * barWidth);
    return `${paint('█'.repeat(filled) + '░'.repeat(barWidth - filled))} ${full}`;
  }
  if (stringWidth(full) <= room) return full;
  const short = `${step} ${percent}`;
  if (stringWidth(short) <= room) return short;
  return `${cut(step, room - percent.length - 1)} ${percent}`;
}

/** `about 40 s left`, in steps that don't flicker. */
export function timeLeft(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 5) return 'a few s left';
  if (seconds < 60) return `about ${Math.ceil(seconds / 5) * 5} s left`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${(seconds / 3600).toFixed(1)} h left`;
}

function cut(text: string, width: number): string {
  let shown = '';
  for (const character of text) {
    if (stringWidth(shown + character) > width - 1) return `${shown}…`;
    shown += character;
  }
  return shown;
}

/** Below this share, or this time, the speed of a step is not known; a longer time tells it whatever the share. */
const LEAST_SHARE = 0.05;
const LEAST_MS = 2_000;
const ENOUGH_MS = 60_000;

/** Says how long each step still takes, from how long it has taken since it was first told of; null while that can't be known. */
export function remainingTime(now: () => number = Date.now): (step: string, share: number) => number | null {
  let current = '';
  let [startedAt, startedWith] = [0, 0];
  return (step, share) => {
    if (step !== current) {
      current = step;
      [startedAt, startedWith] = [now(), share];
    }
    const [tookMs, done] = [now() - startedAt, share - startedWith];
    if (done <= 0 || share >= 1 || tookMs < LEAST_MS) return null;
    if (done < LEAST_SHARE && tookMs < ENOUGH_MS) return null;
    return (tookMs * (1 - share)) / done;
  };
}
