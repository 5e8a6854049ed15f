/** The Log of an Actions run: workflow commands for warnings, plain lines for the rest. */
import { debug, info, warning } from '@actions/core';
import type { Log } from '../../log.js';

/** A progress line is written whenever this share of a step is done. */
const PROGRESS_STEP = 0.25;

export function actionLog(): Log {
  const shown = new Map<string, number>();
  return {
    info: (message) => info(inert(message)),
    warn: (message) => warning(message),
    debug: (message) => debug(message),
    progress(step, done, total) {
      const share = total > 0 ? done / total : 1;
      const mark = Math.floor(share / PROGRESS_STEP);
      if (done < total && mark <= (shown.get(step) ?? 0)) return;
      if (done >= total && shown.get(step) === Number.POSITIVE_INFINITY) return;
      shown.set(step, done >= total ? Number.POSITIVE_INFINITY : mark);
      info(inert(`${step} ${done}/${total}`));
    },
  };
}

/** Text that the runner must not read as a workflow command: names and messages come from models and configs. */
function inert(message: string): string {
  return message.replace(/^(\s*)::/gm, '$1: :').replaceAll('##[', '## [');
}
