/** A page in a headless Chromium, found and spoken to as the product does it (`QUANTGATE_BROWSER`, else PATH). */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { isSandboxed } from '../../../src/runtime/browser/chromium.js';
import { DevTools } from '../../../src/runtime/browser/devtools.js';

export interface View {
  /** CSS pixels. */
  width: number;
  scheme?: 'light' | 'dark';
  media?: 'screen' | 'print';
  /** Whether the page's own scripts run. Default: they do. */
  scripts?: 'on' | 'off';
}

export class Browser {
  #child: ChildProcess;
  #folder: string;
  #devtools: DevTools;
  #waiting = new Map<string, () => void>();
  #session: string | undefined;

  private constructor(program: string) {
    this.#folder = mkdtempSync(join(tmpdir(), 'quantgate-chromium-'));
    const options = [
      '--headless=new',
      ...(isSandboxed() ? [] : ['--no-sandbox']),
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--hide-scrollbars',
      '--remote-debugging-pipe',
      `--user-data-dir=${join(this.#folder, 'profile')}`,
      'about:blank',
    ];
    this.#child = spawn(program, options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    const [to, from] = [this.#child.stdio[3] as Writable, this.#child.stdio[4] as Readable];
    this.#devtools = new DevTools(to, from, (method) => {
      this.#waiting.get(method)?.();
      this.#waiting.delete(method);
    });
    this.#child.once('exit', () => this.#devtools.fail(new Error('the browser has ended')));
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
    try {
      rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20 });
    } catch {
      // A process of the browser still writes into its profile: the tests' scratch folder goes as a whole at the end.
    }
  }

  async #navigate(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => this.#waiting.set('Page.loadEventFired', resolve));
    await this.#send('Page.navigate', { url });
    await loaded;
  }

  #send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return this.#devtools.send(method, params, this.#session ? { session: this.#session } : {});
  }
}
