import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { bundleFixture } from './bundle.js';
import { documentedSteps } from './documented-steps.js';
import { FakeGitHub } from './fake-github.js';
import { proposeIn } from './repository.js';
import { ACTION, ROOT, runBundledAction } from './runner.js';
import { sampleReport } from './sample-report.js';
import { loadWorkflowParser } from './workflow-parser.js';

interface Step {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, string | number | boolean>;
}
interface Workflow {
  on: string | Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<
    string,
    { permissions?: Record<string, string>; 'timeout-minutes'?: number; if?: string; steps: Step[] }
  >;
}

const OWN = readdirSync(join(ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`);
const EXAMPLES = readdirSync(join(ROOT, 'examples/workflows')).map((name) => `examples/workflows/${name}`);
/** What `quantgate init` writes is golden (test/init/init.test.ts). */
const FILES = [...OWN, ...EXAMPLES, 'examples/digits/workflow.yml', 'test/init/golden/workflow.yml'];

const PINNED = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const workflowOf = (file: string) => parse(read(file)) as Workflow;
const eventsOf = ({ on }: Workflow) => (typeof on === 'string' ? [on] : Object.keys(on));
/** v3.2.2, for GitHub Enterprise Server. */
const UPLOAD_V3 = 'actions/upload-artifact@c6a366c94c3e0affe28c06c8df20a878f24da3cf';
const isQuantgate = ({ uses }: Step) => uses === './' || uses?.startsWith('quantgate/quantgate@');
const stepsOf = (file: string) => Object.values(workflowOf(file).jobs).flatMap((job) => job.steps);

let parser: Awaited<ReturnType<typeof loadWorkflowParser>>;
beforeAll(async () => {
  parser = await loadWorkflowParser();
});

const problems = (name: string, content: string, kind: 'parseWorkflow' | 'parseAction' = 'parseWorkflow') =>
  parser[kind]({ name, content }, new parser.NoOperationTraceWriter()).context.errors.getErrors();

describe("GitHub's own parser", () => {
  it.each(FILES)('accepts %s', (file) => {
    expect(problems(file, read(file))).toEqual([]);
  });

  it('accepts action.yml', () => {
    expect(problems('action.yml', read('action.yml'), 'parseAction')).toEqual([]);
  });

  it.each(documentedSteps().map((text, index) => [index + 1, text] as const))(
    'accepts the steps that docs/github.md shows, list %d, with inputs that quantgate has',
    (_, text) => {
      expect(problems('documented.yml', text)).toEqual([]);
      for (const step of (parse(text) as Workflow).jobs.documented!.steps.filter(isQuantgate))
        for (const name of Object.keys(step.with ?? {})) expect(Object.keys(ACTION.inputs)).toContain(name);
    },
  );

  it('does find mistakes', () => {
    expect(problems('x.yml', 'on: push\njobs: { a: { runs-on: x, stepz: [] } }')).not.toEqual([]);
    expect(
      problems('action.yml', 'name: x\ndescription: y\nruns: { using: node24, mian: x }', 'parseAction'),
    ).not.toEqual([]);
  });
});

describe.each(FILES)('%s', (file) => {
  it('grants nothing by default that no job asked for', () => {
    const workflow = workflowOf(file);
    expect(workflow.permissions).toBeDefined();
    for (const job of Object.values(workflow.jobs)) {
      expect(Object.values({ ...workflow.permissions, ...job.permissions })).not.toContain('write-all');
    }
  });

  it('gives the action only inputs that it has', () => {
    for (const step of stepsOf(file).filter(isQuantgate)) {
      for (const name of Object.keys(step.with ?? {})) expect(Object.keys(ACTION.inputs)).toContain(name);
    }
  });

  it('never puts an expression into a shell', () => {
    for (const { run = '' } of stepsOf(file)) expect(run).not.toContain('${{');
  });

  it('never runs code of a pull request with rights of the base', () => {
    const events = eventsOf(workflowOf(file));
    expect(events).not.toContain('pull_request_target');
    if (!events.includes('workflow_run')) return;
    expect(stepsOf(file).some(({ uses }) => uses?.startsWith('actions/checkout'))).toBe(false);
  });
});

describe.each(FILES)('%s', (file) => {
  it('pins every action to a commit, with its version beside it', () => {
    const used = read(file).match(/uses: .*/g) ?? [];
    for (const line of used.filter((one) => !/^uses: (\.\/|quantgate\/quantgate@v0) /.test(one))) {
      expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('leaves no credentials in the checkout unless it says why', () => {
    for (const step of stepsOf(file).filter(({ uses }) => uses?.startsWith('actions/checkout@'))) {
      const kept = step.with?.['persist-credentials'] !== false;
      expect(kept && !read(file).includes('# zizmor: ignore[artipacked]')).toBe(false);
    }
  });

  it('gives a job that is run again the names of its artifacts', () => {
    const uploads = stepsOf(file).filter(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
    for (const { uses, with: inputs } of uploads) {
      // The actions of v3 always do, and know no such input.
      if (uses === UPLOAD_V3) expect(inputs).not.toHaveProperty('overwrite');
      else expect(inputs).toMatchObject({ overwrite: true });
    }
  });

  it('explains what it asks linters to ignore', () => {
    for (const line of read(file)
      .split('\n')
      .filter((one) => one.includes('zizmor: ignore')))
      expect(line).toMatch(/# zizmor: ignore\[[\w-]+\] \w+ \w+/);
  });

  it('stops by itself', () => {
    for (const job of Object.values(workflowOf(file).jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });
});

describe.each(EXAMPLES)('%s', (file) => {
  it('starts no run that is skipped beside one that failed: a skipped check counts as passed', () => {
    for (const job of Object.values(workflowOf(file).jobs))
      expect(job.if ?? '').not.toMatch(/event\.(action|label)/);
  });

  it('uploads the HTML report that its comment and its summary link to', () => {
    const posting = Object.values(workflowOf(file).jobs).filter(({ steps }) =>
      steps.some((step) => isQuantgate(step) && String(step.with?.comment ?? 'true') === 'true'),
    );
    for (const { steps } of posting) {
      const at = steps.findIndex(isQuantgate);
      const output = `\${{ steps.${steps[at]!.id}.outputs.report-html }}`;
      const later = steps.slice(at + 1).filter(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
      expect(later.map((step) => String(step.with?.path)).join('\n')).toContain(output);
    }
  });
});

describe('a cache in the examples', () => {
  it('has a key with the versions of what it holds', () => {
    const steps = FILES.flatMap(stepsOf).filter(({ uses }) => uses?.startsWith('actions/cache@'));
    expect(steps).not.toEqual([]);
    for (const step of steps) {
      for (const name of ['onnxruntime-node', 'sharp'] as const)
        expect(step.with?.key).toContain(`${name.replace('-node', '')}-${PINNED.devDependencies[name]}-`);
    }
  });
});

const REPOSITORY = { full_name: 'o/r', default_branch: 'main', url: 'https://api.github.com/repos/o/r' };
const payloads = (sha: { head: string; base: string }): Record<string, object> => ({
  pull_request: {
    action: 'synchronize',
    repository: REPOSITORY,
    pull_request: { number: 7, head: { sha: sha.head, repo: { full_name: 'o/r' } }, base: { sha: sha.base } },
  },
  workflow_run: {
    repository: REPOSITORY,
    workflow_run: {
      id: 5,
      event: 'pull_request',
      head_sha: sha.head,
      head_branch: 'f',
      head_repository: { full_name: 'm/r', owner: { login: 'm' } },
      pull_requests: [],
    },
  },
  push: { repository: REPOSITORY, before: '0'.repeat(40) },
  schedule: { repository: REPOSITORY },
  issue_comment: {
    repository: REPOSITORY,
    issue: { number: 7, pull_request: {} },
    comment: { body: '/quantgate' },
  },
  workflow_dispatch: { repository: REPOSITORY },
});

/** What GitHub asks of a token for each request (docs.github.com, "Permissions required for GitHub Apps"). */
function neededFor(operation: string): [scope: string, level: 'read' | 'write'] | null {
  if (operation === 'POST /graphql') return null;
  const level = operation.startsWith('GET') ? 'read' : 'write';
  if (/\/issues\/|\/pulls/.test(operation)) return ['pull-requests', level];
  if (/\/(git|contents)\//.test(operation)) return ['contents', level];
  if (operation.includes('/actions/')) return ['actions', level];
  return ['metadata', 'read'];
}

describe('each example, run as GitHub would run it,', () => {
  let entry: string;
  beforeAll(async () => {
    entry = await bundleFixture('action-with-report');
  });
  afterAll(() => rmSync(dirname(entry), { recursive: true, force: true }));

  /** `with` of a step as the runner would pass it; files that the step expects are put in place. */
  function prepare(step: Step, event: string, workspace: string) {
    copyFileSync(join(ROOT, 'examples/digits/digits.onnx'), join(workspace, 'digits.onnx'));
    const config = 'version: 1\nmodels:\n  - { name: digits, path: digits.onnx, task: none }\n';
    writeFileSync(join(workspace, 'quantgate.yml'), config);
    const source = { repository: 'o/r', baseSha: null, pullRequest: 7, runUrl: null, runAttempt: 1 };
    const revisions = proposeIn(workspace);
    const measuring = { ...source, sha: revisions.head, runId: event === 'workflow_run' ? 5 : 77 };
    writeFileSync(join(workspace, 'prepared.json'), JSON.stringify(sampleReport({ source: measuring })));
    const inputs = Object.fromEntries(
      Object.entries(step.with ?? {}).map(([name, value]) => [
        name,
        String(value)
          .replace(/\$\{\{ matrix\.config \}\}/, 'quantgate.yml')
          .replace(/\$\{\{ github\.event\.issue\.number \}\}/, '7')
          .replace(/\$\{\{ runner\.temp \}\}/, '/nowhere'),
      ]),
    );
    const shards = inputs['expected-reports']?.split(/, */) ?? ['quantgate-report'];
    for (const shard of shards) {
      mkdirSync(join(workspace, 'reports', shard), { recursive: true });
      copyFileSync(
        join(workspace, 'prepared.json'),
        join(workspace, 'reports', shard, 'quantgate-report.json'),
      );
    }
    return { inputs, revisions };
  }

  const cases = EXAMPLES.flatMap((file) => {
    const workflow = workflowOf(file);
    const measuring = Object.entries(workflow.jobs).filter(([, { steps }]) => steps.some(isQuantgate));
    return measuring.flatMap(([name, job]) =>
      eventsOf(workflow).map((event) => ({ file, name, event, job, workflow })),
    );
  });

  it.each(cases)(
    '$file, job $name, on $event: works with the permissions it declares',
    async ({ event, job, workflow }) => {
      const github = await new FakeGitHub().start();
      const workspace = mkdtempSync(join(tmpdir(), 'quantgate-example-'));
      try {
        const step = job.steps.find(isQuantgate)!;
        const { inputs, revisions } = prepare(step, event, workspace);
        github.pulls = [
          {
            number: 7,
            head: { sha: revisions.head, label: 'm:f', repo: null },
            base: { sha: revisions.base, ref: 'main' },
            state: 'open',
          },
        ];
        const env = { TEST_REPORT: join(workspace, 'prepared.json'), GITHUB_REF: 'refs/heads/main' };
        const result = await runBundledAction({
          entry,
          event,
          payload: payloads(revisions)[event]!,
          inputs,
          github,
          workspace,
          env,
        });
        expect(result.stdout + result.stderr).not.toContain('::error');
        expect(result.exitCode).toBe(0);
        const granted = job.permissions ?? workflow.permissions!;
        for (const operation of github.operations()) {
          const needed = neededFor(operation!);
          if (!needed || needed[0] === 'metadata') continue;
          const [scope, level] = needed;
          expect(level === 'read' ? ['read', 'write'] : ['write'], operation!).toContain(granted[scope]);
        }
        const posts =
          (inputs.comment ?? 'true') === 'true' &&
          event !== 'push' &&
          event !== 'schedule' &&
          event !== 'workflow_dispatch';
        expect(github.commentsOn(7)).toHaveLength(posts ? 1 : 0);
        expect(github.refs.has('heads/quantgate-data')).toBe('badge-branch' in inputs);
      } finally {
        await github.stop();
        rmSync(workspace, { recursive: true, force: true });
      }
    },
  );
});
