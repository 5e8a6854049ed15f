/** A page of a browser with onnxruntime-web in it, as a worker holds it: it starts both, asks, and tells what went wrong. */
import { dirname, join } from 'node:path';
import { MachineError, UserError } from '../../errors.js';
import { oneNodeModel } from '../../onnx/file/one-node.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import { externalLocations } from '../../onnx/file/weights.js';
import { externalPath } from '../../onnx/tensor/external-data.js';
import { bundledFile } from '../../system/process/bundled-file.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import type { BrowserOfRun } from '../../terms/browser.js';
import { openError } from '../onnxruntime.js';
import type { SessionOptions } from '../runtime.js';
import { type Chromium, isSandboxed, launchChromium } from './chromium.js';
import type { OpenInPage, PageReply, StartedPage, StartPage } from './page-messages.js';
import { PageServer } from './page-server.js';
import { TabGone } from './tab-gone.js';

export interface TabOptions {
  provider: string;
  threads: number;
  /** Directory of the onnxruntime-web package, and the files of it that the page needs: the module first, then what it loads. */
  web: { directory: string; files: readonly string[] };
  /** Path of the browser. */
  path: string;
  /** Empty folder for its profile. */
  profile: string;
}

export interface TabOpenReply {
  loadMs: number;
  inputs: readonly ValueMeta[];
  outputs: readonly ValueMeta[];
}

/** The page loads a script of a few kilobytes: one that hasn't asked for work by then never will. */
const PAGE_DEADLINE_MS = 60_000;

export class BrowserTab {
  private chromium: Chromium | null = null;
  private startedPage: StartedPage | null = null;
  /** Models so far: each has a name of its own in the page. */
  private served = 0;
  private readonly gone: Promise<never>;
  private leave!: (error: TabGone) => void;

  private constructor(
    private readonly server: PageServer,
    private readonly options: TabOptions,
  ) {
    this.gone = new Promise((_, reject) => {
      this.leave = reject;
    });
    // Whoever asks next is told.
    this.gone.catch(() => {});
  }

  /** Starts the browser, and onnxruntime-web in its page. Throws MachineError. */
  static async start(options: TabOptions): Promise<BrowserTab> {
    const tab = new BrowserTab(await PageServer.start(), options);
    try {
      await tab.launch();
      return tab;
    } catch (error) {
      await tab.close();
      throw error instanceof TabGone ? new MachineError('browser.not-started', error.message) : error;
    }
  }

  get facts(): Omit<BrowserOfRun, 'provider'> {
    const { product } = this.chromium!;
    return { product, sandboxed: isSandboxed(), adapter: this.startedPage!.adapter };
  }

  /** onnxruntime-web's version. */
  get version(): string {
    return this.startedPage!.version;
  }

  /** Threads that onnxruntime-web works with, counted in the page. */
  get threads(): number {
    return this.startedPage!.threads;
  }

  /** Opens a model by path (external data is found beside it) or from bytes.
   *  @throws UserError for a model that the build refuses, MachineError where its heap is full, TabGone. */
  async open(
    model: string | Uint8Array,
    options: SessionOptions & { profile: boolean },
  ): Promise<TabOpenReply> {
    const name = typeof model === 'string' ? model : 'the model';
    const request: OpenInPage = {
      ...this.listed(model),
      graphOptimizationLevel: options.graphOptimizationLevel ?? 'all',
      profile: options.profile,
    };
    const reply = await this.ask({ kind: 'open', body: request });
    if (!reply.ok && reply.error.kind === 'open') {
      const { provider, web } = this.options;
      throw openError(reply.error.message, { model: name, provider, directory: web.directory });
    }
    return bodyOf(reply) as TabOpenReply;
  }

  /** Asks what a worker is asked (runtime/worker/protocol.ts). Throws what the page's answer says, and TabGone. */
  async call(kind: string, body: unknown): Promise<unknown> {
    return bodyOf(await this.ask({ kind, body }));
  }

  async close(): Promise<void> {
    this.server.close();
    await this.chromium?.kill();
  }

  private async launch(): Promise<void> {
    const { provider, threads, web, path, profile } = this.options;
    this.chromium = await launchChromium({
      path,
      profile,
      webgpu: provider === 'browser-webgpu',
      onGone: ({ reason, outOfMemory }) =>
        this.leave(new TabGone(`the browser's page crashed (${reason})`, outOfMemory)),
    });
    this.server.list('page.js', bundledFile('browser-page.js'));
    const urls = web.files.map(
      (name) => this.server.url + this.server.list(`ort/${name}`, join(web.directory, 'dist', name)),
    );
    const [module, mjs, wasm] = urls as [string, string, string];
    await this.chromium.open(this.server.url);
    const start: StartPage = {
      module,
      wasmPaths: { mjs, wasm },
      provider: provider === 'browser-webgpu' ? 'webgpu' : 'wasm',
      threads,
      smallest: oneNodeModel('Relu'),
    };
    const answer = this.ask({ kind: 'start', body: start });
    this.startedPage = bodyOf(await Promise.race([answer, unanswered(path)])) as StartedPage;
  }

  private async ask(request: { kind: string; body: unknown }): Promise<PageReply> {
    return (await Promise.race([this.server.ask(request), this.gone])) as PageReply;
  }

  /** The model as the page finds it: its files are listed, and nothing beside them. */
  private listed(model: string | Uint8Array): Pick<OpenInPage, 'model' | 'externalData'> {
    if (typeof model !== 'string') return { model, externalData: [] };
    const list = (file: string) => this.server.url + this.server.list(`model/${this.served++}`, file);
    const externalData = externalLocations(readModelOutline(model).proto).map((location) => ({
      path: location,
      data: list(externalPath(location, dirname(model))),
    }));
    return { model: list(model), externalData };
  }
}

function bodyOf(reply: PageReply): unknown {
  if (reply.ok) return reply.body;
  const { error } = reply;
  if (error.kind === 'user') throw new UserError(error.code, error.message);
  if (error.kind === 'machine') throw new MachineError(error.code, error.message);
  throw new Error(error.message);
}

async function unanswered(path: string): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, PAGE_DEADLINE_MS).unref());
  throw new MachineError(
    'browser.page',
    `The page that ${path} was told to open asks for nothing after ${PAGE_DEADLINE_MS / 1000} s: a policy or an extension of this browser may keep it from http://127.0.0.1.`,
  );
}
