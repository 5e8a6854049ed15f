/** Which npm packages make ONNX Runtime, its WebAssembly build and sharp on a platform, at which versions and with which hashes. */
import { MachineError } from '../../errors.js';
import { WEB_FILES, type WebBuild } from '../runtime.js';
import pins from './pinned-packages.json' with { type: 'json' };

export interface PinnedPackage {
  name: string;
  version: string;
  /** `sha512-<base64>` of the tarball, as package-lock.json has it. */
  integrity: string;
  /** Paths inside the package that are unpacked; null: all. */
  members: string[] | null;
}

/** Packages that are installed and found together. */
export interface PackageSet {
  /** The package that is loaded. */
  name: string;
  version: string;
  /** Name of the directory below `<name>/<version>` in the cache. */
  variant: string;
  packages: PinnedPackage[];
  /** Script of the loaded package that completes the installation, relative to it; null: none. */
  script: { path: string; env: Record<string, string> } | null;
}

type Pins = Record<string, { version: string; integrity: string }>;

/** `linux-x64`, `darwin-arm64`, `win32-x64`, … */
export function platformKey(platform: string = process.platform, arch: string = process.arch): string {
  return `${platform}-${arch}`;
}

/**
 * `cuda`: with the CUDA and TensorRT providers of that version, which exist for linux-x64; npm's script brings those for 12, those for 13
 * have to be added. Throws MachineError for platforms without a binary.
 */
export function runtimeSet(platform: string, { cuda }: { cuda?: 12 | 13 } = {}): PackageSet {
  if (!RUNTIME_PLATFORMS.includes(platform)) {
    throw new MachineError(
      'runtime.unsupported-system',
      `onnxruntime-node has no binary for ${platform}; it has ${RUNTIME_PLATFORMS.join(', ')}. Build it yourself and name its directory with \`onnxruntime-path\`.`,
    );
  }
  const { packages, installer } = pins['onnxruntime-node'];
  const [os, arch] = platform.split('-');
  const members = ['package.json', 'dist', `bin/napi-v6/${os}/${arch}`];
  const set = list(packages).map((one) =>
    one.name === 'onnxruntime-node'
      ? { ...one, members: cuda === 12 ? [...members, 'script'] : members }
      : one,
  );
  return {
    name: 'onnxruntime-node',
    version: packages['onnxruntime-node'].version,
    variant: cuda ? `${platform}-cuda${cuda}` : platform,
    packages: cuda === 12 ? [...set, ...list(installer)] : set,
    script: cuda === 12 ? { path: 'script/install.js', env: { ONNXRUNTIME_NODE_INSTALL: 'cuda12' } } : null,
  };
}

const RUNTIME_PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

/** Of a set whose files run everywhere. */
export const ANY_PLATFORM = 'any';

/** onnxruntime-web, of a tarball of 33 MB what is needed: 15 MB for Node or a page, 27 MB for a page with WebGPU. */
export function wasmSet(build: WebBuild = 'node'): PackageSet {
  const { packages } = pins['onnxruntime-web'];
  const members = ['package.json', ...WEB_FILES[build].map((name) => `dist/${name}`)];
  return {
    name: 'onnxruntime-web',
    version: packages['onnxruntime-web'].version,
    variant: build === 'node' ? ANY_PLATFORM : `${ANY_PLATFORM}-${build}`,
    packages: list(packages).map((one) => (one.name === 'onnxruntime-web' ? { ...one, members } : one)),
    script: null,
  };
}

/** sharp with the binary of `platform` only. Throws MachineError for platforms it has none for. */
export function sharpSet(platform: string): PackageSet {
  const { packages, platforms } = pins.sharp;
  const native = (platforms as unknown as Record<string, Pins>)[platform];
  if (!native) {
    throw new MachineError(
      'machine.no-sharp',
      `sharp, which decodes images, is not pinned for ${platform}. Install it (\`npm install sharp\`) in a folder above, or use npz data.`,
    );
  }
  return {
    name: 'sharp',
    version: packages.sharp.version,
    variant: platform,
    packages: [...list(packages), ...list(native)],
    script: null,
  };
}

function list(found: Pins): PinnedPackage[] {
  return Object.entries(found).map(([name, pin]) => ({ name, ...pin, members: null }));
}
