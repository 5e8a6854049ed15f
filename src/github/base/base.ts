/** The base revision's models and configuration, taken from git into a temporary directory. */
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Config, ModelConfig } from '../../config/config.js';
import { parseConfig } from '../../config/load.js';
import { Interrupted, messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import { sha256OfFile } from '../../system/file-hash.js';
import { scratchFolder } from '../../system/scratch.js';
import type { BaseModel, BaseModels } from '../../variants/base-models.js';
import { type Credentials, Git } from './git.js';
import { type BaseRevision, findBaseRevision } from './revision.js';
import { BaseTree } from './tree.js';

export interface FindBaseRequest {
  /** The head's configuration. */
  config: Config;
  /** A revision to compare with; null: as the event says. */
  ref: string | null;
  event?: { sha: string | null; pullRequestHead: string | null };
  credentials?: Credentials;
  log: Log;
  signal?: AbortSignal;
}

export interface FoundBase {
  models: BaseModels;
  revision: BaseRevision;
  /** Of the base's configuration file. `unreadable`: there is one, but not as a plain file of valid content. */
  configState: 'read' | 'absent' | 'unreadable';
  /** Removes the files taken from git. */
  dispose(): Promise<void>;
}

/** null: no git, no work tree, or no such revision; the log says which. */
export async function findBaseModels(request: FindBaseRequest): Promise<FoundBase | null> {
  const { config, ref, event, credentials, log, signal } = request;
  if (!ref && !event?.sha) return null;
  const git = await Git.open(config.directory, { credentials, signal });
  if (!git) {
    log.warn(
      `${config.directory} is not in a git work tree (or git is not installed): nothing is compared with the base.`,
    );
    return null;
  }
  const revision = await findBaseRevision(git, {
    ref,
    eventSha: event?.sha ?? null,
    pullRequestHead: event?.pullRequestHead ?? null,
    log,
  });
  if (!revision) return null;
  if (revision.note) log.warn(revision.note);
  const directory = scratchFolder('base');
  const dispose = () => rm(directory, { recursive: true, force: true });
  try {
    const tree = new BaseTree(git, revision.sha, directory);
    const text = config.file ? await tree.readText(config.file) : null;
    const baseConfig = await readBaseConfig(text, config, log);
    const absent = config.file === null || !(await tree.has(config.file));
    const configState = baseConfig ? 'read' : absent ? 'absent' : 'unreadable';
    const models: BaseModels['models'] = {};
    for (const head of config.models) models[head.name] = await findModel(tree, head, baseConfig);
    return { models: { sha: revision.sha, config: baseConfig, models }, revision, configState, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Paths are resolved against this checkout: both revisions are measured on the same data. */
async function readBaseConfig(text: string | null, head: Config, log: Log): Promise<Config | null> {
  if (text === null) return null;
  try {
    return await parseConfig(text, { file: head.file, directory: head.directory, expand: false });
  } catch (error) {
    log.warn(
      `The base's configuration can't be read, so this revision's is used for both: ${messageOf(error)}`,
    );
    return null;
  }
}

/** By the model's name in the base's configuration, else by path, else by what git calls a rename. */
async function findModel(tree: BaseTree, head: ModelConfig, base: Config | null): Promise<BaseModel> {
  const recipe = base?.models.find(({ name }) => name === head.name) ?? null;
  const shown = tree.shown(head.path);
  try {
    const path = await tree.locate(
      [recipe?.path, head.path].filter((one) => one !== undefined),
      head.path,
    );
    if (!path) return { status: 'missing', reason: `${shown} is new: the base has no such model.` };
    const { file, beside } = await tree.extractModel(path);
    // A command would run in this checkout, not in the base's: it can't make the base's variant.
    const variants = (recipe ?? head).variants.filter(({ kind }) => kind !== 'command');
    const model = { ...(recipe ?? head), path: file, variants: await tree.variantFiles(variants) };
    const sameRecipe = recipe === null || isDeepStrictEqual({ ...recipe, path: '' }, { ...head, path: '' });
    return {
      status: 'found',
      model,
      unchanged: sameRecipe && (await sameFiles(file, head.path, beside)),
      renamedFrom: path === tree.repositoryPath(head.path) ? null : path,
    };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return { status: 'missing', reason: `The base's ${shown} can't be used: ${messageOf(error)}` };
  }
}

/** By content: the model and what lies beside it. */
async function sameFiles(base: string, head: string, beside: readonly string[]): Promise<boolean> {
  const pairs = [
    [base, head],
    ...beside.map((name) => [join(dirname(base), name), join(dirname(head), name)]),
  ];
  for (const [one, other] of pairs) {
    const hash = await hashOf(one!);
    if (hash === null || hash !== (await hashOf(other!))) return false;
  }
  return true;
}

async function hashOf(path: string): Promise<string | null> {
  return await sha256OfFile(path).catch(() => null);
}
