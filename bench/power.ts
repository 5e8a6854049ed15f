/**
 * Sensitivity: a real slow-down, made by work in the graph, must be found.
 *
 *   node bench/run.mjs power --slowdown 8 --bound 1.00 --runs 100 --minutes 20 --log power-8.jsonl
 *   node bench/run.mjs power --slowdown 15 --bound 1.05 --runs 100
 *   node bench/run.mjs power --slowdown 8 --bound 1.00 --runs 100 --load          with another process eating one core
 *
 * A chain of small matrix products beside the model is made as long as the slow-down asks for; its true size is then established by a
 * long run (--establish seconds). A campaign whose --log exists goes on where it ended, with the same chain. Goals: +8 % found at a
 * 0 % bound, +15 % FAIL at a 5 % bound, each in at least 95 %.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadRuntime } from '../src/runtime/load.js';
import { readLog, runCampaign } from './campaign.js';
import { compare, eatOneCore } from './comparison.js';
import { writeSlowedModel } from './slowed-model.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'examples/digits/digits.onnx' },
    slowdown: { type: 'string', default: '8' },
    bound: { type: 'string', default: '1.00' },
    runs: { type: 'string', default: '10' },
    minutes: { type: 'string', default: 'Infinity' },
    log: { type: 'string' },
    budget: { type: 'string', default: '120' },
    /** Budget of the run that establishes the true size, seconds. */
    establish: { type: 'string', default: '60' },
    load: { type: 'boolean', default: false },
  },
});

interface Chain {
  links: number;
  /** Established ratio with its 90 % interval. */
  truth: [lo: number, ratio: number, hi: number | null];
}

const runtime = await loadRuntime();
const { model, load } = values;
const bound = Number(values.bound);
const budgetS = Number(values.budget);
const slowdown = Number(values.slowdown);
const folder = mkdtempSync(join(tmpdir(), 'quantgate-power-'));

function slowed(links: number): string {
  const file = join(folder, `slowed-${links}.onnx`);
  writeSlowedModel(model, file, links);
  return file;
}

/** A chain that slows the model by what was asked for: it is lengthened by what the last try lacked. */
async function chainOf(wanted: number): Promise<Chain> {
  const establishS = Number(values.establish);
  let links = 8;
  for (let attempt = 0; attempt < 6; attempt++) {
    const { ratio } = await compare({
      runtime,
      original: model,
      variant: slowed(links),
      budgetS: establishS / 3,
      precision: 0.01,
    });
    const gained = ratio - 1;
    console.log(`${links} links: +${(gained * 100).toFixed(1)} %`);
    if (Math.abs(ratio - wanted) < 0.005) break;
    // Noise may answer anything: no step is longer than fourfold.
    const factor = Math.min(4, Math.max(0.25, (wanted - 1) / Math.max(gained, 0.005)));
    links = Math.max(1, Math.round(links * factor));
  }
  const { lo, ratio, hi } = await compare({
    runtime,
    original: model,
    variant: slowed(links),
    budgetS: establishS,
    precision: 0.005,
  });
  return { links, truth: [lo, ratio, hi] };
}

try {
  const known = readLog<{ chain: Chain }>(values.log ?? null)?.settings.chain;
  const chain = known ?? (await chainOf(1 + slowdown / 100));
  const [lo, ratio, hi] = chain.truth;
  console.log(
    `${chain.links} links: true ratio ${ratio.toFixed(4)} [${lo.toFixed(4)}, ${hi?.toFixed(4) ?? '∞'}]`,
  );
  const file = slowed(chain.links);
  const hog = load ? eatOneCore() : null;
  try {
    await runCampaign({
      settings: { campaign: 'power', model, slowdown, bound, budgetS, load, chain },
      bound,
      runs: Number(values.runs),
      minutes: Number(values.minutes),
      log: values.log ?? null,
      once: () => compare({ runtime, original: model, variant: file, budgetS }),
    });
  } finally {
    hog?.kill('SIGKILL');
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
