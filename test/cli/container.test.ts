/** The image of examples/container: what it fetches is all that a run without network needs. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXAMPLE, ROOT } from './command-line.js';

const dockerfile = readFileSync(join(ROOT, 'examples/container/Dockerfile'), 'utf8');
const home = mkdtempSync(join(tmpdir(), 'quantgate-container-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** quantgate alone, as `npm install --global` puts it: with no node_modules above. */
const installed = join(home, 'lib');
const quantgate = (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  wrapper: readonly string[] = [],
) => {
  const [command, ...rest] = [...wrapper, process.execPath, join(installed, 'dist/cli.js'), ...args];
  return spawnSync(command!, rest, {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: home, NO_COLOR: '1', ...environment },
  });
};

/** A new user namespace with no network interface but its own loopback. */
const WITHOUT_NETWORK = ['unshare', '--user', '--net'];
const isolates = spawnSync(WITHOUT_NETWORK[0]!, [...WITHOUT_NETWORK.slice(1), 'true']).status === 0;

describe('examples/container/Dockerfile', () => {
  it('takes the version of this package, ends as another user than root, and installs without scripts', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(dockerfile).toContain(`ARG VERSION=${version}\n`);
    expect([...dockerfile.matchAll(/^USER (\w+)$/gm)].at(-1)?.[1]).not.toBe('root');
    expect(dockerfile).toMatch(/npm install .*--ignore-scripts/);
  });

  it.skipIf(!isolates)(
    'fetches what a run without network needs (needs `unshare` and a registry)',
    (context) => {
      mkdirSync(installed);
      for (const name of ['dist', 'package.json'])
        cpSync(join(ROOT, name), join(installed, name), { recursive: true });
      const parts = /^ARG PARTS="([^"]+)"$/m.exec(dockerfile)![1]!.split(' ');
      const environment = { XDG_CACHE_HOME: join(home, 'cache') };
      const fetched = quantgate(['fetch', ...parts, '--json'], environment);
      if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|E401|E403|network/.test(fetched.stderr))
        return context.skip(`no registry: ${fetched.stderr.slice(0, 200)}`);
      expect(fetched.status, fetched.stderr).toBe(0);
      expect(JSON.parse(fetched.stdout).map(({ what }: { what: string }) => what)).toEqual(parts);
      const out = join(home, 'small.onnx');
      const made = quantgate(
        ['quantize', join(EXAMPLE, 'digits.onnx'), '--method', 'int8-dynamic', '--out', out, '--json'],
        environment,
        WITHOUT_NETWORK,
      );
      expect(made.status, made.stderr).toBe(0);
      expect(made.stderr).not.toContain('Installing');
      expect(existsSync(out)).toBe(true);
    },
  );
});
