/** Python environments, one per tool: their requirements contradict each other. Made once, kept in node_modules/.cache. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { PEERS, ROOT } from './repository.js';

export type Tool = 'onnxruntime' | 'neural-compressor' | 'modelopt';

const ready = new Map<Tool, string | Error>();

/** The tool's Python, installed first where it isn't yet. The registry is whatever pip is configured for.
 *  @throws Error when the tool can't be installed: pip's own words. */
export function pythonOf(tool: Tool): string {
  const found = ready.get(tool) ?? install(tool);
  ready.set(tool, found);
  if (found instanceof Error) throw found;
  return found;
}

function install(tool: Tool): string | Error {
  const requirements = readFileSync(join(PEERS, 'requirements', `${tool}.txt`), 'utf8');
  const directory = join(ROOT, 'node_modules', '.cache', 'peers', tool);
  const python = join(directory, 'bin', 'python');
  const installed = join(directory, 'installed.txt');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === requirements) return python;
  console.error(`installing ${tool} …`);
  rmSync(directory, { recursive: true, force: true });
  try {
    runCommand('python3', ['-m', 'venv', directory]);
    runCommand(python, ['-m', 'pip', 'install', '-q', '-r', join(PEERS, 'requirements', `${tool}.txt`)]);
  } catch (error) {
    return new Error(`not installed: ${(error as Error).message}`);
  }
  writeFileSync(installed, requirements);
  return python;
}

/** Version of an installed Python package. */
export function versionOf(tool: Tool, name: string): string {
  const script = 'import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))';
  return spawnSync(pythonOf(tool), ['-c', script, name], { encoding: 'utf8' }).stdout.trim();
}
