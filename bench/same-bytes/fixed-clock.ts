/** The command line as a bundle in which nothing depends on how fast the machine is. The source itself has no hook for this: functions
 *  that measure time are wrapped by name when they are bundled, wherever their file lies. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';

/** What the bundle's process holds under `globalThis.sameBytes`. */
export interface FixedSpeed {
  /** Time of a quantized file ÷ time of the original. */
  ratio: number;
  /** Becomes true when the ratio was asked for. */
  asked: boolean;
}

/** Functions whose result is a time, and what stands for it; `call` is the call of the original, which still runs, since it may fail. */
const TIMED: Readonly<Record<string, (call: string) => string>> = {
  // Time of the quantized file ÷ time of the original.
  speedRatio: (call) => `await ${call}; return sameBytesRatio();`,
  // Milliseconds per file; the first is the float model.
  race: (call) =>
    `const times = await ${call}; return times.map((_, index) => index === 0 ? 1 : sameBytesRatio());`,
  // Kernel times, which follow from the kernel's name here.
  parseProfile: (call) =>
    `return ${call}.map((node) => ({ ...node, durationsMs: node.durationsMs.map(() => sameBytesTime(node.name)) }));`,
};

/** A clock that stands still, for budgets; and one that jumps, so that what times its own runs takes the fewest. */
const STILL = 'const performance = { now: () => 0 };\n';
const JUMPING = 'let sameBytesNow = 0; const performance = { now: () => (sameBytesNow += 1e6) };\n';

const REPLACEMENTS = `
function sameBytesRatio() {
  globalThis.sameBytes.asked = true;
  return globalThis.sameBytes.ratio;
}
function sameBytesTime(name) {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) / 1000;
}
`;

/** Rooms that decide what is written: a clock there that isn't replaced is an error. */
const DECIDING = [join('src', 'quantize'), join('src', 'auto')];

/** Bundles `source`'s command line and worker into `directory`. @returns SHA-256 of the code: what tells one version from another.
 *  @throws Error when a function of TIMED isn't found, or stands twice: renamed functions are renamed here too. */
export async function bundleWithFixedClock({
  source,
  directory,
}: {
  source: string;
  directory: string;
}): Promise<string> {
  const { build } = await import('esbuild');
  const found: string[] = [];
  const { outputFiles } = await build({
    absWorkingDir: source,
    entryPoints: ['src/cli.ts', 'src/worker.ts'],
    outdir: 'bundle',
    bundle: true,
    splitting: true,
    chunkNames: 'chunk-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['onnxruntime-node', 'sharp'],
    plugins: [fixedClock(source, found), ...(await schemaPlugin(source))],
    write: false,
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  for (const name of Object.keys(TIMED)) {
    const times = found.filter((one) => one === name).length;
    if (times !== 1)
      throw new Error(`${source}: ${times} functions called ${name}: see TIMED in fixed-clock.ts`);
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }\n');
  const hash = createHash('sha256');
  for (const { path, contents } of outputFiles.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const name = path.slice(path.lastIndexOf(sep) + 1);
    hash.update(name).update(contents);
    writeFileSync(join(directory, name), contents);
  }
  return hash.digest('hex');
}

function fixedClock(source: string, found: string[]): Plugin {
  const root = join(source, 'src') + sep;
  return {
    name: 'fixed-clock',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!path.startsWith(root)) return undefined;
        const { text, names } = withFixedClock(readFileSync(path, 'utf8'));
        found.push(...names);
        if (
          DECIDING.some((room) => path.startsWith(join(source, room))) &&
          /\bhrtime\b|\bDate\.now\b/.test(text)
        )
          throw new Error(`${path} reads a clock that fixed-clock.ts doesn't replace`);
        return names.length > 0 || text.includes(STILL)
          ? { contents: text, loader: 'ts', resolveDir: dirname(path) }
          : undefined;
      });
    },
  };
}

/** A source file with its clock replaced, and the functions of TIMED that it exports. */
export function withFixedClock(text: string): { text: string; names: string[] } {
  let replaced = text;
  const names: string[] = [];
  for (const [name, body] of Object.entries(TIMED)) {
    const declaration = new RegExp(`^export (async )?function ${name}\\(`, 'm');
    const [, async = ''] = declaration.exec(replaced) ?? [null];
    if (!declaration.test(replaced)) continue;
    names.push(name);
    replaced =
      replaced.replace(declaration, `${async}function ${name}ByTheClock(`) +
      `\nexport ${async}function ${name}(...given: Parameters<typeof ${name}ByTheClock>) { ${body(`${name}ByTheClock(...given)`)} }\n`;
  }
  const clock = !/\bperformance\.now\b/.test(text) ? '' : names.length > 0 ? JUMPING : STILL;
  return { text: clock + replaced + (names.length > 0 ? REPLACEMENTS : ''), names };
}

/** The source's own plugin that compiles its schemas ahead: starting is faster with it. */
async function schemaPlugin(source: string): Promise<Plugin[]> {
  const file = join(source, 'scripts', 'precompiled-schemas.mjs');
  if (!existsSync(file)) return [];
  return [((await import(pathToFileURL(file).href)) as { precompiledSchemas: Plugin }).precompiledSchemas];
}
