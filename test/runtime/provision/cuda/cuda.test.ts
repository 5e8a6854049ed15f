/** CUDA on a machine that has only a driver: made of a pip that is a script, wheels of a few bytes and a package with a provider in it. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXIT, exitCodeOf, MachineError } from '../../../../src/errors.js';
import { SILENT } from '../../../../src/log.js';
import { type CudaMachine, locateCuda, planCuda } from '../../../../src/runtime/provision/cuda/cuda.js';
import { driverIn, serves } from '../../../../src/runtime/provision/cuda/driver.js';
import { tagArguments } from '../../../../src/runtime/provision/cuda/pip-download.js';
import type { FoundLibrary } from '../../../../src/runtime/provision/cuda/system-libraries.js';
import { unpackLibraries } from '../../../../src/runtime/provision/cuda/unpack-wheel.js';
import { nvidiaWheels, PROVIDER_13, type Wheel } from '../../../../src/runtime/provision/cuda/wheels.js';

const wheels = vi.hoisted(() => ({ list: [] as Wheel[] }));
vi.mock('../../../../src/runtime/provision/cuda/wheels.js', async (original) => {
  const real = await original<typeof import('../../../../src/runtime/provision/cuda/wheels.js')>();
  return {
    ...real,
    nvidiaWheels: (major: 12 | 13) => (wheels.list.length > 0 ? wheels.list : real.nvidiaWheels(major)),
  };
});

let home: string;
let base: string;
let machine: CudaMachine;
let system: Record<string, FoundLibrary>;
const cache = () => join(home, 'cache');
const options = (more: object = {}) => ({ cacheDir: cache(), log: SILENT, ...more });

/** A package whose CUDA provider links the libraries of a major version; null: it has none. */
function runtimePackage(name: string, major: number | null): string {
  const folder = join(home, name);
  const libraries = join(folder, 'bin/napi-v6/linux/x64');
  mkdirSync(libraries, { recursive: true });
  if (major !== null)
    writeFileSync(
      join(libraries, 'libonnxruntime_providers_cuda.so'),
      `\x7fELF..\0libcublasLt.so.${major}\0`,
    );
  return folder;
}

/** A wheel in the folder that the fake pip serves. */
function publish(name: string, files: Record<string, string>, needed: string[]): Wheel {
  const bytes = zipSync(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
  );
  const file = `${name}-1.0-py3-none-manylinux_2_27_x86_64.whl`;
  writeFileSync(join(home, 'index', file), bytes);
  const libraries = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path.split('/').at(-1)!,
      { path, sizeBytes: Buffer.byteLength(text) },
    ]),
  );
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { package: name, version: '1.0', file, sha256, sizeBytes: bytes.length, libraries, needed };
}

/** Serves wheels from a folder and checks hashes, as pip does. */
const FAKE_PIP = `
const { appendFileSync, copyFileSync, readdirSync, readFileSync } = require('node:fs');
const { createHash } = require('node:crypto');
const { join } = require('node:path');
const args = process.argv.slice(2);
const after = (name) => args[args.indexOf(name) + 1];
const index = join(__dirname, 'index');
appendFileSync(join(__dirname, 'calls.log'), JSON.stringify({ args, token: process.env.GITHUB_TOKEN, tmp: process.env.TMPDIR }) + '\\n');
const [, name, hash] = /^(\\S+)==1.0 --hash=sha256:(\\w+)/.exec(readFileSync(after('--requirement'), 'utf8'));
const file = readdirSync(index).find((one) => one.startsWith(name + '-'));
if (!file) { console.error('ERROR: No matching distribution found for ' + name + '==1.0'); process.exit(1); }
const found = createHash('sha256').update(readFileSync(join(index, file))).digest('hex');
if (found !== hash) { console.error('ERROR: THESE PACKAGES DO NOT MATCH THE HASHES\\n    Expected sha256 ' + hash + '\\n         Got        ' + found); process.exit(1); }
copyFileSync(join(index, file), join(after('--dest'), file));
`;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'quantgate-cuda-'));
  mkdirSync(join(home, 'index'));
  writeFileSync(join(home, 'pip.cjs'), FAKE_PIP);
  base = runtimePackage('with-provider', 13);
  system = {};
  machine = {
    platform: 'linux-x64',
    npm: null,
    above: null,
    glibc: () => '2.36',
    driver: async () => '580.65.06',
    libraries: async () => (name) => system[name] ?? null,
    pip: async () => [process.execPath, join(home, 'pip.cjs')],
    freeBytes: async () => 1e12,
  };
  wheels.list = [
    publish('blas', { 'nvidia/cu13/lib/libcublas.so.13': 'blas' }, ['libcublas.so.13']),
    publish(
      'cudnn',
      { 'nvidia/cudnn/lib/libcudnn.so.9': 'dnn', 'nvidia/cudnn/lib/libcudnn_ops.so.9': 'ops' },
      ['libcudnn.so.9'],
    ),
  ];
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const calls = () =>
  existsSync(join(home, 'calls.log'))
    ? readFileSync(join(home, 'calls.log'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];

describe('a machine with only a driver', () => {
  it('gets the libraries that are missing, in folders that workers are started with', async () => {
    const { directory, libraryPath } = await locateCuda(base, options(), machine);
    expect(directory).toBe(base);
    expect(libraryPath.map((folder) => readdirSync(folder).filter((name) => name.startsWith('lib')))).toEqual(
      [['libcublas.so.13'], ['libcudnn.so.9', 'libcudnn_ops.so.9']],
    );
    expect(readFileSync(join(libraryPath[0]!, 'libcublas.so.13'), 'utf8')).toBe('blas');
    expect(calls()).toHaveLength(2);
    expect(calls()[0].args).toEqual(
      expect.arrayContaining(['--no-deps', '--only-binary=:all:', '--require-hashes']),
    );
  });

  it('fetches them once, and nothing stays of what was downloaded', async () => {
    const first = await locateCuda(base, options(), machine);
    expect(await locateCuda(base, options(), machine)).toEqual(first);
    expect(calls()).toHaveLength(2);
    const left = first.libraryPath.flatMap((folder) => readdirSync(folder));
    expect(left.filter((name) => !/^lib|^\.complete$/.test(name))).toEqual([]);
  });

  it('tells what would be fetched without fetching', async () => {
    const plan = await planCuda(base, options(), machine);
    expect(plan).toMatchObject({ driver: '580.65.06', major: 13, provider: base });
    expect(plan.fetch.map(({ what }) => what)).toEqual(['blas 1.0 (pip)', 'cudnn 1.0 (pip)']);
    expect(plan.libraries).toContainEqual({ name: 'libcudnn.so.9', folder: null });
    expect(calls()).toEqual([]);
  });

  it('fetches the provider too, where the package has none', async () => {
    const plan = await planCuda(runtimePackage('plain', null), options(), machine);
    expect(plan.provider).toBeNull();
    expect(plan.fetch.map(({ what }) => what)).toContain(
      `${PROVIDER_13.package} ${PROVIDER_13.version} (pip)`,
    );
  });

  it('gets them once when two jobs ask at the same time', async () => {
    const both = await Promise.all([
      locateCuda(base, options(), machine),
      locateCuda(base, options(), machine),
    ]);
    expect(both[0]).toEqual(both[1]);
    expect(calls()).toHaveLength(2);
  });
});

describe('what the system has is used first', () => {
  it('nothing is fetched, and folders outside of the loader’s path are named', async () => {
    system = {
      'libcublas.so.13': { folder: '/usr/local/cuda/lib64', onPath: false },
      'libcudnn.so.9': { folder: '/usr/lib', onPath: true },
    };
    expect(await locateCuda(base, options(), machine)).toEqual({
      directory: base,
      libraryPath: ['/usr/local/cuda/lib64'],
    });
    expect(calls()).toEqual([]);
  });

  it('its cuDNN only beside its own toolkit: that of another CUDA has the same name', async () => {
    system = { 'libcudnn.so.9': { folder: '/usr/lib', onPath: true } };
    expect((await planCuda(base, options(), machine)).fetch).toHaveLength(2);
  });

  it('a package that the user named stays as it is', async () => {
    const own = runtimePackage('own', null);
    expect(await locateCuda(own, options({ path: own }), machine)).toEqual({
      directory: own,
      libraryPath: [],
    });
    await expect(planCuda(base, options({ path: base, cuda: '12' }), machine)).rejects.toThrow(
      /`cuda` is 12, but the CUDA provider in .* is built for CUDA 13/,
    );
  });
});

describe('the version of CUDA', () => {
  const majorOn = async (driver: string, cuda?: string) => {
    const plain = runtimePackage('plain', null);
    return (await planCuda(plain, options({ cuda }), { ...machine, driver: async () => driver })).major;
  };

  it('is what the driver serves', async () => {
    wheels.list = [];
    expect(await majorOn('580.65.06')).toBe(13);
    expect(await majorOn('570.172.08')).toBe(12);
    expect(await majorOn('580.65.06', '12')).toBe(12);
  });

  it('is refused where the driver is older', async () => {
    const old = majorOn('470.256.02').catch((error: unknown) => error);
    expect(await old).toBeInstanceOf(MachineError);
    expect(String(await old)).toContain('The NVIDIA driver 470.256.02 is too old for CUDA 12');
    await expect(majorOn('550.90.07', '13')).rejects.toThrow('or take `cuda: 12`');
  });

  it('is none without a driver, on other platforms, or when nothing may be fetched', async () => {
    const none = { directory: base, libraryPath: [] };
    expect(await locateCuda(base, options(), { ...machine, driver: async () => null })).toEqual(none);
    expect(await locateCuda(base, options(), { ...machine, platform: 'linux-arm64' })).toEqual(none);
    expect(await locateCuda(base, options({ cuda: 'skip' }), machine)).toEqual(none);
    expect(calls()).toEqual([]);
  });

  it('the driver’s is read from the kernel’s words', () => {
    const proprietary =
      'NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.256.02  Thu May  2 14:37:44 UTC 2024\nGCC version:  gcc version 12.2.0\n';
    const open =
      'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build  (dvs-builder)  Sun Jul 27\n';
    expect([driverIn(proprietary), driverIn(open), driverIn('nothing')]).toEqual([
      '470.256.02',
      '580.65.06',
      null,
    ]);
    expect([serves('525.60.13', 12), serves('525.60.12', 12), serves('580.0', 13)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('what goes wrong is said, and nothing half stays', () => {
  const failure = async (more: Partial<CudaMachine> = {}) => {
    const error = await locateCuda(base, options(), { ...machine, ...more }).catch(
      (thrown: unknown) => thrown,
    );
    expect(exitCodeOf(error)).toBe(EXIT.machineError);
    const entries = existsSync(join(cache(), 'nvidia-cuda13'))
      ? readdirSync(join(cache(), 'nvidia-cuda13'))
      : [];
    expect(entries.filter((name) => name.startsWith('blas'))).toEqual([]);
    return `${(error as Error).message} [${(error as MachineError).code}]`;
  };

  it('no pip', async () => {
    expect(await failure({ pip: async () => null })).toMatch(
      /no pip to fetch blas with: install Python 3 with pip.*\[machine\.no-program\]/s,
    );
  });

  it('a full disk, before anything is fetched', async () => {
    expect(await failure({ freeBytes: async () => 100 })).toMatch(
      /blas 1\.0 needs 1 MB .* Make room.*\[machine\.no-room\]/,
    );
    expect(calls()).toEqual([]);
  });

  it('another file than the pinned one', async () => {
    wheels.list[0] = { ...wheels.list[0]!, sha256: '0'.repeat(64) };
    expect(await failure()).toMatch(
      /pip could not fetch blas==1\.0.*DO NOT MATCH THE HASHES.*Expected sha256 000.*\[runtime\.hash-mismatch\]/s,
    );
  });

  it('no network, in pip’s words, with what to do', async () => {
    rmSync(join(home, 'index', wheels.list[0]!.file));
    expect(await failure()).toMatch(/No matching distribution found for blas==1\.0.*LD_LIBRARY_PATH/s);
  });

  it('a wheel that lacks a library, or has it at another size', async () => {
    const [blas] = wheels.list;
    wheels.list[0] = { ...blas!, libraries: { 'libx.so.1': { path: 'nvidia/libx.so.1', sizeBytes: 1 } } };
    expect(await failure()).toMatch(/lacks nvidia\/libx\.so\.1/);
    wheels.list[0] = {
      ...blas!,
      libraries: { 'libcublas.so.13': { path: 'nvidia/cu13/lib/libcublas.so.13', sizeBytes: 9 } },
    };
    expect(await failure()).toMatch(/has 4 bytes, not 9/);
  });

  it('a wheel whose entries lie outside of it', async () => {
    const file = join(home, 'bad.whl');
    writeFileSync(file, zipSync({ '../evil.so': Buffer.from('x') }));
    const wheel = { package: 'bad', version: '1', libraries: {} };
    const directory = join(home, 'out');
    mkdirSync(directory);
    await expect(unpackLibraries(file, wheel, { directory })).rejects.toThrow(
      /could not be unpacked: .*\.\.\/evil/,
    );
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('the pinned wheels', () => {
  it('hold every library that the loader is asked for, each with a hash', () => {
    wheels.list = [];
    for (const wheel of [PROVIDER_13, ...nvidiaWheels(12), ...nvidiaWheels(13)]) {
      expect(wheel.sha256).toMatch(/^[0-9a-f]{64}$/);
      for (const name of wheel.needed) expect(wheel.libraries).toHaveProperty(name);
    }
  });

  it('have the version of our ONNX Runtime', () => {
    const { devDependencies } = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../../package.json'), 'utf8'),
    );
    expect(PROVIDER_13.version).toBe(devDependencies['onnxruntime-node']);
  });

  it('are asked for by their own tags, whatever the machine’s Python', () => {
    expect(tagArguments('a-1-cp313-cp313-manylinux_2_28_x86_64.whl')).toEqual([
      ...['--platform', 'manylinux_2_28_x86_64', '--python-version', '3.13'],
      ...['--implementation', 'cp', '--abi', 'cp313'],
    ]);
    expect(tagArguments('a-1-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl')).toEqual([
      ...['--platform', 'manylinux2014_x86_64', '--platform', 'manylinux_2_17_x86_64'],
      ...['--python-version', '3', '--implementation', 'py', '--abi', 'none'],
    ]);
  });
});
