/** A page in a headless Chromium, spoken to through its DevTools pipe. Found by `QUANTGATE_CHROMIUM`, else on PATH. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Path of the program; null: there is none. */
export function findChromium(): string | null {
  const named = process.env.QUANTGATE_CHROMIUM;
  if (named) return existsSync(named) ? named : null;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync) ?? null;
}

export interface View {
  /** CSS pixels. */
  width: number;
  scheme?: 'light' | 'dark';
  media?: 'screen' | 'print';
  /** Whether the page's own scripts run. Default: they do. */
  scripts?: 'on' | 'off';
}

interface Answer {
  id?: number;
  method?: string;
  error?: { message: string };
  result?: Record<string, unknown>;
}

export class Browser {
  #child: ChildProcess;
  #folder: string;
  #input: Writable;
  #rest = '';
  #last = 0;
  #pending = new Map<number, (answer: Answer) => void>();
  #waiting = new Map<string, () => void>();
  #session: string | undefined;

  private constructor(program: string) {
    this.#folder = mkdtempSync(join(tmpdir(), 'quantgate-chromium-'));
    const options = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--hide-scrollbars',
      '--remote-debugging-pipe',
      `--user-data-dir=${join(this.#folder, 'profile')}`,
      'about:blank',
    ];
    this.#child = spawn(program, options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.#input = this.#child.stdio[3] as Writable;
    (this.#child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => this.#read(text));
  }

  static async start(program: string): Promise<Browser> {
    const browser = new Browser(program);
    const { targetId } = await browser.#send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await browser.#send('Target.attachToTarget', { targetId, flatten: true });
    browser.#session = sessionId as string;
    await browser.#send('Page.enable');
    return browser;
  }

  /** Shows a page of this text; `hash`: the part of its address from # on. */
  async show(html: string, view: View, hash = ''): Promise<void> {
    const { width, scheme = 'light', media = 'screen', scripts = 'on' } = view;
    const file = join(this.#folder, 'page.html');
    writeFileSync(file, html);
    await this.scripts(scripts);
    await this.#send('Emulation.setDeviceMetricsOverride', {
      width,
      height: 900,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await this.#send('Emulation.setEmulatedMedia', {
      media,
      features: [{ name: 'prefers-color-scheme', value: scheme }],
    });
    await this.#navigate('about:blank');
    await this.#navigate(pathToFileURL(file).href + hash);
  }

  /** Whether scripts run from now on: the page's, and what is evaluated in it. */
  async scripts(state: 'on' | 'off'): Promise<void> {
    await this.#send('Emulation.setScriptExecutionDisabled', { value: state === 'off' });
  }

  /** The value of an expression in the page, promises awaited. */
  async evaluate<T>(expression: string): Promise<T> {
    const answer = await this.#send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (answer.exceptionDetails)
      throw new Error(`in the page: ${JSON.stringify(answer.exceptionDetails).slice(0, 2_000)}`);
    return (answer.result as { value: T }).value;
  }

  /** A picture of the whole page as PNG. */
  async picture(): Promise<Buffer> {
    const { data } = await this.#send('Page.captureScreenshot', { captureBeyondViewport: true });
    return Buffer.from(data as string, 'base64');
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill();
    await closed;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20 });
  }

  async #navigate(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => this.#waiting.set('Page.loadEventFired', resolve));
    await this.#send('Page.navigate', { url });
    await loaded;
  }

  #send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#last;
    this.#input.write(`${JSON.stringify({ id, method, params, sessionId: this.#session })}\0`);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, ({ error, result }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result ?? {}),
      );
    });
  }

  #read(text: string): void {
    const messages = (this.#rest + text).split('\0');
    this.#rest = messages.pop()!;
    for (const message of messages) {
      const answer = JSON.parse(message) as Answer;
      if (answer.id !== undefined) {
        this.#pending.get(answer.id)?.(answer);
        this.#pending.delete(answer.id);
      } else if (answer.method !== undefined) {
        this.#waiting.get(answer.method)?.();
        this.#waiting.delete(answer.method);
      }
    }
  }
}
