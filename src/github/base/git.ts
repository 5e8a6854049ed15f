/** Runs git: argument arrays, never a shell; no prompts, no hooks, output in English. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

export interface GitOptions {
  /** Written to git's standard input. */
  input?: string;
  /** Standard output goes to this file instead of the result. */
  output?: string;
  /** Environment variables for this call, e.g. credentials: they don't show up in process lists. */
  env?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Credentials {
  token: string;
  /** e.g. https://github.com: where the token may be sent. */
  serverUrl: string;
}

export class Git {
  /** Top directory of the work tree, absolute. */
  readonly root: string;
  readonly #credentials: Credentials | null;
  #remote: string | null = null;

  private constructor(root: string, credentials: Credentials | null) {
    this.root = root;
    this.#credentials = credentials;
  }

  /** null: git isn't installed, or `directory` is in no work tree. */
  static async open(directory: string, credentials: Credentials | null = null): Promise<Git | null> {
    try {
      const root = await execute(directory, ['rev-parse', '--show-toplevel']);
      return root ? new Git(root, credentials) : null;
    } catch {
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

  /** Standard output without its last line end. Throws GitError. */
  run(args: readonly string[], options: GitOptions = {}): Promise<string> {
    return execute(this.root, args, options);
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

/** Containers run as another user than the checkout belongs to; hooks are code that nobody asked to run. */
function configuration(directory: string): string[] {
  return ['-c', `safe.directory=${directory}`, '-c', 'safe.directory=*', '-c', 'core.hooksPath=/dev/null'];
}

async function execute(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const child = spawn('git', [...configuration(directory), ...args], {
    cwd: directory,
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.signal ? { signal: options.signal } : {}),
  });
  child.stdin.on('error', () => undefined); // git may end without reading it
  child.stdin.end(options.input ?? '');
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const chunks: Buffer[] = [];
  const closed = new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  const copied = options.output
    ? pipeline(child.stdout, createWriteStream(options.output))
    : pipeline(child.stdout, async (source) => {
        for await (const chunk of source) chunks.push(chunk as Buffer);
      });
  const [code] = await Promise.all([closed, copied]);
  if (code !== 0) {
    const said = stderr.trim().split('\n').slice(-3).join(' ');
    throw new GitError(`git ${args[0]}: ${said || `ended with ${code}`}`);
  }
  return Buffer.concat(chunks).toString('utf8').replace(/\n$/, '');
}
