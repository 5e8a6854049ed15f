/** The base revision's models and configuration, taken from git into a temporary directory. */
import { rm } from 'node:fs/promises';
import type { Config } from '../../config/config.js';
import { Interrupted } from '../../errors.js';
import type { Log } from '../../log.js';
import { scratchFolder } from '../../system/files/scratch.js';
import type { BaseModels } from '../../variants/base-models.js';
import { type JudgingConfig, readConfig } from './configuration.js';
import { type Credentials, Git } from './git.js';
import { findModel } from './models.js';
import { type BaseEvent, type BaseRevision, findBaseRevision } from './revision.js';
import { BaseTree } from './tree.js';
import { type Problem, problemOf, Unreadable } from './unreadable.js';

export interface FindBaseRequest {
  /** The head's configuration. */
  config: Config;
  /** A revision to compare with; null: as the event says. */
  ref: string | null;
  /** Absent on the command line, where names are looked up in this clone first. */
  event?: BaseEvent;
  credentials?: Credentials | undefined;
  /** A baseline from outside git must lie inside; absent on the command line, where it may lie anywhere. */
  workspace?: string;
  log: Log;
  signal?: AbortSignal | undefined;
}

/** none: there is nothing to compare with. unreadable: there is, and it can't be had. */
export type BaseOutcome = { state: 'none' } | ({ state: 'unreadable' } & Problem) | FoundBase;

export interface FoundBase {
  state: 'found';
  models: BaseModels;
  revision: BaseRevision;
  /** The configuration whose thresholds judge. */
  judging: JudgingConfig;
  /** Removes the files taken from git. */
  dispose(): Promise<void>;
}

/** What the repository is like is an outcome, never an error. Throws Interrupted. */
export async function findBase(request: FindBaseRequest): Promise<BaseOutcome> {
  const { config, ref, event, credentials, log, signal } = request;
  if (!ref && !event?.sha) return { state: 'none' };
  try {
    const git = await Git.open(config.directory, { credentials, signal });
    if (event) await assertNoSubmodule(git);
    const revision = await findBaseRevision(git, {
      ref,
      event: event ?? { sha: null, pullRequestHead: null },
      names: event ? 'remote' : 'local',
      log,
    });
    if (!revision) return { state: 'none' };
    if (revision.note) log.warn(revision.note);
    return await readBase(git, request, revision);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const problem = problemOf(error, 'The log of the job says more.');
    log.warn(`${problem.cause} ${problem.remedy}`);
    return { state: 'unreadable', ...problem };
  }
}

/** The event's commits are the other repository's. */
async function assertNoSubmodule(git: Git): Promise<void> {
  const superproject = await git.superproject();
  if (superproject === null) return;
  throw new Unreadable({
    cause: `The configuration lies in a submodule (${git.root}), whose commits the event doesn't name.`,
    remedy:
      "Keep quantgate.yml in the repository itself, or gate the models in the submodule's own repository.",
  });
}

async function readBase(
  git: Git,
  { config, workspace }: FindBaseRequest,
  revision: BaseRevision,
): Promise<FoundBase> {
  const directory = scratchFolder('base');
  const dispose = () => rm(directory, { recursive: true, force: true });
  try {
    const tree = new BaseTree(git, revision.sha, directory);
    const head = new BaseTree(git, 'HEAD', directory);
    const recipe = await readConfig(tree, head, config);
    const judging =
      revision.tip === revision.sha
        ? recipe
        : await readConfig(new BaseTree(git, revision.tip, directory), head, config);
    const models: BaseModels['models'] = {};
    const place = { directory, workspace: workspace ?? null };
    const context = { tree, headTree: head, head: config, base: recipe, place };
    for (const model of config.models) models[model.name] = await findModel(model, context);
    const baseConfig = recipe.state === 'read' ? recipe.config : null;
    return {
      state: 'found',
      models: { sha: revision.sha, config: baseConfig, models },
      revision,
      judging,
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
