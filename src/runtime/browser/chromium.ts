/** One Chromium with a fresh profile, and one page in it. */
import type { Readable, Writable } from 'node:stream';
import { MachineError, messageOf } from '../../errors.js';
import { type ChildProcess, signalAll, startProgram } from '../../system/process/child-process.js';
import { DevTools } from './devtools.js';

export interface LaunchOptions {
  /** Path of the browser. */
  path: string;
  /** Empty folder for its profile; whoever made it removes it. */
  profile: string;
  webgpu: boolean;
  /** Told once: the page's process, or the whole browser, is gone. */
  onGone(how: { reason: string; outOfMemory: boolean }): void;
}

export interface Chromium {
  /** `Chrome/156.0.8078.108` */
  product: string;
  /** Opens a page. Throws MachineError. */
  open(url: string): Promise<void>;
  /** Ends it with all of its processes; resolves when they are gone. */
  kill(): Promise<void>;
}

/** Long enough for a machine that is busy. */
const START_DEADLINE_MS = 60_000;
const KILL_DEADLINE_MS = 2_000;
const STDERR_TAIL_BYTES = 8_192;

/** Chromium refuses to sandbox what runs as root. */
export const isSandboxed = (): boolean => process.getuid?.() !== 0;

/** Starts it without a window. Throws MachineError with its own words. */
export async function launchChromium(options: LaunchOptions): Promise<Chromium> {
  const child = startProgram(options.path, argumentsOf(options), {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-STDERR_TAIL_BYTES);
  });
  let page: unknown = null;
  const devtools = new DevTools(child.stdio[3] as Writable, child.stdio[4] as Readable, (method, params) => {
    if (method !== 'Target.targetCrashed' || params.targetId !== page) return;
    const { status, errorCode } = params as { status?: string; errorCode?: number };
    options.onGone({
      reason: `${status ?? 'crashed'}, code ${errorCode ?? '?'}`,
      outOfMemory: status === 'oom',
    });
  });
  const gone = endOf(child, devtools, (how) => endText(options.path, how, said));
  void gone.then((error) => options.onGone({ reason: error.message, outOfMemory: false }));
  const kill = async () => {
    signalAll(child, 'SIGKILL');
    await Promise.race([gone, after(KILL_DEADLINE_MS)]);
  };
  try {
    const { product } = await Promise.race([devtools.send('Browser.getVersion'), tooLate(options.path)]);
    await devtools.send('Target.setDiscoverTargets', { discover: true });
    return {
      product: String(product),
      async open(url) {
        ({ targetId: page } = await devtools.send('Target.createTarget', { url }));
      },
      kill,
    };
  } catch (error) {
    await kill();
    throw new MachineError('browser.not-started', messageOf(error));
  }
}

/** Resolves with what its end means when it has ended, or never began. */
function endOf(child: ChildProcess, devtools: DevTools, textOf: (how: string) => string): Promise<Error> {
  return new Promise((resolve) => {
    const end = (text: string) => {
      const error = new Error(text);
      devtools.fail(error);
      resolve(error);
    };
    child.on(
      'error',
      (error) => child.pid === undefined && end(`The browser could not be started: ${error.message}`),
    );
    child.on('close', (code, signal) => end(textOf(signal ?? `exit code ${code}`)));
  });
}

function endText(path: string, how: string, stderr: string): string {
  if (/No usable sandbox|sandbox_host_linux|SUID sandbox/i.test(stderr)) {
    return 'The browser can’t build its sandbox here, and quantgate starts none without it but as root. Allow user namespaces to this user (in containers and under AppArmor they may be off), or install the browser’s setuid sandbox.';
  }
  const last = stderr
    .split('\n')
    .filter((line) => line.trim() && !/dbus|unexpected operator/i.test(line))
    .slice(-6)
    .join('\n');
  return `The browser ${path} ended with ${how}.${last ? ` Last words:\n${last}` : ''}`;
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());

async function tooLate(path: string): Promise<never> {
  await after(START_DEADLINE_MS);
  throw new Error(
    `${path} does not answer ${START_DEADLINE_MS / 1000} s after its start. Is it Chromium or Chrome, and can it run without a window (--headless=new)?`,
  );
}

function argumentsOf({ profile, webgpu }: LaunchOptions): string[] {
  return [
    '--headless=new',
    '--remote-debugging-pipe',
    `--user-data-dir=${profile}`,
    ...(isSandboxed() ? [] : ['--no-sandbox']),
    // Nothing but the page: no first steps, no updates, no traffic, no reports.
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-extensions',
    '--disable-default-apps',
    '--disable-sync',
    '--disable-component-update',
    '--disable-background-networking',
    '--disable-domain-reliability',
    '--disable-breakpad',
    '--disable-crash-reporter',
    '--password-store=basic',
    '--use-mock-keychain',
    // A page nobody looks at is timed as one that somebody looks at.
    '--disable-background-timer-throttling',
    '--disable-renderer-backgrounding',
    '--disable-backgrounding-occluded-windows',
    // Containers give /dev/shm 64 MB.
    '--disable-dev-shm-usage',
    // On Linux, WebGPU is behind this switch; without a GPU it brings SwiftShader.
    ...(webgpu ? ['--enable-unsafe-webgpu'] : ['--disable-gpu']),
    'about:blank',
  ];
}
