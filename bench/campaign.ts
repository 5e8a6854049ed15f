/** Repeats a comparison until there are enough or the time is up, keeps every result in a file so that it can go on later, and sums up. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { median } from '../src/statistics/order.js';
import { clopperPearson } from './clopper-pearson.js';
import { type BoundVerdict, type Comparison, verdictAt } from './comparison.js';

export interface CampaignOptions<Settings> {
  /** What the results depend on; a log made with others isn't continued. */
  settings: Settings;
  bound: number;
  runs: number;
  /** No comparison begins after this long. */
  minutes: number;
  /** JSON lines: the settings, then one comparison each. null: nothing is kept. */
  log: string | null;
  once(): Promise<Comparison>;
}

/** The settings and results that a log holds; null: it isn't there yet. */
export function readLog<Settings>(file: string | null): { settings: Settings; results: Comparison[] } | null {
  if (file === null || !existsSync(file)) return null;
  const [settings, ...results] = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { settings, results };
}

/** Runs the campaign and prints each comparison and the summary: shares with their exact 95 % limits. */
export async function runCampaign<Settings>(options: CampaignOptions<Settings>): Promise<void> {
  const { settings, bound, log } = options;
  const before = readLog<Settings>(log);
  if (before && JSON.stringify(before.settings) !== JSON.stringify(settings)) {
    throw new Error(`${log} holds a campaign of other settings: ${JSON.stringify(before.settings)}`);
  }
  if (log && !before) writeFileSync(log, `${JSON.stringify(settings)}\n`);
  const results = before?.results ?? [];
  if (results.length > 0) console.log(`${results.length} comparisons were in ${log}`);
  const end = performance.now() + options.minutes * 60_000;
  while (results.length < options.runs && performance.now() < end) {
    const result = await options.once();
    results.push(result);
    if (log) appendFileSync(log, `${JSON.stringify(result)}\n`);
    console.log(line(results.length, verdictAt(bound, result), result));
  }
  console.log(summary(results, bound));
  console.log(JSON.stringify({ ...settings, ...tally(results, bound) }));
}

function line(number: number, verdict: BoundVerdict, result: Comparison): string {
  const hi = result.hi === null ? '∞' : result.hi.toFixed(4);
  return (
    `${number}: ${verdict} ratio ${result.ratio.toFixed(4)} [${result.lo.toFixed(4)}, ${hi}] ${result.launches} launches, ` +
    `sd ${(result.deviation * 100).toFixed(2)} %, p50 ${result.p50Ms.toFixed(3)} ms, ${result.seconds.toFixed(1)} s`
  );
}

function tally(results: readonly Comparison[], bound: number) {
  const count = { pass: 0, fail: 0, inconclusive: 0 };
  for (const result of results) count[verdictAt(bound, result)]++;
  const seconds = results.map((result) => result.seconds).sort((a, b) => a - b);
  return {
    runs: results.length,
    ...count,
    medianSeconds: rounded(median(seconds)),
    p90Seconds: rounded(seconds[Math.ceil(0.9 * seconds.length) - 1] ?? Number.NaN),
    medianLaunches: median(results.map(({ launches }) => launches)),
    medianDeviation: rounded(median(results.map(({ deviation }) => deviation)), 4),
    medianRatio: rounded(median(results.map(({ ratio }) => ratio)), 4),
  };
}

function summary(results: readonly Comparison[], bound: number): string {
  const { runs, pass, fail, inconclusive, medianSeconds, p90Seconds } = tally(results, bound);
  const shares = Object.entries({ pass, fail, inconclusive }).map(([verdict, count]) => {
    const { value, lo, hi } = clopperPearson(count, runs);
    return `${verdict} ${count} = ${percent(value)} [${percent(lo)}, ${percent(hi)}]`;
  });
  return (
    `${runs} comparisons at a bound of ${bound}: ${shares.join(', ')} (95 % limits by Clopper–Pearson); ` +
    `median ${medianSeconds} s, nine in ten within ${p90Seconds} s`
  );
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const rounded = (value: number, digits = 1) => Number(value.toFixed(digits));
