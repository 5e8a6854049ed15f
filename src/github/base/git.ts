/** Runs git: argument arrays, never a shell; no prompts, no hooks, output in English. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { MachineError } from '../../errors.js';
import { physicalPath, relativeInside } from '../../system/files/physical-path.js';
import { runProgram } from '../../system/process/run-program.js';
import { safeHome } from './safe-home.js';
import { Unreadable } from './unreadable.js';

export interface GitOptions {
  /** Written to git's standard input. */
  input?: string;
  /** Standard output goes to this file instead of the result. */
  output?: string;
  /** Environment variables for this call, e.g. credentials: they don't show up in process lists. */
  env?: Record<string, string>;
}

export interface Credentials {
  token: string;
  /** e.g. https://github.com: where the token may be sent. */
  serverUrl: string;
}

export interface GitAccess {
  /** For remotes that ask for them. */
  credentials?: Credentials | undefined;
  /** Aborting it ends what git does. */
  signal?: AbortSignal | undefined;
}

export class Git {
  /** Top directory of the work tree, absolute and physical. */
  readonly root: string;
  readonly #access: GitAccess;
  /** For every call. */
  readonly #env: Record<string, string>;
  #remote: string | null = null;

  private constructor(root: string, access: GitAccess, env: Record<string, string>) {
    this.root = root;
    this.#access = access;
    this.#env = env;
  }

  /**
   * The work tree that `directory` lies in. Throws Unreadable: no work tree, no git, or one that git won't touch; and Interrupted, as
   * whatever it runs does.
   */
  static async open(directory: string, access: GitAccess = {}): Promise<Git> {
    const top = topOf(resolve(directory));
    if (top === null) {
      throw new Unreadable({
        cause: `${directory} is not in a git work tree.`,
        remedy:
          'actions/checkout makes one only when git 2.18 or newer is installed before it runs; else it unpacks an archive without history.',
      });
    }
    const open = async (env: Record<string, string>) => {
      const { signal } = access;
      const root = await execute(top, ['rev-parse', '--show-toplevel'], { env, signal });
      return new Git(physicalPath(root), access, env);
    };
    try {
      return await open({}).catch((error: unknown) => {
        if (isDubious(error)) return open({ HOME: safeHome(physicalPath(top)) });
        throw error;
      });
    } catch (error) {
      throw unopened(error, top);
    }
  }

  /** The work tree that this one is a submodule of; null: it is none. */
  async superproject(): Promise<string | null> {
    return (await this.run(['rev-parse', '--show-superproject-working-tree'])) || null;
  }

  /** `origin` where there is one, else the first; null: there is none. */
  async remote(): Promise<string | null> {
    if (this.#remote === null) {
      const names = (await this.run(['remote'])).split('\n').filter(Boolean);
      this.#remote = names.includes('origin') ? 'origin' : (names[0] ?? '');
    }
    return this.#remote || null;
  }

  /**
   * `run` for what may ask the remote (fetching, Git LFS), once more with the token when the checkout kept no credentials
   * (`persist-credentials: false`). Throws the first GitError when there is no token for this remote.
   */
  async runRemote(args: readonly string[], options: GitOptions = {}): Promise<string> {
    try {
      return await this.run(args, options);
    } catch (error) {
      const env = error instanceof GitError ? await this.#authorization() : null;
      if (!env) throw error;
      return await this.run(args, { ...options, env: { ...options.env, ...env } });
    }
  }

  /** The token as an HTTP header, handed over in the environment, for this server only. */
  async #authorization(): Promise<Record<string, string> | null> {
    const { credentials } = this.#access;
    const remote = await this.remote();
    if (!credentials?.token || remote === null) return null;
    const { token, serverUrl } = credentials;
    const url = await this.ask(['remote', 'get-url', remote]);
    if (!url?.startsWith(`${serverUrl}/`)) return null;
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    return {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `http.${serverUrl}/.extraheader`,
      GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
    };
  }

  /** Standard output without its last line end. Throws GitError, MachineError when git can't be started. */
  run(args: readonly string[], options: GitOptions = {}): Promise<string> {
    const { signal } = this.#access;
    return execute(this.root, args, { ...options, env: { ...this.#env, ...options.env }, signal });
  }

  /** Standard output, or null when git says no. */
  async ask(args: readonly string[], options: GitOptions = {}): Promise<string | null> {
    return await this.run(args, options).catch((error) => {
      if (error instanceof GitError) return null;
      throw error;
    });
  }
}

export class GitError extends Error {
  override readonly name = 'GitError';
}

/**
 * The nearest folder with a `.git` above `directory` as it is written, else above where its links lead. One that a link in another work
 * tree leads out to doesn't count: the checkout must not choose the repository. Looked for here, because git would also take a folder for
 * a repository that only looks like one.
 */
function topOf(directory: string): string | null {
  for (const start of [directory, physicalPath(directory)]) {
    const tops = foldersAbove(start).filter((folder) => existsSync(join(folder, '.git')));
    const found = tops.find((top, index) =>
      tops.slice(index + 1).every((outer) => relativeInside(physicalPath(outer), physicalPath(top)) !== null),
    );
    if (found !== undefined) return found;
  }
  return null;
}

/** The folder itself first. */
function foldersAbove(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersAbove(above)];
}

/** The work tree belongs to another user: containers run as root, checkouts belong to the runner's user. */
function isDubious(error: unknown): boolean {
  return error instanceof GitError && /dubious ownership|unsafe repository/.test(error.message);
}

function unopened(error: unknown, top: string): unknown {
  if (error instanceof MachineError) {
    return new Unreadable({
      cause: 'git is not installed (there is no `git` on PATH).',
      remedy: 'Install git on the runner or in the container.',
    });
  }
  if (isDubious(error)) {
    return new Unreadable({
      cause: `git won't read ${top}: it belongs to another user.`,
      remedy: `Run \`git config --global --add safe.directory ${top}\` in an earlier step.`,
    });
  }
  if (!(error instanceof GitError)) return error;
  return new Unreadable({
    cause: `${top} can't be opened: ${error.message}.`,
    remedy: 'Check the checkout of this job.',
  });
}

/** What would point git at another repository than the one that the files lie in (`git rev-parse --local-env-vars`). */
const REPOSITORY_VARIABLES = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
  'GIT_GRAFT_FILE',
  'GIT_SHALLOW_FILE',
  'GIT_CEILING_DIRECTORIES',
] as const;

function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of REPOSITORY_VARIABLES) delete env[name];
  return { ...env, GIT_TERMINAL_PROMPT: '0', GIT_NO_REPLACE_OBJECTS: '1', LC_ALL: 'C' };
}

/** Containers run as another user than the checkout belongs to; hooks are code that nobody asked to run. */
function configuration(directory: string): string[] {
  return ['-c', `safe.directory=${directory}`, '-c', 'safe.directory=*', '-c', 'core.hooksPath=/dev/null'];
}

async function execute(
  directory: string,
  args: readonly string[],
  { input, output, env, signal }: GitOptions & Pick<GitAccess, 'signal'>,
): Promise<string> {
  const end = await runProgram('git', [...configuration(directory), ...args], {
    directory,
    // All of it: a credential helper may take its token from there.
    environment: { ...environment(), ...env },
    input,
    stdout: output === undefined ? { limitBytes: Number.POSITIVE_INFINITY } : { file: output },
    signal,
  });
  if (end.startError !== null)
    throw new MachineError('machine.no-program', `git can't be started: ${end.startError}`);
  if (end.exitCode !== 0) {
    throw new GitError(`git ${args[0]}: ${said(end.stderr) || `ended with ${end.signal ?? end.exitCode}`}`);
  }
  return end.stdout.replace(/\n$/, '');
}

/** What git says went wrong, without the advice that follows; it ends up in a comment, so without the credentials of an address. */
function said(stderr: string): string {
  const lines = stderr.trim().split('\n').filter(Boolean);
  const faults = lines.filter((line) => FAULT.test(line)).map((line) => line.replace(FAULT, ''));
  const told = faults.length > 0 ? faults.slice(0, MAX_FAULTS) : lines.slice(-MAX_FAULTS);
  return told
    .join('; ')
    .replace(/\.(?=;|$)/g, '')
    .replace(/\/\/[^/@\s]+@/g, '//');
}

const FAULT = /^(fatal|error|remote): (?:error: )?/i;
const MAX_FAULTS = 3;
