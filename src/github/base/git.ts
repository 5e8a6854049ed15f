/** Runs git: argument arrays, never a shell; no prompts, no hooks, output in English. */
import { Interrupted, MachineError } from '../../errors.js';
import { runProgram } from '../../system/run-program.js';

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
  /** Top directory of the work tree, absolute. */
  readonly root: string;
  readonly #credentials: Credentials | undefined;
  readonly #signal: AbortSignal | undefined;
  #remote: string | null = null;

  private constructor(root: string, { credentials, signal }: GitAccess) {
    this.root = root;
    this.#credentials = credentials;
    this.#signal = signal;
  }

  /** null: git isn't installed, or `directory` is in no work tree. Throws Interrupted, as whatever it runs does. */
  static async open(directory: string, access: GitAccess = {}): Promise<Git | null> {
    try {
      const root = await execute(directory, ['rev-parse', '--show-toplevel'], { signal: access.signal });
      return root ? new Git(root, access) : null;
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      return null;
    }
  }

  async remote(): Promise<string> {
    this.#remote ??= (await this.run(['remote'])).split('\n')[0] || 'origin';
    return this.#remote;
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
      return await this.run(args, { ...options, env });
    }
  }

  /** The token as an HTTP header, handed over in the environment, for this server only. */
  async #authorization(): Promise<GitOptions['env'] | null> {
    if (!this.#credentials?.token) return null;
    const { token, serverUrl } = this.#credentials;
    const url = await this.ask(['remote', 'get-url', await this.remote()]);
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
    return execute(this.root, args, { ...options, signal: this.#signal });
  }

  /** Standard output, or null when git says no. */
  async ask(args: readonly string[], options: GitOptions = {}): Promise<string | null> {
    return await this.run(args, options).catch((error) => {
      if (error instanceof GitError) return null;
      throw error;
    });
  }
}

class GitError extends Error {
  override readonly name = 'GitError';
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
    environment: { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C', ...env },
    input,
    stdout: output === undefined ? { limitBytes: Number.POSITIVE_INFINITY } : { file: output },
    signal,
  });
  if (end.startError !== null) throw new MachineError(`git can't be started: ${end.startError}`);
  if (end.exitCode !== 0) {
    const said = end.stderr.trim().split('\n').slice(-3).join(' ');
    throw new GitError(`git ${args[0]}: ${said || `ended with ${end.signal ?? end.exitCode}`}`);
  }
  return end.stdout.replace(/\n$/, '');
}
