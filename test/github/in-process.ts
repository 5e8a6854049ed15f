/** The action in the test's own process, with a pipeline that returns a prepared report: for matrices of many runs. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { runAction } from '../../src/github/action.js';
import { writeReport } from '../../src/report-files.js';
import type { RunRequest } from '../../src/run/request.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import type { Report } from '../../src/terms/report.js';
import type { FakeGitHub } from './fake-github.js';
import { proposeIn } from './repository.js';
import { inputVariables, parseCommands, parseFileCommands, ROOT, type WorkflowCommand } from './runner.js';

export interface InProcessRun {
  github: FakeGitHub;
  /** Default: pull_request. */
  event?: string;
  /** The whole payload; default: one that fits the event. */
  wholePayload?: object;
  /** More fields of the payload's pull request. */
  payload?: object;
  inputs?: Record<string, string>;
  /** Checkout that the action works in; default: its own. */
  workspace?: string;
  /** More variables of the runner. */
  env?: Record<string, string>;
  /** Where outputs are to be written; default: a file that is there. */
  outputFile?: string;
}

export interface InProcessResult {
  exitCode: number;
  stdout: string;
  commands: WorkflowCommand[];
  outputs: Record<string, string>;
  summary: string;
  /** What the pipeline was asked for; null: it was not called. */
  request: RunRequest | null;
}

export const CONFIG = `version: 1
models:
  - { name: digits, path: digits.onnx, task: none, variants: [{ name: int8, method: int8-dynamic }] }
thresholds:
  size.file: { max-ratio: 0.8 }
  latency.p50: { max-ratio: 0.8 }
`;

export class InProcessAction {
  // One for all runs: core.summary remembers the first file that it was given.
  readonly workspace = mkdtempSync(join(tmpdir(), 'quantgate-in-process-'));
  /** A checkout of the head of a pull request that changes nothing which is measured. */
  readonly base: string;
  readonly head: string;

  constructor() {
    copyFileSync(join(ROOT, 'examples/digits/digits.onnx'), join(this.workspace, 'digits.onnx'));
    writeFileSync(join(this.workspace, 'quantgate.yml'), CONFIG);
    const { base, head } = proposeIn(this.workspace);
    [this.base, this.head] = [base, head];
  }

  /** Outputs that the running or the last action has set so far. */
  outputs(): Record<string, string> {
    return parseFileCommands(readFileSync(join(this.workspace, 'output'), 'utf8'));
  }

  dispose(): void {
    rmSync(this.workspace, { recursive: true, force: true });
  }

  async run(report: Report, run: InProcessRun): Promise<InProcessResult> {
    const { github, event = 'pull_request', payload = {}, inputs = {}, wholePayload } = run;
    const { workspace = this.workspace, env: more = {} } = run;
    const at = (name: string) => join(this.workspace, name);
    for (const name of ['output', 'summary']) writeFileSync(at(name), '');
    const head = { sha: this.head, repo: { full_name: 'o/r' } };
    const base = { sha: this.base, ref: 'main' };
    const content = wholePayload ?? {
      action: 'synchronize',
      repository: { full_name: 'o/r', default_branch: 'main' },
      ...(event === 'pull_request' && { pull_request: { number: 7, head, base, ...payload } }),
    };
    writeFileSync(at('event.json'), JSON.stringify(content));
    const env = {
      ...inputVariables(inputs),
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: at('event.json'),
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_RUN_ID: '77',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_API_URL: github.url,
      GITHUB_OUTPUT: run.outputFile ?? at('output'),
      GITHUB_STEP_SUMMARY: at('summary'),
      GITHUB_WORKSPACE: workspace,
      ...more,
    };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    let stdout = '';
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stdout += text;
      return true;
    });
    let request: RunRequest | null = null;
    try {
      await runAction({
        run: async (asked) => {
          request = asked;
          // As the pipeline does.
          const made = { ...report, source: report.source ?? asked.source };
          return { report: made, files: writeReport(made, asked.out) };
        },
        openRuntime: async () => ({}) as Runtime,
        sleep: async () => undefined,
      });
    } finally {
      write.mockRestore();
      vi.unstubAllEnvs();
    }
    const exitCode = Number(process.exitCode ?? 0);
    process.exitCode = undefined;
    return {
      exitCode,
      stdout,
      commands: parseCommands(stdout),
      outputs: this.outputs(),
      summary: readFileSync(at('summary'), 'utf8'),
      request,
    };
  }
}
