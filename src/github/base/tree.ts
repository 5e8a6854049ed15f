/** The files of one commit, as git would check them out: models with their external data, configurations, renames. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import { externalLocations } from '../../onnx/file/weights.js';
import { isLfsPointerFile } from '../../system/files/lfs-pointer.js';
import type { Git } from './git.js';
import { repositoryPaths } from './repository-path.js';
import { Unreadable } from './unreadable.js';

export interface ExtractedModel {
  /** Absolute. */
  file: string;
  /** External data, relative to the model's folder. */
  beside: string[];
}

/** Where something lies in the commit, links within the repository followed. null: the commit has no such path. */
export type Found = { path: string; entry: string } | null;

/** Links that lead to links: as many as Linux follows. */
const MAX_LINKS = 40;

/** Paths inside are the repository's: relative, with forward slashes. */
export class BaseTree {
  readonly sha: string;
  readonly #git: Git;
  readonly #directory: string;
  #renames: Map<string, string> | null = null;

  constructor(git: Git, sha: string, directory: string) {
    this.#git = git;
    this.sha = sha;
    this.#directory = directory;
  }

  /** Of a path of this machine. */
  repositoryPaths(path: string): string[] {
    return repositoryPaths(this.#git.root, path);
  }

  /** How a path of this machine is shown: as the repository has it. */
  shown(path: string): string {
    return this.repositoryPaths(path)[0] ?? path;
  }

  /** A file's text as committed: no filter, since those follow the checkout's .gitattributes. null: there is none. Throws Unreadable. */
  async readText(path: string): Promise<string | null> {
    const found = await this.find(path);
    if (found === null) return null;
    return await this.#git.run(['cat-file', 'blob', `${this.sha}:${await this.#fileAt(found)}`]);
  }

  /** The file at a path of this machine; null: the commit has nothing there. Throws Unreadable: it has, but no file of its own. */
  async find(path: string): Promise<string | null> {
    for (const candidate of this.repositoryPaths(path)) {
      const found = await this.#locate(candidate);
      if (!found) continue;
      assertFile(found);
      return candidate;
    }
    return null;
  }

  /** The file that was renamed to `path` since; null: none was. */
  async renamedFrom(path: string): Promise<string | null> {
    const renames = await this.#renamed();
    const found = this.repositoryPaths(path).map((one) => renames.get(one));
    return found.find((one) => one !== undefined) ?? null;
  }

  /** `.gitignore:3: *.onnx`, the rule that keeps an untracked file out of git; null: none does. */
  async ignoredBy(path: string): Promise<string | null> {
    const [inside] = this.repositoryPaths(path);
    if (inside === undefined) return null;
    const told = await this.#git.ask(['check-ignore', '--verbose', '--', inside]);
    return told === null ? null : told.split('\t')[0]!;
  }

  /** The model and its external data, at the same places relative to each other. */
  async extractModel(path: string): Promise<ExtractedModel> {
    const file = await this.extract(path);
    const beside = externalLocations(readModelOutline(file).proto);
    const folder = posix.dirname(path) === '.' ? '' : `${posix.dirname(path)}/`;
    for (const location of beside) {
      const data = posix.normalize(posix.join(posix.dirname(path), location));
      if (!location || posix.isAbsolute(location) || data.startsWith('../') || !data.startsWith(folder)) {
        throw new Error(`its external data '${location}' leaves the model's folder`);
      }
      await this.extract(data);
    }
    return { file, beside };
  }

  /**
   * The file in the scratch folder: as committed, or through the filter that it has, so that Git LFS yields the file and not its pointer.
   * What else attributes do (line ends, encodings) is for texts, and git before 2.41 takes them from the checkout, which may be anyone's.
   */
  async extract(path: string): Promise<string> {
    const target = join(this.#directory, ...path.split('/'));
    await mkdir(dirname(target), { recursive: true });
    const file = await this.#fileAt(path);
    const options = { output: target, env: { GIT_ATTR_SOURCE: this.sha } };
    const how = (await this.#isFiltered(file)) ? '--filters' : 'blob';
    await this.#git.runRemote(['cat-file', how, `${this.sha}:${file}`], options);
    if (await isLfsPointerFile(target)) await this.#smudge(target, path);
    return target;
  }

  async #isFiltered(file: string): Promise<boolean> {
    const options = { env: { GIT_ATTR_SOURCE: this.sha } };
    const told = await this.#git.run(['check-attr', '-z', 'filter', '--', file], options);
    const [, , filter] = told.split('\0');
    return filter !== undefined && !['unspecified', 'unset', 'set'].includes(filter);
  }

  async #fileAt(path: string): Promise<string> {
    const found = await this.#locate(path);
    if (!found) throw new Error(`git has no ${path} there`);
    return assertFile(found);
  }

  async #smudge(target: string, path: string): Promise<void> {
    const pointer = await readFile(target, 'utf8');
    try {
      await this.#git.runRemote(['lfs', 'smudge', '--', path], { input: pointer, output: target });
    } catch (error) {
      throw new Unreadable({
        cause: `${path} is kept by Git LFS, and can't be fetched: ${lfsProblem(error)}.`,
        remedy: 'Install git-lfs on the runner, and give the job `contents: read` and the input `token`.',
      });
    }
    if (await isLfsPointerFile(target)) {
      throw new Unreadable({
        cause: `${path} is kept by Git LFS, which gave its pointer back.`,
        remedy: 'Unset GIT_LFS_SKIP_SMUDGE.',
      });
    }
  }

  /** Walks the path, so that a link or a submodule on its way is seen: asked for the whole path, git says that there is nothing. */
  async #locate(wanted: string): Promise<Found> {
    let path = wanted;
    for (let links = 0; links <= MAX_LINKS; links++) {
      const whole = await this.#entry(path);
      if (whole && !isLink(whole)) return { path, entry: whole };
      const link = whole ? { at: path, rest: '' } : await this.#linkOn(path);
      if (!link) return null;
      path = await this.#follow(link, wanted);
    }
    throw new Unreadable({ cause: `${wanted} is a link that leads to itself.`, remedy: COMMIT_IT });
  }

  /** The first link among the folders above `path`. Throws Unreadable for a submodule. */
  async #linkOn(path: string): Promise<{ at: string; rest: string } | null> {
    const names = path.split('/');
    for (let count = 1; count < names.length; count++) {
      const at = names.slice(0, count).join('/');
      const entry = await this.#entry(at);
      if (!entry) return null;
      if (isSubmodule(entry)) {
        throw new Unreadable({
          cause: `${path} lies in the submodule ${at}, whose commits are its own.`,
          remedy: OWN_REPOSITORY,
        });
      }
      if (isLink(entry)) return { at, rest: names.slice(count).join('/') };
    }
    return null;
  }

  async #follow({ at, rest }: { at: string; rest: string }, wanted: string): Promise<string> {
    const target = await this.#git.run(['cat-file', 'blob', `${this.sha}:${at}`]);
    const path = posix.normalize(posix.join(posix.dirname(at), target, rest));
    if (posix.isAbsolute(target) || path === '..' || path.startsWith('../')) {
      const what = at === wanted ? 'is a link' : `lies behind ${at}, a link`;
      throw new Unreadable({
        cause: `${wanted} ${what} to ${target}, outside of the repository.`,
        remedy: COMMIT_IT,
      });
    }
    return path;
  }

  /** `MODE TYPE ID\tPATH`; '' when there is none. Throws GitError when git can't tell. */
  #entry(path: string): Promise<string> {
    return this.#git.run(['ls-tree', '-z', '--full-tree', this.sha, '--', `:(literal)${path}`]);
  }

  /** New path → old path. */
  async #renamed(): Promise<Map<string, string>> {
    if (this.#renames) return this.#renames;
    const args = ['diff', '--name-status', '-z', '--find-renames', '--diff-filter=R', this.sha, 'HEAD'];
    const fields = (await this.#git.run(args)).split('\0');
    this.#renames = new Map();
    for (let at = 0; at + 2 < fields.length; at += 3) this.#renames.set(fields[at + 2]!, fields[at + 1]!);
    return this.#renames;
  }
}

const COMMIT_IT = 'Commit it as a plain file.';
const OWN_REPOSITORY = "Gate it in the submodule's own repository, or keep it in this one.";

const isLink = (entry: string) => entry.startsWith('120000 ');
const isSubmodule = (entry: string) => entry.startsWith('160000 ');

function assertFile({ path, entry }: NonNullable<Found>): string {
  if (/^100\d{3} blob /.test(entry)) return path;
  const what = isSubmodule(entry) ? 'a submodule' : 'a folder';
  throw new Unreadable({ cause: `${path} is ${what} at the base, not a file.`, remedy: COMMIT_IT });
}

function lfsProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /'lfs' is not a git command/.test(message) ? 'git-lfs is not installed on this machine' : message;
}
