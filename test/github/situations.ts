/** Ways in which a gate could open by accident, each as a run of the action: what it ends with, and what people read. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/terms/report.js';
import { PullRequestRepository } from './checkout.js';
import { FakeGitHub } from './fake-github.js';
import { CONFIG, InProcessAction, type InProcessResult, type InProcessRun } from './in-process.js';
import { commit, git } from './repository.js';
import { ROOT } from './runner.js';
import { FAILED, sampleReport } from './sample-report.js';

/** What came of it, in the words of the table of docs/github.md. */
export interface Outcome {
  exit: string;
  /** The output `verdict`. */
  verdict: string;
  /** Its heading; — : there is none. */
  comment: string;
  /** The first error or warning of the log, else the first line about the matter. */
  said: string;
}

export interface Situation {
  /** Number of the kind: 3 commit, 4 reports, 5 comment of a newer run, 6 missing report, 7 data branch. */
  kind: 3 | 4 | 5 | 6 | 7;
  name: string;
  run(): Promise<Outcome>;
}

const NONE = '—';
const REPOSITORY = { full_name: 'o/r', default_branch: 'main', url: 'https://api.github.com/repos/o/r' };
const MODEL = readFileSync(join(ROOT, 'examples/digits/digits.onnx'));

/** One machine for all situations; `dispose` it after the last. */
export class Situations {
  readonly #action = new InProcessAction();
  readonly all: Situation[] = [
    this.#checkout('pull_request_target, default checkout', 'main', {
      event: 'pull_request_target',
      sha: 'base',
    }),
    this.#checkout('pull_request, `ref: main`', 'main', {}),
    this.#checkout('pull_request, `ref: BRANCH`, pushed to since', 'feature', {
      prepare: (at) => at.push('feature', 'later'),
    }),
    this.#checkout('pull_request, `ref: BRANCH`, pushed over since', 'feature', {
      prepare(at) {
        git(at.origin, 'reset', '-q', '--hard', at.base);
        at.push('feature', 'instead');
      },
    }),
    this.#checkout('issue_comment, default checkout', 'main', { event: 'issue_comment', sha: 'base' }),
    this.#checkout('pull_request, a step committed a model', 'refs/pull/7/merge', {
      step(directory) {
        writeFileSync(join(directory, 'made.txt'), 'x');
        commit(directory, 'made');
      },
    }),
    this.#reports("`mode: report`, an earlier run's report left on the runner", 4, {
      shards: { cpu: {}, gpu: { runId: 41 } },
    }),
    this.#reports('`mode: report`, a report of another commit', 4, {
      shards: { cpu: {}, gpu: { sha: 'd'.repeat(40) } },
    }),
    this.#reports('`mode: report`, one job of two was run again', 4, {
      shards: { cpu: {}, gpu: { runAttempt: 2 } },
    }),
    this.#reports('workflow_run, the pull request was pushed to since', 5, {
      shards: { cpu: {} },
      movedOn: true,
    }),
    this.#reports('workflow_run, the older of two runs ends later', 5, { shards: { cpu: {} }, newer: true }),
    this.#reports('workflow_run, the measuring run failed before it reported', 6, {
      shards: {},
      conclusion: 'failure',
      earlier: true,
    }),
    this.#reports('workflow_run, the measuring run was cancelled', 6, {
      shards: {},
      conclusion: 'cancelled',
      earlier: true,
    }),
    this.#history('data branch, GitHub cuts off the listing of its tree', (github) => {
      github.longestTree = 2;
    }),
    this.#history('data branch, a ruleset forbids the update', (github) => {
      const message = 'Repository rule violations found\n\nCannot update this protected ref.';
      github.faults.push({ operation: 'PATCH /repos/{owner}/{repo}/git/refs/{ref}', status: 422, message });
    }),
  ];

  dispose(): void {
    this.#action.dispose();
  }

  /** A run that passes, on `ref` of the repository of pull request 7. */
  #checkout(
    name: string,
    ref: string,
    options: {
      event?: string;
      sha?: 'base' | 'merge';
      prepare?: (at: PullRequestRepository) => void;
      step?: (directory: string) => void;
    },
  ): Situation {
    const { event = 'pull_request', sha = 'merge', prepare, step } = options;
    return this.#situation(3, name, async (github, act) => {
      const repository = new PullRequestRepository({ 'quantgate.yml': CONFIG, 'digits.onnx': MODEL });
      try {
        prepare?.(repository);
        const directory = repository.checkout(ref, { depth: 2 });
        step?.(directory);
        const head = { sha: repository.head, label: 'o:feature', repo: { full_name: 'o/r' } };
        const pull = { number: 7, head, base: { sha: repository.base, ref: 'main' } };
        github.pulls = [{ ...pull, state: 'open' }];
        for (const id of git(repository.origin, 'rev-list', '--all').split('\n'))
          github.objects.set(id, { type: 'commit', data: { tree: 'f'.repeat(40) } });
        const about =
          event === 'issue_comment' ? { issue: { number: 7, pull_request: {} } } : { pull_request: pull };
        return await act({
          event,
          workspace: directory,
          wholePayload: { repository: REPOSITORY, ...about },
          env: { GITHUB_SHA: repository[sha] },
        });
      } finally {
        repository.dispose();
      }
    });
  }

  /** A workflow_run that reports what run 55 measured for pull request 7. */
  #reports(
    name: string,
    kind: 4 | 5 | 6,
    options: {
      shards: Record<string, object>;
      movedOn?: boolean;
      /** Run 56 has reported that a check failed. */
      newer?: boolean;
      /** An earlier push has a comment that says all is well. */
      earlier?: boolean;
      conclusion?: string;
    },
  ): Situation {
    const { shards, movedOn = false, newer = false, earlier = false, conclusion = 'success' } = options;
    const head = 'a'.repeat(40);
    return this.#situation(kind, name, async (github, act) => {
      github.pulls = [{ number: 7, head: { sha: head, label: 'o:feature' }, state: 'open' }];
      const report = async (id: number, ended: string) =>
        await act({
          event: 'workflow_run',
          inputs: { mode: 'report', 'fail-on': 'error' },
          wholePayload: {
            repository: REPOSITORY,
            workflow_run: {
              id,
              event: 'pull_request',
              head_sha: head,
              head_branch: 'feature',
              conclusion: ended,
              html_url: `https://github.com/o/r/actions/runs/${id}`,
              head_repository: { full_name: 'o/r', owner: { login: 'o' } },
              pull_requests: [{ number: 7, base: { repo: { url: REPOSITORY.url } } }],
            },
          },
        });
      if (newer || earlier) {
        const failing = { verdict: 'fail' as const, checks: [FAILED] };
        this.#shards({ cpu: { runId: newer ? 56 : 54 } }, newer ? failing : {});
        await report(newer ? 56 : 54, 'success');
      }
      if (movedOn) github.pulls[0]!.head.sha = 'e'.repeat(40);
      this.#shards(shards);
      return await report(55, conclusion);
    });
  }

  #shards(shards: Record<string, object>, changes: Partial<Report> = {}): void {
    const folder = join(this.#action.workspace, 'reports');
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(this.#action.workspace, 'quantgate-out'), { recursive: true, force: true });
    for (const [name, source] of Object.entries(shards)) {
      const told = { repository: 'o/r', sha: 'a'.repeat(40), baseSha: null, pullRequest: 7, runUrl: null };
      const report = sampleReport({ ...changes, source: { ...told, runId: 55, runAttempt: 1, ...source } });
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'quantgate-report.json'), JSON.stringify(report));
    }
  }

  /** The second of two pushes to the default branch. */
  #history(name: string, prepare: (github: FakeGitHub) => void): Situation {
    return this.#situation(7, name, async (github, act) => {
      const push = (sha: string) =>
        act({
          event: 'push',
          inputs: { 'badge-branch': 'data' },
          wholePayload: { repository: REPOSITORY },
          env: { GITHUB_SHA: sha.repeat(40), GITHUB_RUN_ID: `${Number.parseInt(sha, 16)}` },
        });
      await push('a');
      prepare(github);
      github.requests.length = 0;
      const result = await push('b');
      const lines = (github.files('data')['history.jsonl'] ?? '').trim().split('\n').length;
      const tries = github.requests.filter(({ method }) => method === 'PATCH').length;
      return {
        ...result,
        comment: `history: ${lines} of 2 runs; ${tries} ${tries === 1 ? 'attempt' : 'attempts'}`,
      };
    });
  }

  #situation(
    kind: Situation['kind'],
    name: string,
    run: (
      github: FakeGitHub,
      act: (run: Omit<InProcessRun, 'github'>) => Promise<InProcessResult>,
    ) => Promise<InProcessResult & { comment?: string }>,
  ): Situation {
    return {
      kind,
      name,
      run: async () => {
        const github = await new FakeGitHub().start();
        try {
          const act = (one: Omit<InProcessRun, 'github'>) =>
            this.#action.run(sampleReport(), { github, ...one });
          const result = await run(github, act);
          const [body] = github.commentsOn(7).map((one) => one.body);
          return {
            exit: String(result.exitCode),
            verdict: result.outputs.verdict ?? NONE,
            comment: result.comment ?? /^### (.*)$/m.exec(body ?? '')?.[1] ?? NONE,
            said: firstLine(result),
          };
        } finally {
          await github.stop();
        }
      },
    };
  }
}

function firstLine({ commands, stdout }: InProcessResult): string {
  const loud = commands.filter(({ name }) => name === 'error' || name === 'warning');
  const text =
    loud[0]?.message ?? stdout.split('\n').find((line) => line !== '' && !line.startsWith('::')) ?? '';
  return text.split('\n')[0]!.replaceAll(/\b[0-9a-f]{12,64}\b/g, 'ID') || NONE;
}
