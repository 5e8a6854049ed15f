/** The base revision's models and configuration, taken from git into a temporary directory. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, posix, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Config, ModelConfig } from '../config/config.js';
import { parseConfig } from '../config/load.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { externalLocation } from '../onnx/external-data.js';
import { readModel } from '../onnx/read.js';
import type { BaseModel, BaseModels } from './base-models.js';
import { type BaseRevision, findBaseRevision } from './base-revision.js';
import { Git } from './git.js';

export interface FindBaseRequest {
  /** The head's configuration. */
  config: Config;
  /** A revision to compare with; null: as the event says. */
  ref: string | null;
  event?: { sha: string | null; pullRequestHead: string | null };
  credentials?: { token: string; serverUrl: string };
  log: Log;
  signal?: AbortSignal;
}

export interface FoundBase {
  models: BaseModels;
  revision: BaseRevision;
  /** Text of the base's configuration file; null: it had none. */
  configText: string | null;
  /** Removes the files taken from git. */
  dispose(): Promise<void>;
}

/** null: no git, no work tree, or no such revision; the log says which. */
export async function findBaseModels(request: FindBaseRequest): Promise<FoundBase | null> {
  const { config, ref, event, credentials, log, signal } = request;
  if (!ref && !event?.sha) return null;
  const git = await Git.open(config.directory);
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
    token: credentials?.token ?? null,
    serverUrl: credentials?.serverUrl ?? null,
    log,
    ...(signal ? { signal } : {}),
  });
  if (!revision) return null;
  if (revision.note) log.warn(revision.note);
  const directory = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'quantgate-base-'));
  const dispose = () => rm(directory, { recursive: true, force: true });
  try {
    const tree = new BaseTree(git, revision.sha, directory);
    const configText = config.file ? await tree.readText(config.file) : null;
    const baseConfig = await readBaseConfig(configText, config, log);
    const models: BaseModels['models'] = {};
    for (const head of config.models) models[head.name] = await findModel(tree, head, baseConfig);
    return { models: { sha: revision.sha, config: baseConfig, models }, revision, configText, dispose };
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
    const file = await tree.extractModel(path);
    // A command would run in this checkout, not in the base's: it can't make the base's variant.
    const variants = (recipe ?? head).variants.filter(({ kind }) => kind !== 'command');
    const model = { ...(recipe ?? head), path: file, variants: await tree.variantFiles(variants) };
    const sameRecipe = recipe === null || isDeepStrictEqual({ ...recipe, path: '' }, { ...head, path: '' });
    return {
      status: 'found',
      model,
      unchanged: sameRecipe && (await sameFiles(file, head.path)),
      renamedFrom: path === tree.repositoryPath(head.path) ? null : path,
    };
  } catch (error) {
    return { status: 'missing', reason: `The base's ${shown} can't be used: ${messageOf(error)}` };
  }
}

/** Files of one commit. Paths inside are the repository's: relative, with forward slashes. */
class BaseTree {
  readonly #git: Git;
  readonly #sha: string;
  readonly #directory: string;
  #renames: Map<string, string> | null = null;

  constructor(git: Git, sha: string, directory: string) {
    this.#git = git;
    this.#sha = sha;
    this.#directory = directory;
  }

  /** null: outside the repository. */
  repositoryPath(path: string): string | null {
    const inside = relative(this.#git.root, path);
    return inside.startsWith('..') || isAbsolute(inside) ? null : inside.split(sep).join('/');
  }

  shown(path: string): string {
    return this.repositoryPath(path) ?? path;
  }

  async readText(path: string): Promise<string | null> {
    const inside = this.repositoryPath(path);
    if (inside === null || !(await this.#isFile(inside))) return null;
    return await this.#git.run(['cat-file', '--filters', `${this.#sha}:${inside}`]);
  }

  /** The first of `candidates` that the commit has, else the file that was renamed to `head`. */
  async locate(candidates: readonly string[], head: string): Promise<string | null> {
    for (const candidate of candidates) {
      const path = this.repositoryPath(candidate);
      if (path !== null && (await this.#isFile(path))) return path;
    }
    const path = this.repositoryPath(head);
    return (path !== null && (await this.#renamed()).get(path)) || null;
  }

  /** The model and its external data, at the same places relative to each other. Returns the model's absolute path. */
  async extractModel(path: string): Promise<string> {
    const file = await this.#extract(path);
    const model = readModel(file);
    const external = model.proto.graph!.initializer.filter((tensor) => tensor.externalData.length > 0);
    for (const location of new Set(external.map((tensor) => externalLocation(tensor).location))) {
      const beside = posix.normalize(posix.join(posix.dirname(path), location));
      const folder = posix.dirname(path) === '.' ? '' : `${posix.dirname(path)}/`;
      if (!location || posix.isAbsolute(location) || beside.startsWith('../') || !beside.startsWith(folder)) {
        throw new Error(`its external data '${location}' leaves the model's folder`);
      }
      await this.#extract(beside);
    }
    return file;
  }

  /** Files that a recipe names (plans, models made elsewhere) come from the base too, where it has them. */
  async variantFiles(variants: ModelConfig['variants']): Promise<ModelConfig['variants']> {
    return await Promise.all(
      variants.map(async (variant) => {
        if (variant.kind === 'file') return { ...variant, file: await this.#orHead(variant.file) };
        if (variant.kind === 'quantize' && variant.plan) {
          return { ...variant, plan: await this.#orHead(variant.plan) };
        }
        return variant;
      }),
    );
  }

  async #orHead(path: string): Promise<string> {
    const inside = this.repositoryPath(path);
    return inside !== null && (await this.#isFile(inside)) ? await this.extractModelOrFile(inside) : path;
  }

  async extractModelOrFile(path: string): Promise<string> {
    return path.endsWith('.onnx') ? await this.extractModel(path) : await this.#extract(path);
  }

  /** Runs the clean/smudge filters, so that Git LFS yields the model and not its pointer. */
  async #extract(path: string): Promise<string> {
    const target = join(this.#directory, ...path.split('/'));
    await mkdir(dirname(target), { recursive: true });
    await this.#git.run(['cat-file', '--filters', `${this.#sha}:${path}`], { output: target });
    if (await isLfsPointer(target)) {
      throw new Error(`${path} is kept by Git LFS, and git-lfs is not installed on this machine`);
    }
    return target;
  }

  async #isFile(path: string): Promise<boolean> {
    const entry = await this.#git.ask(['ls-tree', '-z', '--full-tree', this.#sha, '--', `:(literal)${path}`]);
    return entry !== null && /^100\d{3} blob /.test(entry);
  }

  /** New path → old path. */
  async #renamed(): Promise<Map<string, string>> {
    if (this.#renames) return this.#renames;
    const args = ['diff', '--name-status', '-z', '--find-renames', '--diff-filter=R', this.#sha, 'HEAD'];
    const fields = ((await this.#git.ask(args)) ?? '').split('\0');
    this.#renames = new Map();
    for (let at = 0; at + 2 < fields.length; at += 3) this.#renames.set(fields[at + 2]!, fields[at + 1]!);
    return this.#renames;
  }
}

async function isLfsPointer(path: string): Promise<boolean> {
  const start = 'version https://git-lfs.github.com/spec/';
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(start.length), 0, start.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === start;
  } finally {
    await file.close();
  }
}

/** By content; external data is part of the comparison only through the model's own bytes, which name it. */
async function sameFiles(base: string, head: string): Promise<boolean> {
  const [one, other] = await Promise.all([hashOf(base), hashOf(head)]);
  return one === other && one !== null;
}

async function hashOf(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  return await pipeline(createReadStream(path), hash).then(
    () => hash.digest('hex'),
    () => null,
  );
}
