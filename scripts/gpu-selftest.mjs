/**
 * What a GPU runner's report answers of the questions that docs/gpu.md marks "not run on a GPU", as Markdown:
 *
 *   node scripts/gpu-selftest.mjs quantgate-report.json PROVIDER
 */
import { existsSync, readFileSync } from 'node:fs';

const [path, provider] = process.argv.slice(2);
console.log(`### What ${provider} answered\n`);
if (!path || !existsSync(path)) {
  console.log('No report: the log of the step that measured says why. That text is what we need.');
  process.exit(0);
}
const { environment, measurements, models, notes } = JSON.parse(readFileSync(path, 'utf8'));
const variants = models.flatMap((model) => model.variants.map(({ name }) => name));

const find = (metric, variant, on = provider) =>
  measurements.find(
    (entry) =>
      entry.metric === metric && entry.variant === variant && entry.provider === on && entry.batch === 1,
  );
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const told = (entry, text) =>
  entry === undefined
    ? 'no figure'
    : entry.status === 'ok'
      ? text(entry)
      : `${entry.status}: ${entry.reason}`;
const ofEach = (answer) => variants.map((variant) => `${variant}: ${answer(variant)}`).join('; ');
const said = (code) => notes.find((note) => note.code === code)?.message;

const fallback = ({ value, details }) => {
  const fell = (details?.operators ?? []).filter(
    (operator) => operator.provider === 'CPUExecutionProvider' && !operator.shapeArithmetic,
  );
  return value === 0
    ? 'none'
    : `${value} (${fell.map(({ operator, nodes }) => `${nodes} ${operator}`).join(', ')})`;
};
const mebibytes = ({ value }) => `${(value / 2 ** 20).toFixed(0)} MiB`;
const milliseconds = ({ value, ratio }) =>
  `${value.toFixed(3)} ms${ratio ? ` (${ratio.value.toFixed(2)}×)` : ''}`;
const percent = ({ value }) => `${(100 * value).toFixed(2)} %`;

const rows = [
  [
    'the GPU',
    environment.gpu.map(({ name, driver }) => `${name}, driver ${driver}`).join('; ') ||
      'nvidia-smi shows none',
  ],
  ['latency p50', ofEach((variant) => told(find('latency.p50', variant), milliseconds))],
  ['latency with the copies', ofEach((variant) => told(find('latency.end-to-end', variant), milliseconds))],
  [
    'nodes that fell back to the CPU',
    ofEach((variant) => told(find('placement.fallback', variant), fallback)),
  ],
  ['compute in the reduced type', ofEach((variant) => told(find('placement.quantized', variant), percent))],
  ['memory on the GPU', ofEach((variant) => told(find('memory.gpu', variant), mebibytes))],
  [
    'top-1, there and on the CPU',
    ofEach(
      (variant) =>
        `${told(find('accuracy.top1', variant), percent)}, ${told(find('accuracy.top1', variant, 'cpu'), percent)}`,
    ),
  ],
  ...(provider === 'tensorrt'
    ? [
        ['timed by trtexec', said('latency.trtexec') ?? said('provider.no-trtexec') ?? 'no'],
        [
          'engines judged for accuracy',
          said('tensorrt.engine-not-judged') ?? (said('latency.trtexec') ? 'yes' : 'no: there are none'),
        ],
      ]
    : []),
  [
    'what was seen on the GPU',
    notes
      .filter(({ code }) => code.startsWith('noise.gpu'))
      .map(({ code, message }) => `${code}: ${message}`)
      .join(' ') || 'nothing that disturbs',
  ],
];
console.log('| question | answer |\n| --- | --- |');
for (const [question, answer] of rows) console.log(`| ${question} | ${cell(answer)} |`);
