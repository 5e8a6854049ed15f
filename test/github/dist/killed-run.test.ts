import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readModel } from '../../../src/onnx/file/read.js';
import { validateReport } from '../../../src/report/schema.js';
import { inputVariables, ROOT } from '../runner.js';

/** How often a run is killed, each time at another moment of its work; more with QUANTGATE_KILLS. */
const KILLS = Number(process.env.QUANTGATE_KILLS ?? 2);

const CONFIG = `version: 1
models:
  - { name: digits, path: digits.onnx, task: none, variants: [{ name: half, method: float16 }, { name: bytes, method: int8-weights }] }
confidence: 0.8
benchmark: { threads: [1], budget: 1ms }
thresholds:
  size.file: [{ max-ratio: 0.6, where: { variant: half } }, { level: info, max-regression: 1% }]
`;

let home: string;
let base: string;
let head: string;
const at = (...names: string[]) => join(home, ...names);
const workspace = () => at('workspace');

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'killed-run-'));
  for (const name of ['workspace', 'temp']) mkdirSync(at(name));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      cwd: workspace(),
      encoding: 'utf8',
    }).trim();
  git('init', '-q', '-b', 'main');
  copyFileSync(join(ROOT, 'examples/digits/digits.onnx'), at('workspace', 'digits.onnx'));
  // Another recipe: the base's variant has to be made, too.
  writeFileSync(
    at('workspace', 'quantgate.yml'),
    CONFIG.replace('half, method: float16', 'half, method: int8-dynamic'),
  );
  git('add', '-A');
  git('commit', '-qm', 'base');
  base = git('rev-parse', 'HEAD');
  writeFileSync(at('workspace', 'quantgate.yml'), CONFIG);
  git('commit', '-qam', 'head');
  head = git('rev-parse', 'HEAD');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  output: string;
  durationMs: number;
}

/** The built action as the runner starts it, without a token: measuring and reporting need no API. */
function start(): { kill(): void; ended: Promise<Ended> } {
  const started = performance.now();
  for (const name of ['output', 'summary']) writeFileSync(at(name), '');
  writeFileSync(
    at('event.json'),
    JSON.stringify({
      repository: { full_name: 'o/r' },
      merge_group: {
        head_ref: 'refs/heads/gh-readonly-queue/main/pr-7-abc',
        head_sha: head,
        base_sha: base,
      },
    }),
  );
  const child = spawn(process.execPath, [join(ROOT, 'dist/action.js')], {
    cwd: workspace(),
    env: {
      PATH: process.env.PATH,
      HOME: home,
      RUNNER_TEMP: at('temp'),
      RUNNER_TOOL_CACHE: at('tools'),
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'merge_group',
      GITHUB_SHA: head,
      GITHUB_EVENT_PATH: at('event.json'),
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_WORKSPACE: workspace(),
      GITHUB_OUTPUT: at('output'),
      GITHUB_STEP_SUMMARY: at('summary'),
      // A result that was kept would make the next run one that measures nothing.
      GITHUB_RUN_ATTEMPT: '2',
      ...inputVariables({ token: '' }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const ended = new Promise<Ended>((done) =>
    child.on('close', (code) => done({ code, output, durationMs: performance.now() - started })),
  );
  return { kill: () => child.kill('SIGKILL'), ended };
}

/** Everything in the output folder that only the end of a run gives its name. */
const files = () => readdirSync(at('workspace', 'quantgate-out'), { recursive: true }).map(String).sort();

describe('a run of the action that is killed outright', () => {
  it(
    `at any of ${KILLS} moments leaves no partial file in place, and the next run works and leaves nothing else`,
    async () => {
      const whole = await start().ended;
      expect(whole.code, whole.output).toBe(0);
      const complete = files();
      for (let kill = 0; kill < KILLS; kill++) {
        rmSync(at('workspace', 'quantgate-out'), { recursive: true, force: true });
        const run = start();
        // One in each part of the run, anywhere in it: another run of this test tries other moments.
        const momentMs = (whole.durationMs * (kill + Math.random())) / KILLS;
        const timer = setTimeout(run.kill, momentMs);
        await run.ended;
        clearTimeout(timer);
        const moment = `killed after ${momentMs.toFixed(0)} ms`;
        assertWhole(moment);

        const next = await start().ended;
        expect(next.code, `${moment}: ${next.output}`).toBe(0);
        expect(files(), moment).toEqual(complete);
        expect(readdirSync(at('temp')), moment).toEqual([]);
      }
    },
    60_000 + KILLS * 60_000,
  );
});

/** Whatever has its final name is whole. */
function assertWhole(moment: string): void {
  const out = at('workspace', 'quantgate-out');
  if (!existsSync(out)) return;
  for (const name of readdirSync(out, { recursive: true }).map(String)) {
    if (name.startsWith('.base')) continue;
    if (name.endsWith('.onnx')) expect(() => readModel(join(out, name)), moment).not.toThrow();
    if (basename(name) === 'quantgate-report.json') {
      validateReport(JSON.parse(readFileSync(join(out, name), 'utf8')));
    }
  }
}
