/** `quantgate init`: a quantgate.yml that runs, a workflow, and a line in .gitignore, from what lies in a repository. */

import type { RawModel } from '../config/raw.js';
import { parseConfig } from '../config/read/load.js';
import { judgeModels } from '../run/judge-models.js';
import type { RunContext } from '../runtime/context.js';
import type { Task } from '../terms/metrics.js';
import type { Report } from '../terms/report.js';
import { configText, type WrittenModel } from './config-text.js';
import { type Found, findFiles } from './find/find.js';
import type { Guess, LookedAt } from './guess/guess.js';
import { guessesFor, lookAt } from './guess/guesses.js';
import { ignoreText } from './ignore.js';
import { measureOnce, methodsFor } from './measure.js';
import { distinctNames } from './model-names.js';
import { loosest, type Proposed, proposals } from './propose.js';
import { asWritten } from './raw-model.js';
import { doubt, outcome, tryGuesses } from './try.js';
import { WORKFLOW } from './workflow.js';

export interface InitRequest {
  /** Absolute path of the repository. */
  root: string;
  /** Tries guesses and measures once; null: guesses alone are written. */
  measuring: { context: RunContext; budgetMs: number } | null;
  /** Asks for what the files can't tell; absent: nobody is there to answer. An empty answer means that there is none. */
  ask?: (question: string) => Promise<string>;
}

export interface InitResult {
  /** Paths relative to the root. Whether one exists already is the caller's question. */
  files: { path: string; content: string; existing: 'kept' | 'replaced' }[];
  /** What is missing and where to put it, a sentence each. */
  missing: string[];
  /** What the user should know or do next. */
  notes: string[];
  /** Why each guess, and what was tried. */
  explained: string[];
}

/** More models than these make a first config nobody reads. */
const MOST_MODELS = 20;
const CONFIG = 'quantgate.yml';

/** Writes nothing. Throws MachineError and Interrupted; what doesn't fit together is told in the result. */
export async function initConfig({ root, measuring, ask }: InitRequest): Promise<InitResult> {
  const found = await findFiles(root);
  const paths = found.models.slice(0, MOST_MODELS);
  const names = distinctNames(paths);
  const models: Understood[] = [];
  for (const [index, path] of paths.entries())
    models.push(await understand(path, { root, measuring, found, ask, name: names[index]! }));
  const reports = models.flatMap(({ report }) => (report === null ? [] : [report]));
  const { content, dropped } = await wholeText(models, { root, reports });
  const ignore = ignoreText(root);
  return {
    files: [
      { path: CONFIG, content, existing: 'kept' },
      { path: '.github/workflows/quantgate.yml', content: WORKFLOW, existing: 'kept' },
      ...(ignore === null ? [] : [{ path: '.gitignore', content: ignore, existing: 'replaced' as const }]),
    ],
    missing: missingOf(models),
    notes: [...models.flatMap(({ notes }) => notes), ...dropped, ...closing(found.models.length)],
    explained: models.flatMap(({ explained }) => explained),
  };
}

function missingOf(models: readonly Understood[]): string[] {
  if (models.length === 0)
    return [
      `No .onnx file was found here: put your model into models/model.onnx, or its path into ${CONFIG}.`,
    ];
  return models.flatMap(({ missing }) => missing);
}

function closing(total: number): string[] {
  const more =
    total > MOST_MODELS ? [`${total} models were found; ${CONFIG} lists the first ${MOST_MODELS}.`] : [];
  return [...more, "Then: 'quantgate run'."];
}

interface Understood extends WrittenModel {
  report: Report | null;
  missing: string[];
  notes: string[];
  explained: string[];
}

interface Understanding extends Pick<InitRequest, 'root' | 'measuring' | 'ask'> {
  found: Found;
  name: string;
}

async function understand(path: string, place: Understanding): Promise<Understood> {
  const { found, measuring, name } = place;
  const model = lookAt(found, path);
  if (model.problem !== null) {
    const raw: RawModel = {
      name,
      path,
      variants: methodsFor({ convolutional: true, calibrated: false }).slice(0, 1),
    };
    return {
      raw,
      remarks: [],
      report: null,
      missing: [`${path} can't be read yet: ${model.problem}`],
      notes: [],
      explained: [],
    };
  }
  const { guess, samples, missing, tried, remark, doubted } = await chosenGuess(model, place);
  const own = guess === null ? { path } : asWritten(path, guess, { found, samples });
  const calibrated = own.data?.calibration !== undefined || own.data?.split !== undefined;
  const methods = methodsFor({ convolutional: model.convolutional, calibrated });
  const measured =
    measuring === null
      ? { variants: methods.slice(0, 1), report: null, told: [] }
      : await measureOnce(own, methods, { root: place.root, ...measuring });
  const nothing = measuring !== null && measured.report === null;
  return {
    raw: { name, ...own, variants: measured.variants },
    remarks: remark === null ? [] : [remark],
    report: measured.report,
    missing: [
      ...(missing === null ? [] : [`For ${path}: ${missing}. Then run 'quantgate init --force'.`]),
      ...(nothing
        ? [`No method makes a file of ${path} that is worth a gate: ${measured.told.at(-1) ?? ''}`]
        : []),
    ],
    notes: [
      ...(doubted === null
        ? []
        : [`${path}: ${doubted}. Check decoder, tokenizer and preprocessing in ${CONFIG}.`]),
      ...(nothing ? [] : measured.told),
    ],
    explained: [
      ...(guess?.why ?? []).map((why) => `${path}: ${why}`),
      ...tried.map((one) => `${path}, tried: ${one}`),
      `${path}: ${measured.variants.join(', ')}${model.convolutional ? ', for a model with convolutions' : ', for a model of matrices'}${calibrated ? '' : ' without samples to calibrate with'}`,
    ],
  };
}

interface Chosen {
  guess: Guess | null;
  samples: number;
  missing: string | null;
  tried: string[];
  remark: string | null;
  /** What does not speak for the guess; null: nothing. */
  doubted: string | null;
}

async function chosenGuess(model: LookedAt, { found, measuring, ask, root }: Understanding): Promise<Chosen> {
  let { guesses, missing } = guessesFor(model, found);
  if (missing !== null && ask) {
    const folder = await ask(
      `${model.path} has no data to be judged by (${missing}). Where do they lie? (a path, or nothing)`,
    );
    if (folder.trim() !== '') ({ guesses, missing } = guessesFor(model, await foundAt(found, folder.trim())));
  }
  if (measuring === null) {
    const [guess = null] = guesses;
    return { guess, samples: guess?.set.samples ?? 0, missing, tried: [], remark: null, doubted: null };
  }
  const { best, told } = await tryGuesses(model, guesses, { root, context: measuring.context });
  if (best === null) {
    const why = guesses.length === 0 ? missing : `data that it makes sense of; ${told.at(-1)}`;
    return { guess: null, samples: 0, missing: why, tried: told, remark: null, doubted: null };
  }
  const remark = best.skill === null ? null : `Tried before it was written: ${outcome(best)}.`;
  const lacking =
    best.guess.task === 'none' ? (missing ?? `labelled data that it makes sense of; ${told[0]}`) : missing;
  return {
    guess: best.guess,
    samples: best.samples,
    missing: lacking,
    tried: told,
    remark,
    doubted: doubt(best),
  };
}

/** The same repository, but only the data of one folder. */
async function foundAt(found: Found, folder: string): Promise<Found> {
  const path = folder.replace(/^\.\//, '').replace(/\/$/, '');
  return {
    ...found,
    dataSets: found.dataSets.filter((set) => set.path === path || set.path.startsWith(`${path}/`)),
  };
}

interface Whole {
  content: string;
  /** Proposals that what was measured doesn't hold. */
  dropped: string[];
}

/** The text, and only such thresholds in it as what was measured holds. */
async function wholeText(
  models: readonly Understood[],
  { root, reports }: { root: string; reports: readonly Report[] },
): Promise<Whole> {
  const template: WrittenModel = {
    raw: { path: 'models/model.onnx', variants: ['int8-weights'] },
    remarks: [],
  };
  const written = models.length === 0 ? [template] : models;
  if (reports.length === 0) return { content: configText(written, null), dropped: [] };
  const proposed = loosest(
    models.flatMap(({ report, raw }) =>
      report === null ? [] : proposals(report, (raw.task ?? 'none') as Task),
    ),
  );
  const failing = await failingMetrics(configText(written, proposed), { root, reports, models });
  const held = proposed.filter(({ metric }) => !failing.has(metric));
  return {
    content: configText(written, held),
    dropped: [...failing].map(
      (metric) => `No bound on ${metric}: what was measured just now does not hold it surely.`,
    ),
  };
}

async function failingMetrics(
  text: string,
  { root, reports, models }: { root: string; reports: readonly Report[]; models: readonly Understood[] },
): Promise<Set<string>> {
  const config = await parseConfig(text, { file: null, directory: root });
  // Reports know models by their files' names.
  const names = new Map(models.map(({ report, raw }) => [report, raw.name!]));
  const found = reports.map((report) => ({
    report: { ...report.models[0]!, name: names.get(report)! },
    measurements: report.measurements.map((one) => ({ ...one, model: names.get(report)! })),
  }));
  const { results } = judgeModels(
    { config, baseProblem: null },
    found,
    new Date().toISOString().slice(0, 10),
  );
  const proposedOnly = (check: Proposed['metric']) => !check.startsWith('established.');
  return new Set(
    results
      .filter(({ verdict, metric, level }) => verdict === 'fail' && level === 'error' && proposedOnly(metric))
      .map(({ metric }) => metric),
  );
}
