/**
 * What a run of each file costs in WebAssembly in CPU time of the thread that runs it, in turns: other work on the machine delays a run,
 * but is not counted. Beside it the CPU time of the process's other threads, in which V8 compiles what has become hot.
 *
 *   node bench/run.mjs web-cpu ORIGINAL.onnx OTHER.onnx… [--rounds 40]
 *
 * Each file has a process of its own, one thread, and no warm-up: the rounds are told in quarters. Name the original twice to see what
 * this machine reads where nothing differs. Linux only.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { SILENT } from '../src/log.js';
import { timingFeeds } from '../src/measure/subject/inputs.js';
import { locateWasm } from '../src/runtime/provision/provision.js';
import { loadWasmRuntime } from '../src/runtime/wasm/wasm-runtime.js';
import { forkFile } from '../src/system/process/child-process.js';
import { lowerQuartile } from './kept-launches.js';
import { asTable } from './markdown.js';

/** CPU time in ms, of a run's own thread and of the process's other threads. */
interface Turn {
  own: number[];
  others: number;
}

const RUNS_PER_TURN = 3;
const QUARTERS = [0, 1, 2, 3];

/** The file that a child serves; the parent has none. */
const SERVED = 'QUANTGATE_BENCH_SERVED';

if (process.env[SERVED]) await serve(process.env[SERVED]);
else await measure();

/** The child's side: a turn of runs for each message. */
async function serve(file: string): Promise<void> {
  const runtime = await loadWasmRuntime(await locateWasm({ log: SILENT }), { threads: 1 });
  const session = await runtime.open(file);
  const prepared = session.prepare(timingFeeds(session.inputs, { batch: 1, shapes: {}, sample: null }));
  process.on('message', async () => {
    const turn: Turn = { own: [], others: 0 };
    for (let run = 0; run < RUNS_PER_TURN; run++) {
      const [own, all] = [ownCpuMs(), process.cpuUsage()];
      await prepared.run();
      const took = ownCpuMs() - own;
      const { user, system } = process.cpuUsage(all);
      turn.own.push(took);
      turn.others += (user + system) / 1e3 - took;
    }
    process.send!(turn);
  });
  process.send!('ready');
}

/** The kernel's account of the main thread, in nanoseconds (proc(5), schedstat). */
function ownCpuMs(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e6;
}

async function measure(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '40' } },
  });
  const children = positionals.map((file) =>
    forkFile(process.argv[1]!, {
      environment: { ...process.env, [SERVED]: file },
      group: 'ours',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }),
  );
  const told = (child: (typeof children)[number]) =>
    new Promise<unknown>((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`a process ended with ${code}`));
      child.once('exit', ended);
      child.once('message', (answer) => {
        child.off('exit', ended);
        resolve(answer);
      });
    });
  await Promise.all(children.map(told));
  const turns = positionals.map((): Turn => ({ own: [], others: 0 }));
  for (let round = 0; round < Number(values.rounds); round++) {
    const order = round % 2 === 0 ? [...children.keys()] : [...children.keys()].reverse();
    for (const index of order) {
      const child = children[index]!;
      const answer = told(child);
      child.send('run');
      const { own, others } = (await answer) as Turn;
      turns[index]!.own.push(...own);
      turns[index]!.others += others;
    }
  }
  for (const child of children) child.kill();
  console.log(report(positionals, turns));
}

function report(files: readonly string[], turns: readonly Turn[]): string {
  const quarter = ({ own }: Turn, index: number) =>
    lowerQuartile(own.slice((own.length * index) / 4, (own.length * (index + 1)) / 4));
  const rows = turns.map((turn, at) => [
    basename(files[at]!),
    ...QUARTERS.map((index) => {
      const ms = quarter(turn, index);
      return `${ms.toFixed(1)} ms (${(ms / quarter(turns[0]!, index)).toFixed(3)}×)`;
    }),
    `${(turn.others / 1e3).toFixed(2)} s`,
  ]);
  return asTable(['file', 'first quarter', 'second', 'third', 'last', 'other threads, in all'], rows);
}
