/** The page's side: one session, requests answered strictly one after another, as a worker answers them. */
import { MachineError, messageOf, UserError } from '../../../errors.js';
import type { PreparedRun } from '../../runtime.js';
import type { CallKind, Calls } from '../../worker/protocol.js';
import { timeBlock, warmUp } from '../../worker/timing.js';
import type { OpenInPage, PageFailure, PageReply, StartPage } from '../page-messages.js';
import { decode, encode } from '../wire.js';
import { OpenFailure, type PageRuntime, type PageSession, startPageRuntime } from './page-runtime.js';
import type { WebPage } from './web-page.js';

/** A request as it comes: a worker's, or one of the page's own. */
type PageRequest =
  | { kind: 'start'; body: StartPage }
  | { kind: 'open'; body: OpenInPage }
  | { [K in Exclude<CallKind, 'open' | 'runStored'>]: { kind: K; body: Calls[K]['request'] } }[Exclude<
      CallKind,
      'open' | 'runStored'
    >];

/** Asks for requests and answers them until the server is gone. */
export async function serveRequests(page: WebPage): Promise<void> {
  const host = new PageWorker(page);
  let reply: Uint8Array<ArrayBuffer> | null = null;
  for (;;) {
    const response = await fetch('exchange', { method: 'POST', body: reply });
    const request = decode(new Uint8Array(await response.arrayBuffer())) as PageRequest;
    reply = encode(await host.answer(request));
  }
}

class PageWorker {
  private runtime: PageRuntime | null = null;
  private session: PageSession | null = null;
  private prepared: PreparedRun | null = null;

  constructor(private readonly page: WebPage) {}

  async answer(request: PageRequest): Promise<PageReply> {
    try {
      return { ok: true, body: await this.call(request) };
    } catch (error) {
      return { ok: false, error: failureOf(error) };
    }
  }

  private async call(request: PageRequest): Promise<unknown> {
    switch (request.kind) {
      case 'start':
        this.runtime = await startPageRuntime(request.body, this.page);
        return this.runtime.started;
      case 'open':
        return await this.open(request.body);
      case 'feeds':
        this.prepared = this.session!.prepare(request.body.feeds);
        return null;
      case 'warmUp':
        return await warmUp(this.prepared!, request.body, now);
      case 'block':
        return await timeBlock(this.prepared!, request.body, now);
      case 'run':
        return await this.run(request.body);
      case 'memory': {
        const memory: Calls['memory']['reply'] = {
          peakBytes: this.runtime!.heapBytes(),
          anonymousBytes: 0,
          fileBytes: 0,
        };
        return memory;
      }
      case 'profile':
        // It can't write the graph that it runs.
        return { json: this.session!.profileText(), graph: null };
      case 'close':
        await this.session?.release();
        this.session = null;
        return null;
    }
  }

  private async open(request: OpenInPage): Promise<Omit<Calls['open']['reply'], 'onnxruntime'>> {
    const start = performance.now();
    this.session = await this.runtime!.open(request);
    const loadMs = performance.now() - start;
    return { loadMs, inputs: this.session.inputs, outputs: this.session.outputs };
  }

  private async run({ feeds, outputs }: Calls['run']['request']): Promise<Calls['run']['reply']> {
    const start = performance.now();
    const computed = await this.session!.run(feeds, outputs ?? undefined);
    return { outputs: computed, runMs: performance.now() - start };
  }
}

/** In nanoseconds; in steps of 5 µs, as isolated pages have it (High Resolution Time). */
function now(): bigint {
  return BigInt(Math.round(performance.now() * 1e6));
}

function failureOf(error: unknown): PageFailure {
  if (error instanceof UserError) return { kind: 'user', code: error.code, message: error.message };
  if (error instanceof MachineError) return { kind: 'machine', code: error.code, message: error.message };
  return { kind: error instanceof OpenFailure ? 'open' : 'bug', message: messageOf(error) };
}
