/** The files below a folder, by folder. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of a file that tell what it holds. */
const HEAD = 64 * 1024;

export class Tree {
  readonly root: string;
  /** Relative to the root, with forward slashes, sorted. */
  readonly files: readonly string[];
  readonly #byFolder = new Map<string, string[]>();
  readonly #children = new Map<string, Set<string>>();
  readonly #byName = new Map<string, string[]>();

  constructor(root: string, files: readonly string[]) {
    this.root = root;
    this.files = files;
    for (const file of files) {
      const folder = folderOf(file);
      add(this.#byFolder, folder, file);
      add(this.#byName, nameOf(file), file);
      for (let at = folder; at !== '.'; at = folderOf(at)) {
        const parent = this.#children.get(folderOf(at)) ?? new Set();
        this.#children.set(folderOf(at), parent.add(at));
      }
    }
  }

  get folders(): string[] {
    return [...new Set([...this.#byFolder.keys(), ...this.#children.keys()])].sort();
  }

  /** Directly in it. */
  filesIn(folder: string): readonly string[] {
    return this.#byFolder.get(folder) ?? [];
  }

  foldersIn(folder: string): string[] {
    return [...(this.#children.get(folder) ?? [])].sort();
  }

  /** Folder that holds `name` (a file name, or a path of a few folders) somewhere; null: none does. */
  folderWith(name: string): string | null {
    const found = (this.#byName.get(nameOf(name)) ?? []).find((file) => `/${file}`.endsWith(`/${name}`));
    if (found === undefined) return null;
    return found === name ? '.' : found.slice(0, -name.length - 1);
  }

  absolute(path: string): string {
    return join(this.root, path);
  }

  /** The first bytes as text. */
  head(file: string): string {
    const buffer = Buffer.alloc(HEAD);
    const handle = openSync(this.absolute(file), 'r');
    try {
      return buffer.subarray(0, readSync(handle, buffer, 0, HEAD, 0)).toString('utf8');
    } finally {
      closeSync(handle);
    }
  }
}

function add(map: Map<string, string[]>, key: string, value: string): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

/** '.' for files of the root. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Without extension. */
export function stemOf(path: string): string {
  return nameOf(path).replace(/\.[^.]*$/, '');
}
