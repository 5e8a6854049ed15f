/** Starts a bundled action as the runner does: INPUT_*, the event's payload, file commands; parses what it wrote. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { FakeGitHub } from './fake-github.js';

export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));

export const ACTION = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { description: string }>;
  runs: { using: string; main: string };
};

export interface ActionRun {
  /** Bundle to run. */
  entry: string;
  event: string;
  payload?: unknown;
  inputs?: Record<string, string>;
  github?: FakeGitHub;
  /** Default: a fresh directory. */
  workspace?: string;
  env?: Record<string, string | undefined>;
  node?: string;
  /** Cancels the job when it has written this. */
  cancelAt?: string;
}

export interface WorkflowCommand {
  name: string;
  properties: Record<string, string>;
  message: string;
}

export interface ActionResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  outputs: Record<string, string>;
  summary: string;
  commands: WorkflowCommand[];
  durationMs: number;
}

export async function runBundledAction(run: ActionRun): Promise<ActionResult> {
  const directory = mkdtempSync(join(tmpdir(), 'quantgate-runner-'));
  try {
    const workspace = run.workspace ?? join(directory, 'workspace');
    mkdirSync(workspace, { recursive: true });
    const files = {
      GITHUB_OUTPUT: join(directory, 'output'),
      GITHUB_STEP_SUMMARY: join(directory, 'summary'),
      GITHUB_ENV: join(directory, 'env'),
      GITHUB_PATH: join(directory, 'path'),
      GITHUB_STATE: join(directory, 'state'),
    };
    for (const file of Object.values(files)) writeFileSync(file, '');
    writeFileSync(join(directory, 'event.json'), JSON.stringify(run.payload ?? {}));
    const env = {
      PATH: process.env.PATH,
      HOME: directory,
      RUNNER_TEMP: directory,
      RUNNER_TOOL_CACHE: join(directory, 'tools'),
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: run.event,
      GITHUB_EVENT_PATH: join(directory, 'event.json'),
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_RUN_ID: '77',
      GITHUB_SHA: 'c'.repeat(40),
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_WORKSPACE: workspace,
      ...(run.github
        ? { GITHUB_API_URL: run.github.url, GITHUB_GRAPHQL_URL: `${run.github.url}/graphql` }
        : {}),
      ...files,
      ...inputVariables(run.inputs ?? {}),
      ...run.env,
    };
    const started = performance.now();
    const { exitCode, stdout, stderr } = await execute(run, workspace, env);
    return {
      exitCode,
      stdout,
      stderr,
      outputs: parseFileCommands(readFileSync(files.GITHUB_OUTPUT, 'utf8')),
      summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
      commands: parseCommands(stdout),
      durationMs: performance.now() - started,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** As the runner names them: spaces to underscores, upper case, hyphens kept; defaults of action.yml filled in. */
export function inputVariables(given: Record<string, string>): Record<string, string> {
  const unknown = Object.keys(given).find((name) => !(name in ACTION.inputs));
  if (unknown) throw new Error(`action.yml has no input '${unknown}'`);
  const all = Object.entries(ACTION.inputs).map(([name, { default: value }]) => [name, given[name] ?? value]);
  return Object.fromEntries(
    all.map(([name, value]) => [
      `INPUT_${name!.replaceAll(' ', '_').toUpperCase()}`,
      value!.replace(/\$\{\{ github\.token \}\}/, 'test-token'),
    ]),
  );
}

function execute(
  { node = process.execPath, entry, cancelAt }: ActionRun,
  cwd: string,
  env: Record<string, string | undefined>,
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  return new Promise((done, fail) => {
    const child = spawn(node, [entry], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    let cancelled = false;
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (cancelAt && stdout.includes(cancelAt) && !cancelled) cancelled = child.kill('SIGINT');
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', fail);
    child.on('close', (exitCode) => done({ exitCode, stdout, stderr }));
  });
}

/** `name=value` and `name<<delimiter` as the runner reads them (FileCommandManager): the first of `=` and `<<` decides. */
export function parseFileCommands(content: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = content.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    if (line === '') continue;
    const [equals, heredoc] = [line.indexOf('='), line.indexOf('<<')];
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      values[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    if (heredoc <= 0) throw new Error(`invalid file command: ${line}`);
    const delimiter = line.slice(heredoc + 2);
    const end = lines.indexOf(delimiter, index + 1);
    if (end < 0) throw new Error(`delimiter ${delimiter} not found`);
    values[line.slice(0, heredoc)] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return values;
}

/** `::name key=value,…::message`, unescaped as the runner does. */
export function parseCommands(stdout: string): WorkflowCommand[] {
  return [...stdout.matchAll(/^::([a-z-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/gm)].map(
    ([, name, given, message]) => ({
      name: name!,
      properties: Object.fromEntries(
        (given ?? '')
          .split(',')
          .filter(Boolean)
          .map((pair) => {
            const at = pair.indexOf('=');
            return [pair.slice(0, at), unescapeCommand(pair.slice(at + 1))];
          }),
      ),
      message: unescapeCommand(message!),
    }),
  );
}

function unescapeCommand(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}
