/**
 * Damaged input of every kind, thousands of times: whatever is read, the command line ends with an exit code of 0 to 3 and a sentence.
 *
 *   node bench/run.mjs fuzz [--count 1000] [--seed 1] [--kinds npz,images,…] [--keep DIR]
 *
 * `--count` inputs are spread over the kinds (fuzz/kinds.ts). Each is one run of the command line in a process that many runs share; a run
 * that ends that process, takes longer than 30 s of its own time, grows the process above 1.5 GB, ends with another exit code, prints a stack, or leaves a
 * partial file is bad. Bad inputs are kept in `--keep`, and named with the command that shows them. The same seed gives the same inputs.
 * Exit code 1 where anything was bad.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { KINDS } from './fuzz/kinds.js';
import { DAMAGE, NO_DAMAGE } from './fuzz/mutate.js';
import { judgeRun, type Reader, startReader } from './fuzz/reader.js';
import { serveReader } from './fuzz/serve.js';

/** Runs that share a process: what they leave behind in memory does not add up. */
const RUNS_PER_PROCESS = 100;

const { values, positionals } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    kinds: { type: 'string' },
    keep: { type: 'string' },
  },
  allowPositionals: true,
});

if (positionals[0] === 'serve') serveReader();
else await fuzz();

async function fuzz(): Promise<void> {
  const wanted = values.kinds?.split(',') ?? [...KINDS.keys()];
  const unknown = wanted.filter((name) => !KINDS.has(name));
  if (unknown.length > 0)
    throw new Error(`no kind ${unknown.join(', ')}; there are ${[...KINDS.keys()].join(', ')}`);
  const scratch = mkdtempSync(join(tmpdir(), 'quantgate-fuzz-'));
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  const perKind = Math.ceil(Number(values.count) / wanted.length);
  let bad = 0;
  for (const name of wanted) {
    const found = await fuzzKind(name, { count: perKind, scratch });
    bad += found.bad;
    console.log(
      `${name}: ${perKind} inputs, ${found.bad} bad, exit codes ${found.exits}, ${found.seconds} s`,
    );
  }
  console.log(`${perKind * wanted.length} inputs, ${bad} bad`);
  process.exitCode = bad > 0 ? 1 : 0;
}

async function fuzzKind(
  name: string,
  { count, scratch }: { count: number; scratch: string },
): Promise<{ bad: number; exits: string; seconds: string }> {
  const kind = KINDS.get(name)!;
  const started = performance.now();
  const exits = new Map<string, number>();
  const place = join(scratch, name);
  let bad = 0;
  let reader = startReader();
  try {
    await assertSound(name, reader, place);
    for (let index = 0; index < count; index++) {
      if (index > 0 && index % RUNS_PER_PROCESS === 0) {
        reader.end();
        reader = startReader();
      }
      const seed = Number(values.seed) * 1_000_003 + index;
      emptied(place);
      const args = await kind(place, seed, DAMAGE);
      const ran = await reader.ask({ args, folder: place });
      exits.set(`${ran.exit}`, (exits.get(`${ran.exit}`) ?? 0) + 1);
      const fault = judgeRun(ran, place);
      if (fault !== null) {
        bad++;
        if (values.keep) cpSync(place, resolve(values.keep, `${name}-${seed}`), { recursive: true });
        console.log(`BAD ${name} ${seed}: ${fault}\n  quantgate ${args.join(' ')}`);
      }
      if (ran.gone) reader = startReader();
    }
  } finally {
    reader.end();
  }
  return {
    bad,
    exits: [...exits].map(([exit, times]) => `${exit} (${times})`).join(', '),
    seconds: ((performance.now() - started) / 1000).toFixed(0),
  };
}

/** Inputs that nobody damaged must be read: else the damage would show nothing. */
async function assertSound(name: string, reader: Reader, place: string): Promise<void> {
  emptied(place);
  const args = await KINDS.get(name)!(place, Number(values.seed), NO_DAMAGE);
  const ran = await reader.ask({ args, folder: place });
  if (ran.exit !== 0) throw new Error(`${name}: the sound input ends with ${ran.exit}: ${ran.stderr}`);
}

function emptied(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
