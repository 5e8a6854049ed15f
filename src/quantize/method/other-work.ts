/** How much of the machine's cores other processes take while we work: then times mislead, and a budget of time buys less. */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Share of all cores' time from which other processes' work counts: threads then wait for each other at every operator, and the file with
 *  more operators looks slower than it is. */
const BUSY_SHARE = 0.1;

/** Milliseconds so far of all cores together: in all, at work, and at work for us. */
interface CoreTimes {
  total: number;
  busy: number;
  own: number;
}

/** Other processes' work since this was made. */
export class OtherWork {
  readonly #from = coreTimes();

  /** Their share of all cores' time; 0 where the system tells no times. Of a child process of ours that is still at work it is not known that it is ours. */
  get share(): number {
    const [from, to] = [this.#from, coreTimes()];
    const total = to.total - from.total;
    return total > 0 ? Math.max(0, (to.busy - from.busy - (to.own - from.own)) / total) : 0;
  }

  /** Whether it is enough to mislead. */
  get isMuch(): boolean {
    return this.share >= BUSY_SHARE;
  }
}

function coreTimes(): CoreTimes {
  let [total, idle] = [0, 0];
  for (const { times } of cpus()) {
    total += times.user + times.nice + times.sys + times.idle + times.irq;
    idle += times.idle;
  }
  return { total, busy: total - idle, own: ownCpuMs() + endedChildrenMs() };
}

/** Milliseconds of CPU that this process has used so far, on all its threads. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Times in /proc/self/stat are in hundredths of a second (proc(5): USER_HZ is 100 on every architecture that Node runs on). */
const MS_PER_TICK = 10;
/** Of the fields behind the name in parentheses: `cutime` and `cstime`, of children that have ended. */
const CHILDREN_FIELDS = [13, 14];

/** The same of child processes that have ended; 0 where the system doesn't tell. */
function endedChildrenMs(): number {
  if (process.platform !== 'linux') return 0;
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return CHILDREN_FIELDS.reduce((sum, field) => sum + MS_PER_TICK * Number(fields[field]), 0);
}
