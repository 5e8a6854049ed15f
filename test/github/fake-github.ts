/** A stateful stand-in for GitHub's API on localhost: comments, labels, git objects; refuses requests GitHub would refuse. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiDescription, type Operation } from './api-description.js';

export interface RecordedRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** `METHOD /repos/{owner}/…` of GitHub's description; null: GitHub has no such request. */
  operation: string | null;
  query: Record<string, string>;
  body: unknown;
  status: number | 'cut' | 'hang';
}

export interface Fault {
  /** Which requests: `METHOD /path/template`, as in `operation`. */
  operation: string;
  /** Answer; 'cut' closes the connection, 'hang' leaves it open and says nothing. */
  status: number | 'cut' | 'hang';
  headers?: Record<string, string>;
  message?: string;
  /** How many requests fail; default: all. */
  times?: number;
  /** Carries the request out before failing: the answer is lost, not the request. */
  afterEffect?: boolean;
}

export interface FakeComment {
  id: number;
  issue: number;
  body: string;
  author: string;
}

interface Reply {
  status: number;
  data?: unknown;
  headers?: Record<string, string>;
}

export class FakeGitHub {
  readonly requests: RecordedRequest[] = [];
  readonly comments: FakeComment[] = [];
  readonly faults: Fault[] = [];
  /** Requests that GitHub's published description doesn't allow. */
  readonly refused: string[] = [];
  /** Permission by login, for the waive label. */
  readonly permissions: Record<string, string> = {};
  timeline: object[] = [];
  pulls: {
    number: number;
    head: { sha: string; label: string; repo?: { full_name: string } | null };
    state: string;
    base?: object;
    labels?: object[];
  }[] = [];
  runs: Record<number, object> = {};
  readonly objects = new Map<string, { type: 'blob' | 'tree' | 'commit'; data: Record<string, unknown> }>();
  readonly refs = new Map<string, string>();
  /** Author of what is posted with the token. */
  viewer = 'github-actions[bot]';
  /** Base path of the API: '/api/v3' on Enterprise Server. */
  basePath = '';
  /** Listings of trees end after this many entries, and say so: GitHub's limits are 100,000 entries and 7 MB. */
  longestTree = Number.POSITIVE_INFINITY;
  /** Called before a ref is moved: a chance for a test to move it first. */
  beforeRefUpdate: (() => void) | null = null;
  /** Called at each request, before it is answered: with its operation, as in RecordedRequest. */
  onRequest: ((operation: string | null) => void) | null = null;
  #nextId = 1000;
  #server: Server | null = null;

  async start(): Promise<this> {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((ready) => this.#server!.listen(0, '127.0.0.1', ready));
    return this;
  }

  /** Throws when a request was made that GitHub's description doesn't allow: no test may rest on one. */
  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((done) => this.#server?.close(done));
    if (this.refused.length > 0) throw new Error(`GitHub would refuse: ${this.refused.join('; ')}`);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}${this.basePath}`;
  }

  /** Comments on one pull request, oldest first. */
  commentsOn(issue: number): FakeComment[] {
    return this.comments.filter((comment) => comment.issue === issue).sort((a, b) => a.id - b.id);
  }

  addComment(issue: number, body: string, author = this.viewer): FakeComment {
    const comment = { id: this.#nextId++, issue, body, author };
    this.comments.push(comment);
    return comment;
  }

  /** Files of a branch, by path. */
  files(branch: string): Record<string, string> {
    const commit = this.objects.get(this.refs.get(`heads/${branch}`) ?? '');
    const tree = this.objects.get(commit?.data.tree as string)?.data.files as
      | Record<string, string>
      | undefined;
    return Object.fromEntries(
      Object.entries(tree ?? {}).map(([path, sha]) => [path, this.objects.get(sha)!.data.content as string]),
    );
  }

  operations(): (string | null)[] {
    return this.requests.map((request) => request.operation);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://localhost');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString('utf8');
    const body = raw ? JSON.parse(raw) : null;
    // On Enterprise Server REST is below /api/v3 and GraphQL at /api/graphql.
    const path = url.pathname.endsWith('/graphql') ? '/graphql' : url.pathname.slice(this.basePath.length);
    const query = Object.fromEntries(url.searchParams);
    const product = this.basePath === '' ? 'api.github.com' : 'ghes-3.17';
    const operation = apiDescription(product).find(request.method!, path);
    const problem = this.#problem(operation, { path, query, body });
    if (problem) this.refused.push(`${request.method} ${path}: ${problem}`);
    const name = path === '/graphql' ? 'POST /graphql' : (operation?.name ?? null);
    this.onRequest?.(name);
    const fault = this.faults.find((one) => one.operation === name && (one.times ?? 1) > 0);
    if (fault?.times !== undefined) fault.times--;
    let reply: Reply | null = null;
    if (!fault || fault.afterEffect) reply = this.#reply(operation, { path, query, body, problem });
    if (fault) {
      reply = {
        status: typeof fault.status === 'number' ? fault.status : 0,
        data: { message: fault.message ?? 'injected fault' },
        ...(fault.headers ? { headers: fault.headers } : {}),
      };
    }
    const status = typeof fault?.status === 'string' ? fault.status : reply!.status;
    this.requests.push({ method: request.method!, path, operation: name, query, body, status });
    if (status === 'cut') request.socket.destroy();
    if (typeof status === 'string') return;
    response.writeHead(reply!.status, { 'content-type': 'application/json', ...reply!.headers });
    response.end(reply!.data === undefined ? undefined : JSON.stringify(reply!.data));
  }

  #problem(
    operation: Operation | null,
    { path, query, body }: { path: string; query: Record<string, string>; body: unknown },
  ): string | null {
    if (path === '/graphql') return null;
    return operation ? operation.problem(query, body) : 'no such request';
  }

  #reply(
    operation: Operation | null,
    {
      path,
      query,
      body,
      problem,
    }: { path: string; query: Record<string, string>; body: unknown; problem: string | null },
  ): Reply {
    if (path === '/graphql') return { status: 200, data: { data: { viewer: { login: this.viewer } } } };
    if (!operation) return { status: 404, data: { message: `No such request: ${path}` } };
    if (problem) return { status: 422, data: { message: `Validation Failed: ${problem}` } };
    return HANDLERS[operation.name]!.call(this, operation.parameters, query, (body ?? {}) as Body);
  }

  commentData(comment: FakeComment): object {
    return {
      id: comment.id,
      html_url: `https://github.com/o/r/pull/${comment.issue}#issuecomment-${comment.id}`,
      body: comment.body,
      user: { login: comment.author, type: comment.author.endsWith('[bot]') ? 'Bot' : 'User' },
    };
  }

  store(type: 'blob' | 'tree' | 'commit', data: Record<string, unknown>): string {
    const sha = createHash('sha1')
      .update(JSON.stringify([type, data]))
      .digest('hex');
    this.objects.set(sha, { type, data });
    return sha;
  }
}

type Body = Record<string, unknown>;
type Handler = (
  this: FakeGitHub,
  parameters: Record<string, string>,
  query: Record<string, string>,
  body: Body,
) => Reply;

const NOT_FOUND: Reply = { status: 404, data: { message: 'Not Found' } };

function page<T>(
  fake: FakeGitHub,
  path: string,
  all: T[],
  query: Record<string, string>,
): Reply & { data: T[] } {
  const size = Math.min(100, Number(query.per_page ?? 30));
  const number = Number(query.page ?? 1);
  const more = number * size < all.length;
  const next = `${fake.url}${path}?per_page=${size}&page=${number + 1}`;
  return {
    status: 200,
    data: all.slice((number - 1) * size, number * size),
    ...(more ? { headers: { link: `<${next}>; rel="next"` } } : {}),
  };
}

const REPO = '/repos/{owner}/{repo}';

const HANDLERS: Record<string, Handler> = {
  [`GET ${REPO}/issues/{issue_number}/comments`](at, query) {
    const path = `/repos/${at.owner}/${at.repo}/issues/${at.issue_number}/comments`;
    const reply = page(this, path, this.commentsOn(Number(at.issue_number)), query);
    return { ...reply, data: reply.data.map((comment) => this.commentData(comment)) };
  },
  [`POST ${REPO}/issues/{issue_number}/comments`](at, _query, body) {
    const text = String(body.body);
    if ([...text].length > 65_536) {
      return {
        status: 422,
        data: { message: 'Validation Failed: body is too long (maximum is 65536 characters)' },
      };
    }
    return { status: 201, data: this.commentData(this.addComment(Number(at.issue_number), text)) };
  },
  [`GET ${REPO}/issues/comments/{comment_id}`](at) {
    const comment = this.comments.find((one) => one.id === Number(at.comment_id));
    return comment ? { status: 200, data: this.commentData(comment) } : NOT_FOUND;
  },
  [`PATCH ${REPO}/issues/comments/{comment_id}`](at, _query, body) {
    const comment = this.comments.find((one) => one.id === Number(at.comment_id));
    if (!comment) return NOT_FOUND;
    comment.body = String(body.body);
    return { status: 200, data: this.commentData(comment) };
  },
  [`DELETE ${REPO}/issues/comments/{comment_id}`](at) {
    const index = this.comments.findIndex((one) => one.id === Number(at.comment_id));
    if (index < 0) return NOT_FOUND;
    this.comments.splice(index, 1);
    return { status: 204 };
  },
  [`GET ${REPO}/issues/{issue_number}/timeline`](at, query) {
    return page(
      this,
      `/repos/${at.owner}/${at.repo}/issues/${at.issue_number}/timeline`,
      this.timeline,
      query,
    );
  },
  [`GET ${REPO}/collaborators/{username}/permission`](at) {
    const permission = this.permissions[at.username!];
    return permission ? { status: 200, data: { permission, role_name: permission } } : NOT_FOUND;
  },
  [`GET ${REPO}/pulls`](at, query) {
    const found = this.pulls.filter(
      (pull) => (!query.head || pull.head.label === query.head) && (query.state ?? 'open') === pull.state,
    );
    return page(this, `/repos/${at.owner}/${at.repo}/pulls`, found, query);
  },
  [`GET ${REPO}/pulls/{pull_number}`](at) {
    const found = this.pulls.find((pull) => pull.number === Number(at.pull_number));
    return found ? { status: 200, data: found } : NOT_FOUND;
  },
  [`GET ${REPO}/actions/runs/{run_id}`](at) {
    const run = this.runs[Number(at.run_id)];
    return run ? { status: 200, data: run } : NOT_FOUND;
  },
  [`GET ${REPO}/actions/runs/{run_id}/jobs`]() {
    return { status: 200, data: { total_count: 0, jobs: [] } };
  },
  [`GET ${REPO}/git/ref/{ref}`](at) {
    const sha = this.refs.get(at.ref!);
    return sha
      ? { status: 200, data: { ref: `refs/${at.ref}`, object: { type: 'commit', sha } } }
      : NOT_FOUND;
  },
  [`POST ${REPO}/git/refs`](_at, _query, body) {
    const ref = String(body.ref).replace(/^refs\//, '');
    this.beforeRefUpdate?.();
    if (this.refs.has(ref)) return { status: 422, data: { message: 'Reference already exists' } };
    this.refs.set(ref, String(body.sha));
    return { status: 201, data: { ref: body.ref, object: { sha: body.sha } } };
  },
  [`PATCH ${REPO}/git/refs/{ref}`](at, _query, body) {
    this.beforeRefUpdate?.();
    const current = this.refs.get(at.ref!);
    if (!current) return { status: 422, data: { message: 'Reference does not exist' } };
    const parents = this.objects.get(String(body.sha))?.data.parents as string[];
    if (!body.force && body.sha !== current && !parents.includes(current)) {
      return { status: 422, data: { message: 'Update is not a fast forward' } };
    }
    this.refs.set(at.ref!, String(body.sha));
    return { status: 200, data: { ref: `refs/${at.ref}`, object: { sha: body.sha } } };
  },
  [`GET ${REPO}/git/commits/{commit_sha}`](at) {
    const commit = this.objects.get(at.commit_sha!);
    if (commit?.type !== 'commit') return NOT_FOUND;
    return { status: 200, data: { sha: at.commit_sha, tree: { sha: commit.data.tree } } };
  },
  [`POST ${REPO}/git/commits`](_at, _query, body) {
    const sha = this.store('commit', { tree: body.tree, parents: body.parents ?? [], message: body.message });
    return { status: 201, data: { sha } };
  },
  [`POST ${REPO}/git/trees`](_at, _query, body) {
    const base = this.objects.get(String(body.base_tree ?? ''))?.data.files as
      | Record<string, string>
      | undefined;
    const files: Record<string, string> = { ...base };
    for (const entry of body.tree as { path: string; sha?: string | null; content?: string }[]) {
      if (entry.sha === null) delete files[entry.path];
      else files[entry.path] = entry.sha ?? this.store('blob', { content: entry.content });
    }
    return { status: 201, data: { sha: this.store('tree', { files }) } };
  },
  [`POST ${REPO}/git/blobs`](_at, _query, body) {
    const content =
      body.encoding === 'base64' ? Buffer.from(String(body.content), 'base64').toString() : body.content;
    return { status: 201, data: { sha: this.store('blob', { content }) } };
  },
  [`GET ${REPO}/git/trees/{tree_sha}`](at) {
    const tree = this.objects.get(at.tree_sha!);
    if (tree?.type !== 'tree') return NOT_FOUND;
    const files = Object.entries(tree.data.files as Record<string, string>);
    return {
      status: 200,
      data: {
        sha: at.tree_sha,
        truncated: files.length > this.longestTree,
        tree: files
          .slice(0, this.longestTree)
          .map(([path, sha]) => ({ path, sha, type: 'blob', mode: '100644' })),
      },
    };
  },
  [`GET ${REPO}/contents/{path}`](at, query) {
    const commit = this.objects.get(query.ref ?? '');
    const files = this.objects.get(String(commit?.data.tree))?.data.files as
      | Record<string, string>
      | undefined;
    const sha = files?.[at.path!];
    if (sha) return { status: 200, data: { type: 'file', path: at.path, sha } };
    const inside = Object.keys(files ?? {}).filter((path) => path.startsWith(`${at.path}/`));
    if (inside.length === 0) return NOT_FOUND;
    return { status: 200, data: inside.map((path) => ({ type: 'file', path, sha: files![path] })) };
  },
  [`GET ${REPO}/git/blobs/{file_sha}`](at) {
    const blob = this.objects.get(at.file_sha!);
    if (blob?.type !== 'blob') return NOT_FOUND;
    const content = Buffer.from(String(blob.data.content)).toString('base64');
    return { status: 200, data: { sha: at.file_sha, encoding: 'base64', content } };
  },
};
