/** quantgate beside the Python quantizers: same models, same samples, all files of a model measured interleaved in one run. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDuration } from '../../src/config/quantity.js';
import { declaredFeatures } from '../../src/machine/cpu-features.js';
import { CASE_NAMES, PARTS, prepareCase, type Sources } from './cases.js';
import { versionOf } from './environment.js';
import { measureCase, type Row } from './measuring.js';
import { QUANTIZERS, type Quantizer, quantizeWith } from './quantizers.js';
import { ROOT } from './repository.js';
import { compareSubsets } from './subsets.js';
import { markdownTable, replaceSection, subsetsTable } from './table.js';

const USAGE = `node bench/peers/run.mjs [options]

  --models DIR       efficientnet-lite0.onnx, minilm.onnx, ultraface.onnx, ppocr-rec.onnx, efficientnet-lite1.onnx (made by
                     python/export_efficientnet_lite.py)
  --images DIR       photographs in folders named by ImageNet class index (EfficientNet, ultraface)
  --sentences FILE   npz with minilm's inputs
  --lines DIR        text lines, labels.tsv and keys.txt (ppocr-rec)
  --only NAME,…      of ${CASE_NAMES.join(', ')}
  --tools NAME,…     of ${QUANTIZERS.map(({ name, onRequest }) => (onRequest ? `(${name})` : name)).join(', ')};
                     those in brackets run only when named
  --limit TIME       of each tool's process (default 30min); a longer one is ended, and its row says so
  --budget TIME      of the timing of each model, all files together (default 60s)
  --no-latency       quality, size and cost only: on a machine that other work uses
  --threads N        of ONNX Runtime (default 2)
  --subsets N        calibrate on N different fifths of the samples instead and compare accuracy only (at most ${PARTS})
  --keep DIR         keep models, samples, files and rows there; a later run takes the peers' files as they are, and the rows
                     of tools that it doesn't name
  --write FILE       put the table between the lines <!-- peers:begin --> and <!-- peers:end --> of a document
                     (with --subsets: subsets:begin, subsets:end)
  --section NAME     another name than peers in those lines

Models without their data are left out, and it says so. Python 3.11 or newer with venv is needed; each tool gets an environment
of its own, made once in node_modules/.cache/peers from the registry that pip is configured for. Model Optimizer, AIMET, Quark and HQQ
need PyTorch, which they share there (6 GB).`;

/** What each tool's figures are figures of. */
const PACKAGES = [
  { tool: 'onnxruntime', name: 'onnxruntime' },
  { tool: 'onnxruntime-weights', name: 'onnxruntime' },
  { tool: 'onnxruntime-hqq', name: 'onnxruntime' },
  { tool: 'neural-compressor', name: 'onnx-neural-compressor' },
  { tool: 'nncf', name: 'nncf' },
  { tool: 'aimet', name: 'aimet-onnx' },
  { tool: 'quark', name: 'amd-quark' },
  { tool: 'modelopt', name: 'nvidia-modelopt' },
] as const;

const HEADER_LINES = 2;

const { values: options } = parseArgs({
  options: {
    models: { type: 'string' },
    images: { type: 'string' },
    sentences: { type: 'string' },
    lines: { type: 'string' },
    only: { type: 'string' },
    tools: { type: 'string' },
    limit: { type: 'string', default: '30min' },
    budget: { type: 'string', default: '60s' },
    threads: { type: 'string', default: '2' },
    subsets: { type: 'string' },
    keep: { type: 'string' },
    write: { type: 'string' },
    section: { type: 'string' },
    'no-latency': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
const names = chosen(options.only, CASE_NAMES, '--only');
const tools = chosen(
  options.tools,
  QUANTIZERS.map(({ name }) => name),
  '--tools',
);
const quantizers = QUANTIZERS.filter(({ name, onRequest }) =>
  options.tools ? tools.includes(name) : !onRequest,
);
const sources: Sources = options;
const threads = Number(options.threads);
const budget = options['no-latency'] ? null : options.budget;
const limitMs = parseDuration(options.limit);
const work = options.keep ? resolve(options.keep) : mkdtempSync(join(tmpdir(), 'quantgate-peers-'));
mkdirSync(work, { recursive: true });
try {
  const [section, { table, shown }] = options.subsets
    ? ['subsets', { table: await subsets(Number(options.subsets)), shown: [] }]
    : ['peers', await comparison()];
  const text = `${table}\n\n${circumstances(new Set(shown))}`;
  console.log(text);
  // A table without rows must not take a good one's place.
  if (table.split('\n').length <= HEADER_LINES) process.exitCode = 1;
  else if (options.write) replaceSection(options.write, options.section ?? section, text);
} finally {
  if (!options.keep) rmSync(work, { recursive: true, force: true });
}

async function comparison(): Promise<{ table: string; shown: string[] }> {
  const rows: Row[] = [];
  for (const name of names) {
    const results = join(work, name, 'rows.json');
    const found = await attempt(name, async () => {
      const folder = join(work, name);
      const prepared = await prepareCase(name, { folder, sources, part: 0 });
      const able = quantizers.filter(({ methods }) => methods.includes(prepared.method));
      const outcomes = able.map((quantizer) => {
        console.error(`${name}: ${quantizer.name} …`);
        return quantizeWith(quantizer, prepared, { folder, limitMs });
      });
      console.error(`${name}: measuring …`);
      const measured = withEarlierRows(
        await measureCase(prepared, outcomes, { budget, threads }),
        keptRows(results),
      );
      writeFileSync(results, JSON.stringify(measured, null, 2));
      console.error(`${markdownTable(measured)}\n`);
      return measured;
    });
    rows.push(...(found ?? []));
  }
  // Cases of an earlier run in the same folder keep their rows.
  for (const name of CASE_NAMES) {
    if (!names.includes(name)) rows.push(...keptRows(join(work, name, 'rows.json')));
  }
  rows.sort((a, b) => CASE_NAMES.indexOf(a.case) - CASE_NAMES.indexOf(b.case));
  return { table: markdownTable(rows), shown: rows.map(({ quantizer }) => quantizer) };
}

function keptRows(results: string): Row[] {
  return existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as Row[]) : [];
}

/** Rows of tools that this run doesn't name stay, in the order of the tools. */
function withEarlierRows(measured: readonly Row[], earlier: readonly Row[]): Row[] {
  const kept = earlier.filter((row) => !measured.some(({ quantizer }) => quantizer === row.quantizer));
  const place = ({ quantizer }: Row) => QUANTIZERS.findIndex(({ name }) => name === quantizer);
  return [...measured, ...kept].sort((a, b) => place(a) - place(b));
}

/** Only the files that are meant for this machine: accuracy is what counts. */
async function subsets(count: number): Promise<string> {
  const results = [];
  const among = quantizers.filter(
    ({ forTensorRt, methods }) => !forTensorRt && methods.includes('int8-static'),
  );
  for (const name of options.only ? names : ['efficientnet-lite0']) {
    const request = { name, count, folder: work, sources, quantizers: among, threads, limitMs };
    results.push(...((await attempt(name, () => compareSubsets(request))) ?? []));
  }
  return subsetsTable(results);
}

async function attempt<T>(name: string, task: () => Promise<T>): Promise<T | null> {
  try {
    return await task();
  } catch (error) {
    console.error(`${name}: left out: ${(error as Error).message}`);
    return null;
  }
}

/** Machine and versions that the figures belong to.
 *  @param shown the quantizers that have rows, of earlier runs too. */
function circumstances(shown: ReadonlySet<string>): string {
  const { peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    peerDependencies: Record<string, string>;
  };
  const used = new Set(
    quantizers.concat(QUANTIZERS.filter(({ name }) => shown.has(name))).map(({ tool }: Quantizer) => tool),
  );
  const versions = [
    `${new Date().toISOString().slice(0, 10)}: measured with onnxruntime-node ${peerDependencies['onnxruntime-node']} on ${cpus().length} × ${cpus()[0]!.model} (${declaredFeatures().includes('vnni') ? 'VNNI' : 'no VNNI'}), ${threads} threads`,
    ...PACKAGES.filter(({ tool }) => used.has(tool)).map(({ tool, name }) => {
      try {
        return `${name} ${versionOf(tool, name)}`;
      } catch (error) {
        return `${name} (${(error as Error).message})`;
      }
    }),
  ];
  return `${[...new Set(versions)].join('; ')}.`;
}

function chosen(list: string | undefined, known: readonly string[], option: string): readonly string[] {
  const wanted = list?.split(',') ?? known;
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`${option}: there is no ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
    process.exit(2);
  }
  return wanted;
}
