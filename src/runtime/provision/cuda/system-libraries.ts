/** Which shared libraries this machine already has, and whether the dynamic loader finds them by itself. */
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runProgram } from '../../../system/process/run-program.js';

export interface FoundLibrary {
  folder: string;
  /** The loader finds it without being told the folder. */
  onPath: boolean;
}

/** Finds a library by its name, such as 'libcudart.so.13'; null: it isn't there. */
export type FindLibrary = (name: string) => FoundLibrary | null;

const TIMEOUT_MS = 10_000;

/** Looks where the dynamic loader does (LD_LIBRARY_PATH, its cache), then where CUDA's installers put libraries. */
export async function systemLibraries(environment: NodeJS.ProcessEnv = process.env): Promise<FindLibrary> {
  const given = (environment.LD_LIBRARY_PATH ?? '').split(delimiter).filter(Boolean);
  const cached = await loaderCache();
  const toolkits = toolkitFolders();
  return (name) => {
    const onPath = given.find((folder) => existsSync(join(folder, name))) ?? cached.get(name);
    if (onPath !== undefined) return { folder: onPath, onPath: true };
    const folder = toolkits.find((one) => existsSync(join(one, name)));
    return folder === undefined ? null : { folder, onPath: false };
  };
}

/** Library name → folder, of what `ldconfig` knows. Empty where there is no ldconfig. */
async function loaderCache(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const command of ['/sbin/ldconfig', 'ldconfig']) {
    const { exitCode, stdout } = await runProgram(command, ['-p'], {
      timeoutMs: TIMEOUT_MS,
      stdout: { limitBytes: 16 * 2 ** 20 },
    });
    if (exitCode !== 0) continue;
    for (const [, name, path] of stdout.matchAll(/^\s*(\S+) \([^)]*x86-64[^)]*\) => (\S+)$/gm))
      if (!found.has(name!)) found.set(name!, dirname(path!));
    break;
  }
  return found;
}

/** /usr/local/cuda/lib64 and its like, newest version first. */
function toolkitFolders(root = '/usr/local'): string[] {
  try {
    return readdirSync(root)
      .filter((name) => /^cuda(-[\d.]+)?$/.test(name))
      .sort()
      .reverse()
      .map((name) => join(root, name, 'lib64'));
  } catch {
    return [];
  }
}
