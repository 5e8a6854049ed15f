/** The worker's side of the protocol: one session, requests answered strictly one after another. */
import { MachineError, messageOf, UserError } from '../../errors.js';
import type { Feeds } from '../../tensor/tensor.js';
import { inBrowser } from '../../terms/provider.js';
import type { BrowserTab } from '../browser/browser-tab.js';
import { TabGone } from '../browser/tab-gone.js';
import { openProfiledIn } from '../profile-file.js';
import type { PreparedRun, Session, SessionOptions } from '../runtime.js';
import type { WasmRuntime } from '../wasm/wasm-runtime.js';
import { FeedsReader } from './feeds-file.js';
import { readProcessMemory } from './process-memory.js';
import type { CallKind, Calls, OpenRequest, Reply, ReplyFailure, Request } from './protocol.js';
import { timeBlock, warmUp } from './timing.js';

/** Answers requests from the parent until `close`, or until the parent is gone. */
export function serveWorker(): void {
  if (!process.send) {
    process.stderr.write('quantgate worker: started by hand; it is started by quantgate itself.\n');
    process.exit(2);
  }
  // Ctrl-C reaches the whole process group; the parent decides when its workers end.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));
  // A browser that it started ends with it (system/process/child-process.ts).
  process.on('SIGTERM', () => process.exit(143));
  const worker = new Worker();
  let queue = Promise.resolve();
  process.on('message', (request: Request) => {
    queue = queue.then(async () => {
      const reply = await worker.answer(request);
      process.send?.(reply, undefined, undefined, () => {
        if (request.kind === 'close') process.disconnect?.();
      });
    });
  });
}

class Worker {
  private session: Session | null = null;
  private prepared: PreparedRun | null = null;
  private endProfile: (() => Calls['profile']['reply']) | null = null;
  private wasm: WasmRuntime | null = null;
  private tab: BrowserTab | null = null;
  private readonly reader = new FeedsReader();

  async answer(request: Request): Promise<Reply> {
    try {
      return { id: request.id, ok: true, body: await this.call(request) };
    } catch (error) {
      return { id: request.id, ok: false, error: failureOf(error) };
    }
  }

  private call(request: Request): Promise<Calls[CallKind]['reply']> | Calls[CallKind]['reply'] {
    if (this.tab && request.kind !== 'open') return this.inTab(this.tab, request);
    switch (request.kind) {
      case 'open':
        return this.open(request.body);
      case 'feeds':
        this.prepared = this.opened().prepare(request.body.feeds);
        return null;
      case 'warmUp':
        return warmUp(this.ready(), request.body);
      case 'block':
        return timeBlock(this.ready(), request.body);
      case 'run':
        return this.run(request.body);
      case 'runStored':
        return this.runStored(request.body);
      case 'memory':
        return this.memory();
      case 'profile':
        return this.readProfile();
      case 'close':
        return this.close();
    }
  }

  private async open(request: OpenRequest): Promise<Calls['open']['reply']> {
    // Opened again: one session at a time.
    if (this.tab) await this.tab.call('close', null);
    else await this.close();
    const provider = request.options.provider ?? 'cpu';
    if (inBrowser(provider)) return await this.openTab(request);
    return await (provider === 'wasm' ? this.openWasm(request) : this.openNative(request));
  }

  private async openNative(request: OpenRequest): Promise<Calls['open']['reply']> {
    // Loaded here, not at the top: a library that doesn't load is an answer, not a crash.
    const { loadRuntime } = await import('../load.js');
    const runtime = await loadRuntime({ path: request.runtimePath ?? undefined });
    const open = (more: SessionOptions) =>
      timed(() => runtime.open(request.model, { ...request.options, ...more }));
    const { session, loadMs, profile } = request.profileDirectory
      ? await openProfiledIn(request.profileDirectory, open)
      : { ...(await open({})), profile: null };
    this.session = session;
    this.endProfile =
      profile &&
      (() => {
        session.endProfiling();
        return { json: profile.read(), graph: profile.graph };
      });
    return { loadMs, inputs: session.inputs, outputs: session.outputs, onnxruntime: runtime.version };
  }

  private async openWasm({
    model,
    web,
    options,
    profileDirectory,
  }: OpenRequest): Promise<Calls['open']['reply']> {
    const { loadWasmRuntime } = await import('../wasm/wasm-runtime.js');
    this.wasm ??= await loadWasmRuntime(web!.directory, { threads: options.threads });
    const runtime = this.wasm;
    const { session, loadMs } = await timed(() =>
      runtime.open(model, { ...options, profile: profileDirectory !== null }),
    );
    this.session = session;
    // It can't write the graph that it runs.
    this.endProfile = profileDirectory === null ? null : () => ({ json: session.profileText(), graph: null });
    return {
      loadMs,
      inputs: session.inputs,
      outputs: session.outputs,
      onnxruntime: runtime.version,
      threads: runtime.threads,
    };
  }

  private async openTab(request: OpenRequest): Promise<Calls['open']['reply']> {
    const { model, web, options, browser, profileDirectory } = request;
    const { BrowserTab } = await import('../browser/browser-tab.js');
    this.tab ??= await BrowserTab.start({
      provider: options.provider!,
      threads: options.threads ?? 1,
      web: web!,
      ...browser!,
    });
    const opened = await this.tab.open(model, { ...options, profile: profileDirectory !== null });
    const { version, threads, facts } = this.tab;
    return { ...opened, onnxruntime: version, threads, browser: facts };
  }

  /** The page answers what this process answers otherwise; the file of inputs is read here. */
  private async inTab(tab: BrowserTab, request: Request): Promise<Calls[CallKind]['reply']> {
    if (request.kind === 'runStored') {
      const outputs: Feeds[] = [];
      for (const stored of request.body.feeds) {
        const body = { feeds: this.reader.read(stored), outputs: request.body.outputs };
        outputs.push(((await tab.call('run', body)) as Calls['run']['reply']).outputs);
      }
      return { outputs };
    }
    if (request.kind === 'close') {
      await tab.close();
      return null;
    }
    return (await tab.call(request.kind, request.body)) as Calls[CallKind]['reply'];
  }

  private memory(): Calls['memory']['reply'] {
    if (!this.wasm) return readProcessMemory();
    return { peakBytes: this.wasm.heapBytes(), anonymousBytes: 0, fileBytes: 0 };
  }

  private async run(request: Calls['run']['request']): Promise<Calls['run']['reply']> {
    const session = this.opened();
    const start = process.hrtime.bigint();
    const outputs = await session.run(request.feeds, request.outputs ?? undefined);
    return { outputs, runMs: Number(process.hrtime.bigint() - start) / 1e6 };
  }

  private async runStored(request: Calls['runStored']['request']): Promise<Calls['runStored']['reply']> {
    const session = this.opened();
    const outputs: Feeds[] = [];
    for (const stored of request.feeds) {
      outputs.push(await session.run(this.reader.read(stored), request.outputs));
    }
    return { outputs };
  }

  private readProfile(): Calls['profile']['reply'] {
    if (!this.endProfile) throw new Error('the session was opened without a profile');
    return this.endProfile();
  }

  private async close(): Promise<null> {
    await this.session?.release();
    this.session = null;
    return null;
  }

  private opened(): Session {
    if (!this.session) throw new Error('no session is open');
    return this.session;
  }

  private ready(): PreparedRun {
    if (!this.prepared) throw new Error('no feeds were given');
    return this.prepared;
  }
}

/** A session and how long opening it took. */
async function timed<Opened extends Session>(
  open: () => Promise<Opened>,
): Promise<{ session: Opened; loadMs: number }> {
  const start = process.hrtime.bigint();
  const session = await open();
  return { session, loadMs: Number(process.hrtime.bigint() - start) / 1e6 };
}

function failureOf(error: unknown): ReplyFailure {
  if (error instanceof TabGone) {
    return { kind: error.outOfMemory ? 'out-of-memory' : 'crashed', message: error.message };
  }
  if (error instanceof UserError) return { kind: 'user', code: error.code, message: error.message };
  if (error instanceof MachineError) return { kind: 'machine', code: error.code, message: error.message };
  return { kind: 'bug', message: messageOf(error) };
}
