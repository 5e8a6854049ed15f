/** Writes src/runtime/pinned-packages.json: the native packages and their sha512 hashes, out of package-lock.json. Usage: node scripts/pin-runtime.mjs */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Platforms that both onnxruntime-node and sharp have binaries for. */
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

export function pinnedPackages(lock) {
  const entry = (name) => {
    const found = lock.packages[`node_modules/${name}`];
    if (!found?.integrity?.startsWith('sha512-'))
      throw new Error(`package-lock.json has no sha512 for ${name}`);
    return found;
  };
  const pin = (names) =>
    Object.fromEntries(
      names.map((name) => [name, { version: entry(name).version, integrity: entry(name).integrity }]),
    );
  const closure = (name, seen = new Set()) => {
    if (!seen.has(name)) {
      seen.add(name);
      for (const dependency of Object.keys(entry(name).dependencies ?? {})) closure(dependency, seen);
    }
    return seen;
  };
  const runtime = ['onnxruntime-node', 'onnxruntime-common'];
  return {
    'onnxruntime-node': {
      packages: pin(runtime),
      /** What the package's own install script needs besides. */
      installer: pin([...closure('onnxruntime-node')].filter((name) => !runtime.includes(name)).sort()),
    },
    sharp: {
      packages: pin([...closure('sharp')].sort()),
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
  writeFileSync(at('src/runtime/pinned-packages.json'), `${JSON.stringify(pins, null, 2)}\n`);
}
