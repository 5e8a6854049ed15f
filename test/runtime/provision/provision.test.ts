import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pinnedPackages } from '../../../scripts/pin-runtime.mjs';
import { EXIT, exitCodeOf, Interrupted, MachineError, UserError } from '../../../src/errors.js';
import { SILENT } from '../../../src/log.js';
import { findNpm } from '../../../src/runtime/provision/npm-pack.js';
import { type PackageSet, runtimeSet, sharpSet, wasmSet } from '../../../src/runtime/provision/pinned.js';
import { install, locateRuntime, type Machine } from '../../../src/runtime/provision/provision.js';
import { isAlive } from '../../../src/system/process/process-alive.js';

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** How often a process is killed at another moment of its work; more with QUANTGATE_KILLS. */
const KILLS = Number(process.env.QUANTGATE_KILLS ?? 6);

let home: string;
let tarballs: string;
let cache: string;
let set: PackageSet;
let machine: Machine;

const options = () => ({ cacheDir: cache, log: SILENT });
const entry = () => join(cache, set.name, set.version, set.variant);
const calls = () =>
  existsSync(join(tarballs, 'calls.log'))
    ? readFileSync(join(tarballs, 'calls.log'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
/** Everything in the cache besides finished entries. */
const leftovers = () =>
  readdirSync(join(cache, set.name, set.version)).filter((name) => name !== set.variant);

function pack(name: string, files: Record<string, string>): PackageSet['packages'][number] {
  const source = mkdtempSync(join(home, 'source-'));
  const all = { 'package.json': JSON.stringify({ name, version: '1.0.0' }), ...files };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(source, 'package', path)), { recursive: true });
    writeFileSync(join(source, 'package', path), content);
  }
  const tarball = join(tarballs, `${name.replace(/^@/, '').replace('/', '-')}-1.0.0.tgz`);
  execFileSync('tar', ['-czf', tarball, '-C', source, 'package']);
  const hash = createHash('sha512').update(readFileSync(tarball)).digest('base64');
  return { name, version: '1.0.0', integrity: `sha512-${hash}`, members: null };
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'quantgate-provision-'));
  tarballs = join(home, 'tarballs');
  cache = join(home, 'cache');
  mkdirSync(tarballs);
  const native = 'x'.repeat(2_000_000);
  set = {
    name: 'engine',
    version: '1.0.0',
    variant: 'linux-x64',
    packages: [
      {
        ...pack('engine', {
          'index.js': 'exports.ok = true',
          'bin/linux/x64/a.node': native,
          'bin/win32/x64/a.node': native,
        }),
        members: ['package.json', 'index.js', 'bin/linux/x64'],
      },
      pack('@scope/part', { 'index.js': '' }),
    ],
    script: null,
  };
  machine = {
    platform: 'linux-x64',
    npm: [process.execPath, join(FIXTURES, 'fake-npm.mjs'), tarballs],
    above: null,
    glibc: () => '2.36',
  };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('fetching a package set', () => {
  it("unpacks the packages beside each other, only this platform's binaries, and leaves nothing else", async () => {
    const directory = await install(set, options(), machine);
    expect(directory).toBe(join(entry(), 'node_modules', 'engine'));
    expect(readdirSync(join(directory, 'bin'))).toEqual(['linux']);
    expect(existsSync(join(entry(), 'node_modules/@scope/part/index.js'))).toBe(true);
    expect(readdirSync(entry()).sort()).toEqual(['.complete', 'node_modules']);
    expect(leftovers()).toEqual([]);
  });

  it('happens once: later runs need neither npm nor network', async () => {
    await install(set, options(), machine);
    await install(set, options(), { ...machine, npm: null });
    expect(calls()).toHaveLength(1);
  });

  it('works offline from a cache that was copied from elsewhere', async () => {
    await install(set, options(), machine);
    cpSync(cache, join(home, 'copied'), { recursive: true });
    cache = join(home, 'copied');
    expect(existsSync(await install(set, options(), { ...machine, npm: null }))).toBe(true);
  });

  it('keeps npm away from the repository under test and from the inputs of the action', async () => {
    process.env.INPUT_TOKEN = 'secret';
    try {
      await install(set, options(), machine);
    } finally {
      delete process.env.INPUT_TOKEN;
    }
    expect(calls()[0].cwd.startsWith(cache)).toBe(true);
    expect(calls()[0].project, 'npm looks no further up for a project').toBe(true);
    expect(calls()[0].token).toBeNull();
  });

  it('runs the installation script of a set that has one, before the entry counts as complete', async () => {
    set.packages[0] = pack('engine', {
      'script/install.js': "require('node:fs').writeFileSync('fetched', process.env.WANTED)",
    });
    set.script = { path: 'script/install.js', env: { WANTED: 'cuda12' } };
    const directory = await install(set, options(), machine);
    expect(readFileSync(join(directory, 'fetched'), 'utf8')).toBe('cuda12');
  });

  it('leaves no entry when that script fails', async () => {
    set.packages[0] = pack('engine', { 'script/install.js': "console.error('no network'); process.exit(1)" });
    set.script = { path: 'script/install.js', env: {} };
    await expect(install(set, options(), machine)).rejects.toThrow('no network');
    expect(existsSync(entry())).toBe(false);
    expect(leftovers()).toEqual([]);
  });
});

describe('what is not as it should be', () => {
  it('a tarball with another hash is refused and nothing is kept', async () => {
    set.packages[1]!.integrity = `sha512-${Buffer.alloc(64).toString('base64')}`;
    const failure = await install(set, options(), machine).catch((error) => error);
    expect(failure).toBeInstanceOf(MachineError);
    expect(failure.code).toBe('runtime.hash-mismatch');
    expect(failure.message).toContain('@scope/part@1.0.0 is refused');
    expect(existsSync(entry())).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it("npm's own words are passed on", async () => {
    rmSync(join(tarballs, 'scope-part-1.0.0.tgz'));
    await expect(install(set, options(), machine)).rejects.toThrow('404 Not Found - @scope/part@1.0.0');
  });

  it('a disk that is full in the middle is named, with the place, and nothing is kept', async () => {
    const npm = join(home, 'npm.cjs');
    writeFileSync(
      npm,
      `require('node:fs').writeFileSync('half.tgz', 'half');
console.error("npm error code ENOSPC\\nnpm error nospc ENOSPC: no space left on device, write"); process.exit(228)`,
    );
    machine.npm = [process.execPath, npm];
    const failure = await install(set, options(), machine).catch((error) => error);
    expect(failure).toMatchObject({ code: 'machine.no-room' });
    expect(failure.message).toContain(
      `There is no room for it below ${entry()}: make room, or choose another`,
    );
    expect(failure.message).not.toContain('Without network');
    expect(leftovers()).toEqual([]);
  });

  it('for a certificate that nobody vouches for the way to name its authority is added', async () => {
    const npm = join(home, 'npm.cjs');
    writeFileSync(
      npm,
      'console.error("npm error code SELF_SIGNED_CERT_IN_CHAIN\\nnpm error self-signed certificate"); process.exit(1)',
    );
    machine.npm = [process.execPath, npm];
    await expect(install(set, options(), machine)).rejects.toThrow(
      /SELF_SIGNED_CERT_IN_CHAIN[\s\S]*NODE_EXTRA_CA_CERTS to its PEM file/,
    );
  });

  it('without npm, both ways out are named', async () => {
    const failure = await install(set, options(), { ...machine, npm: null }).catch((error) => error);
    expect(failure).toBeInstanceOf(MachineError);
    expect(failure.message).toContain('onnxruntime-path');
    expect(failure.message).toContain('cache-dir');
  });

  it('what runs everywhere needs no glibc', async () => {
    const anywhere = { ...set, variant: wasmSet().variant, script: null };
    const installed = await install(anywhere, options(), { ...machine, glibc: () => null });
    expect(existsSync(join(installed, 'package.json'))).toBe(true);
  });

  it('a system without glibc, or with an old one, is named before anything is fetched', async () => {
    await expect(install(set, options(), { ...machine, glibc: () => null })).rejects.toThrow('musl');
    await expect(install(set, options(), { ...machine, glibc: () => '2.17' })).rejects.toThrow('2.28');
    expect(calls()).toEqual([]);
  });

  it('a directory that holds no package is refused', async () => {
    const failure = await locateRuntime({ ...options(), path: home }, machine).catch((error) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(failure.message).toContain(home);
  });

  it('a platform without binaries is refused with those that have', async () => {
    const failure = await locateRuntime(options(), { ...machine, platform: 'linux-arm' }).catch(
      (error) => error,
    );
    expect(failure.message).toContain('linux-arm');
    expect(failure.message).toContain('linux-arm64');
  });
});

describe('an interrupted installation', () => {
  /** A program that says its id in `file` and never ends. */
  const forever = (file: string) =>
    `require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000);`;

  /** Installs until `file` is there, interrupts, and gives the exit code and whether the program is gone by then. */
  async function interrupted(file: string): Promise<{ code: number; gone: boolean }> {
    const abort = new AbortController();
    const installing = install(set, { ...options(), signal: abort.signal }, machine).then(
      () => EXIT.pass,
      (error: unknown) => exitCodeOf(error),
    );
    await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8'), { timeout: 20_000 }).toBeTruthy();
    abort.abort(new Interrupted('interrupted'));
    const code = await installing;
    return { code, gone: !isAlive(Number(readFileSync(file, 'utf8'))) };
  }

  it('ends with exit code 130 while npm fetches, without npm', async () => {
    const npm = join(home, 'npm.cjs');
    const running = join(home, 'running');
    writeFileSync(npm, forever(running));
    machine.npm = [process.execPath, npm];
    expect(await interrupted(running)).toEqual({ code: EXIT.interrupted, gone: true });
    expect(leftovers()).toEqual([]);
  });

  it('ends with exit code 130 while the installation script runs, without the script', async () => {
    const running = join(home, 'running');
    set.packages[0] = pack('engine', { 'script/install.js': forever(running) });
    set.script = { path: 'script/install.js', env: {} };
    expect(await interrupted(running)).toEqual({ code: EXIT.interrupted, gone: true });
    expect(leftovers()).toEqual([]);
  });

  it('ends with exit code 130 while it waits for another process to install', async () => {
    const place = join(cache, set.name, set.version);
    mkdirSync(place, { recursive: true });
    const { hostname } = await import('node:os');
    const holder = JSON.stringify({ host: hostname(), pid: process.pid, id: 'another' });
    writeFileSync(`${entry()}.lock`, holder);
    const installing = install(
      set,
      { ...options(), signal: AbortSignal.abort(new Interrupted('interrupted')) },
      machine,
    );
    await expect(installing).rejects.toThrow(Interrupted);
    expect(readFileSync(`${entry()}.lock`, 'utf8')).toBe(holder);
  });
});

describe('a half-finished entry', () => {
  it.each([
    ['without its marker', () => rmSync(join(entry(), '.complete'))],
    ['with a file missing', () => rmSync(join(entry(), 'node_modules/engine/index.js'))],
    [
      'with a file cut short',
      () => truncateSync(join(entry(), 'node_modules/engine/bin/linux/x64/a.node'), 10),
    ],
    ['with a marker cut short', () => truncateSync(join(entry(), '.complete'), 5)],
  ])('%s is never used and is made anew', async (_, damage) => {
    await install(set, options(), machine);
    damage();
    const directory = await install(set, options(), machine);
    expect(calls()).toHaveLength(2);
    expect(readFileSync(join(directory, 'bin/linux/x64/a.node')).length).toBe(2_000_000);
    expect(leftovers()).toEqual([]);
  });

  it('of a process on this machine that is gone is removed, one that is at work is left alone', async () => {
    const place = join(cache, set.name, set.version);
    const { hostname } = await import('node:os');
    const [dead, alive] = [999_999_999, process.pid].map((pid) =>
      join(place, `linux-x64.tmp-${hostname()}-${pid}-0123abcd`),
    );
    mkdirSync(dead!, { recursive: true });
    mkdirSync(alive!);
    await install(set, options(), machine);
    expect(leftovers()).toEqual([alive!.slice(place.length + 1)]);
  });
});

describe('a complete entry', () => {
  it('of a maker killed before it gave back its lock loses that lock; that of a live one stays', async () => {
    const { hostname } = await import('node:os');
    await install(set, options(), machine);
    const lockOf = (pid: number) =>
      writeFileSync(`${entry()}.lock`, JSON.stringify({ host: hostname(), pid, id: 'x' }));
    lockOf(process.pid);
    await install(set, options(), machine);
    expect(leftovers()).toEqual(['linux-x64.lock']);
    lockOf(999_999_999);
    await install(set, options(), machine);
    expect(leftovers()).toEqual([]);
    expect(calls()).toHaveLength(1);
  });
});

describe('processes at the same time', () => {
  let bundle: string;
  beforeAll(async () => {
    bundle = join(mkdtempSync(join(tmpdir(), 'quantgate-bundle-')), 'provision-once.mjs');
    await build({
      entryPoints: [join(FIXTURES, 'provision-once.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      absWorkingDir: ROOT,
    });
  });
  afterAll(() => rmSync(dirname(bundle), { recursive: true, force: true }));

  const start = () => {
    const child = spawn(process.execPath, [bundle], {
      env: { ...process.env, TEST_SET: JSON.stringify({ set, npm: machine.npm }), TEST_CACHE: cache },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    const done = new Promise<{ code: number | null; stdout: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, stdout })),
    );
    return { child, done };
  };

  it('four that start at once fetch once and all find the same', async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => start().done));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(new Set(results.map(({ stdout }) => stdout))).toEqual(
      new Set([join(entry(), 'node_modules/engine')]),
    );
    expect(calls()).toHaveLength(1);
    expect(leftovers()).toEqual([]);
  });

  it(
    `one killed at any of ${KILLS} moments is followed by one that works, and no partial file stays`,
    async () => {
      const started = performance.now();
      await start().done;
      const duration = performance.now() - started;
      for (let kill = 0; kill < KILLS; kill++) {
        rmSync(cache, { recursive: true, force: true });
        const { child, done } = start();
        const timer = setTimeout(() => child.kill('SIGKILL'), (duration * (kill + 0.5)) / KILLS);
        await done;
        clearTimeout(timer);
        const next = await start().done;
        expect(next).toEqual({ code: 0, stdout: join(entry(), 'node_modules/engine') });
        expect(leftovers(), `after kill ${kill}`).toEqual([]);
      }
    },
    30_000 + KILLS * 5_000,
  );
});

describe('npm', () => {
  it('is the one of the running Node, found without its bin/npm', () => {
    const node = join(home, 'node');
    mkdirSync(join(node, 'lib/node_modules/npm/bin'), { recursive: true });
    mkdirSync(join(node, 'bin'));
    writeFileSync(join(node, 'lib/node_modules/npm/bin/npm-cli.js'), '');
    const execPath = join(node, 'bin/node');
    expect(findNpm(execPath, '/usr/bin')).toEqual([
      execPath,
      join(node, 'lib/node_modules/npm/bin/npm-cli.js'),
    ]);
  });

  it('is else the one on PATH', () => {
    writeFileSync(join(home, 'npm'), '');
    expect(findNpm('/nowhere/bin/node', home)).toEqual([join(home, 'npm')]);
  });

  it('may be missing', () => {
    expect(findNpm('/nowhere/bin/node', '')).toBeNull();
  });
});

describe('the pins', () => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));

  it('are those of package-lock.json (else: node scripts/pin-runtime.mjs)', () => {
    const pins = JSON.parse(readFileSync(join(ROOT, 'src/runtime/provision/pinned-packages.json'), 'utf8'));
    expect(pins).toEqual(pinnedPackages(lock));
  });

  it("cover each platform's binaries", () => {
    for (const platform of ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64']) {
      expect(runtimeSet(platform).packages.map(({ name }) => name)).toEqual([
        'onnxruntime-node',
        'onnxruntime-common',
      ]);
      expect(sharpSet(platform).packages.map(({ name }) => name)).toContain(`@img/sharp-${platform}`);
    }
  });

  it('take of onnxruntime-web what Node needs to run it, which is in the package', () => {
    const [web] = wasmSet().packages;
    expect(web!.members).toContain('dist/ort-wasm-simd-threaded.wasm');
    const absent = web!.members!.filter(
      (name) => !existsSync(join(ROOT, 'node_modules/onnxruntime-web', name)),
    );
    expect(absent).toEqual([]);
  });

  it("bring what the CUDA libraries' install script needs", () => {
    const { packages, script, variant } = runtimeSet('linux-x64', { cuda: 12 });
    expect(packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['adm-zip', 'global-agent', 'semver']),
    );
    expect(script).not.toBeNull();
    expect(variant).toBe('linux-x64-cuda12');
  });
});
