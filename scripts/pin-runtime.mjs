/** Writes src/runtime/provision/pinned-packages.json: the native packages and their sha512 hashes, out of package-lock.json. Usage: node scripts/pin-runtime.mjs */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Platforms that both onnxruntime-node and sharp have binaries for. */
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

export function pinnedPackages(lock) {
  /** Where a package finds another, as Node looks it up: in its own node_modules first, then in those above. */
  const resolve = (name, from) => {
    for (let path = from; ; path = path.slice(0, path.lastIndexOf('node_modules/')).replace(/\/$/, '')) {
      const candidate = `${path ? `${path}/` : ''}node_modules/${name}`;
      if (lock.packages[candidate]) return candidate;
      if (path === '') throw new Error(`package-lock.json has no ${name}`);
    }
  };
  const pinned = (path) => {
    const { version, integrity } = lock.packages[path];
    if (!integrity?.startsWith('sha512-')) throw new Error(`package-lock.json has no sha512 for ${path}`);
    return { version, integrity };
  };
  const pin = (names) => Object.fromEntries(names.map((name) => [name, pinned(resolve(name, ''))]));
  /** Lockfile paths of a package and everything it depends on, by name. */
  const closure = (name, from = '', seen = new Map()) => {
    const path = resolve(name, from);
    if (seen.has(name)) return seen;
    seen.set(name, path);
    for (const dependency of Object.keys(lock.packages[path].dependencies ?? {}))
      closure(dependency, path, seen);
    return seen;
  };
  const pinClosure = (name, except = []) =>
    Object.fromEntries(
      [...closure(name)]
        .filter(([found]) => !except.includes(found))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([found, path]) => [found, pinned(path)]),
    );
  const runtime = ['onnxruntime-node', 'onnxruntime-common'];
  return {
    'onnxruntime-node': {
      packages: pin(runtime),
      /** What the package's own install script needs besides. */
      installer: pinClosure('onnxruntime-node', runtime),
    },
    'onnxruntime-web': { packages: pin(['onnxruntime-web', 'onnxruntime-common']) },
    sharp: {
      packages: pinClosure('sharp'),
      platforms: Object.fromEntries(
        PLATFORMS.map((platform) => {
          const names = [`@img/sharp-${platform}`, `@img/sharp-libvips-${platform}`];
          // On Windows libvips is inside the first.
          return [platform, pin(names.filter((name) => lock.packages[`node_modules/${name}`]))];
        }),
      ),
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const pins = pinnedPackages(JSON.parse(readFileSync(at('package-lock.json'), 'utf8')));
  writeFileSync(at('src/runtime/provision/pinned-packages.json'), `${JSON.stringify(pins, null, 2)}\n`);
}
