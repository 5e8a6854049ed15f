/** Python environments, one per tool: their requirements contradict each other. Made once, kept in node_modules/.cache. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { PEERS, ROOT } from './repository.js';

const TOOLS = {
  onnxruntime: {},
  'onnxruntime-weights': { torch: true },
  'onnxruntime-hqq': { torch: true },
  'onnxruntime-genai': {},
  'neural-compressor': {},
  nncf: {},
  aimet: { torch: true },
  quark: { torch: true },
  modelopt: { torch: true },
} as const satisfies Record<string, { torch?: true }>;

export type Tool = keyof typeof TOOLS;
/** What has an environment: the tools, and PyTorch, which several take from one place because it is large. */
type Environment = Tool | 'torch';

const ready = new Map<Environment, string | Error>();

/** The tool's Python, installed first where it isn't yet. The registry is whatever pip is configured for.
 *  @throws Error when the tool can't be installed: pip's own words. */
export function pythonOf(tool: Environment): string {
  const found = ready.get(tool) ?? install(tool);
  ready.set(tool, found);
  if (found instanceof Error) throw found;
  return found;
}

function install(name: Environment): string | Error {
  const requirements = requirementsOf(name);
  const directory = join(ROOT, 'node_modules', '.cache', 'peers', name);
  const python = join(directory, 'bin', 'python');
  const installed = join(directory, 'installed.txt');
  try {
    const shared = name in TOOLS && 'torch' in TOOLS[name as Tool] ? pythonOf('torch') : null;
    if (existsSync(installed) && readFileSync(installed, 'utf8') === requirements) return python;
    console.error(`installing ${name} …`);
    rmSync(directory, { recursive: true, force: true });
    runCommand('python3', ['-m', 'venv', directory]);
    if (shared) writeFileSync(join(packagesOf(python), 'torch.pth'), `${packagesOf(shared)}\n`);
    runCommand(python, ['-m', 'pip', 'install', '-q', '-r', join(PEERS, 'requirements', `${name}.txt`)]);
  } catch (error) {
    return new Error(`not installed: ${(error as Error).message}`);
  }
  writeFileSync(installed, requirements);
  return python;
}

function requirementsOf(name: Environment): string {
  return readFileSync(join(PEERS, 'requirements', `${name}.txt`), 'utf8');
}

/** Where an environment keeps its packages. A `.pth` file there adds another folder, behind its own, for pip as for Python. */
function packagesOf(python: string): string {
  return runCommand(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']).stdout.trim();
}

/** Version of an installed Python package. */
export function versionOf(tool: Tool, name: string): string {
  const script = 'import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))';
  const { stdout } = spawnSync(pythonOf(tool), ['-c', script, name], { encoding: 'utf8' });
  // null where that Python is not there.
  return stdout?.trim() || 'of an unknown version';
}
