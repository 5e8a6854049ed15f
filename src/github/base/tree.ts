/** The files of one commit, as git would check them out: models with their external data, configurations, renames. */
import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, posix, relative, sep } from 'node:path';
import type { ModelConfig } from '../../config/config.js';
import { readModelOutline } from '../../onnx/read-outline.js';
import { externalLocations } from '../../onnx/weights.js';
import { isLfsPointerFile } from '../../system/lfs-pointer.js';
import type { Git } from './git.js';

export interface ExtractedModel {
  /** Absolute. */
  file: string;
  /** External data, relative to the model's folder. */
  beside: string[];
}

/** Paths inside are the repository's: relative, with forward slashes. */
export class BaseTree {
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

  /** Whether the commit has anything at this place: a file, a link, a folder. */
  async has(path: string): Promise<boolean> {
    const inside = this.repositoryPath(path);
    return inside !== null && Boolean(await this.#entry(inside));
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

  /** The model and its external data, at the same places relative to each other. */
  async extractModel(path: string): Promise<ExtractedModel> {
    const file = await this.#extract(path);
    const beside = externalLocations(readModelOutline(file).proto);
    const folder = posix.dirname(path) === '.' ? '' : `${posix.dirname(path)}/`;
    for (const location of beside) {
      const data = posix.normalize(posix.join(posix.dirname(path), location));
      if (!location || posix.isAbsolute(location) || data.startsWith('../') || !data.startsWith(folder)) {
        throw new Error(`its external data '${location}' leaves the model's folder`);
      }
      await this.#extract(data);
    }
    return { file, beside };
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
    if (inside === null || !(await this.#isFile(inside))) return path;
    return inside.endsWith('.onnx') ? (await this.extractModel(inside)).file : await this.#extract(inside);
  }

  /** Runs the clean/smudge filters, so that Git LFS yields the model and not its pointer. */
  async #extract(path: string): Promise<string> {
    const target = join(this.#directory, ...path.split('/'));
    await mkdir(dirname(target), { recursive: true });
    await this.#git.runRemote(['cat-file', '--filters', `${this.#sha}:${path}`], { output: target });
    if (await isLfsPointerFile(target)) {
      throw new Error(`${path} is kept by Git LFS, and git-lfs is not installed on this machine`);
    }
    return target;
  }

  async #isFile(path: string): Promise<boolean> {
    return /^100\d{3} blob /.test((await this.#entry(path)) ?? '');
  }

  /** `MODE TYPE ID\tPATH`; '' or null when there is none. */
  #entry(path: string): Promise<string | null> {
    return this.#git.ask(['ls-tree', '-z', '--full-tree', this.#sha, '--', `:(literal)${path}`]);
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
