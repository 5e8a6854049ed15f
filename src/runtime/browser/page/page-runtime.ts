/** onnxruntime-web in a page: started once, with what the provider needs. */
import type { InferenceSession } from 'onnxruntime-node';
import { MachineError, messageOf } from '../../../errors.js';
import type { Session } from '../../runtime.js';
import { type OnnxRuntimeModule, wrapSession } from '../../session.js';
import { inWords, textOf } from '../../wasm/failure-text.js';
import { watchMemory } from '../../wasm/watch-memory.js';
import { requireThreads, type WorkerHolder, watchThreads } from '../../wasm/watch-threads.js';
import type { OpenInPage, StartedPage, StartPage } from '../page-messages.js';
import type { WebPage } from './web-page.js';

/** ONNX Runtime refused the model; its words say why. */
export class OpenFailure extends Error {}

export interface PageSession extends Session {
  /** Ends profiling; the profile as ONNX Runtime wrote it (JSON text). */
  profileText(): string;
}

export interface PageRuntime {
  readonly started: StartedPage;
  /** Throws OpenFailure. */
  open(request: OpenInPage): Promise<PageSession>;
  heapBytes(): number;
}

/** ONNX Runtime's severity (OrtLoggingLevel). */
const LOG_ERROR = 3;

/** Loads onnxruntime-web and starts its WebAssembly. Throws MachineError for a page or browser that can't. */
export async function startPageRuntime(request: StartPage, page: WebPage): Promise<PageRuntime> {
  const { provider } = request;
  requireIsolation(page);
  const adapter = provider === 'webgpu' ? await requireAdapter(page) : null;
  const memory = watchMemory();
  const working = watchThreads(globalThis as unknown as WorkerHolder);
  const printed = captureConsole();
  const ort = await loaded(request);
  requireThreads(request.threads, working.count(), page.navigator.userAgent);
  return {
    started: { version: ort.env.versions.web ?? ort.env.versions.common, threads: working.count(), adapter },
    heapBytes: memory.bytes,
    async open({ model, externalData, ...options }) {
      let session: InferenceSession;
      try {
        const given = {
          ...sessionOptions(provider, options),
          ...(externalData.length > 0 ? { externalData } : {}),
        };
        session =
          typeof model === 'string'
            ? await ort.InferenceSession.create(model, given)
            : await ort.InferenceSession.create(model, given);
      } catch (error) {
        throw new OpenFailure(textOf(error));
      }
      return {
        ...inWords(wrapSession(ort, session)),
        // Without files to write, ONNX Runtime prints its profile.
        profileText: () => printed.by(() => session.endProfiling()),
      };
    },
  };
}

async function loaded({
  module,
  wasmPaths,
  provider,
  threads,
  smallest,
}: StartPage): Promise<OnnxRuntimeModule> {
  try {
    const ort = (await import(module)) as OnnxRuntimeModule;
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.wasmPaths = wasmPaths;
    ort.env.logLevel = 'error';
    // It starts with its first session: compiling WebAssembly is no part of opening a model.
    const options = sessionOptions(provider, { graphOptimizationLevel: 'all', profile: false });
    await (await ort.InferenceSession.create(smallest, options)).release();
    return ort;
  } catch (error) {
    throw new MachineError(
      'runtime.not-loaded',
      `ONNX Runtime for the web could not be loaded in the page: ${messageOf(error)}`,
    );
  }
}

function sessionOptions(
  provider: string,
  { graphOptimizationLevel, profile }: Pick<OpenInPage, 'graphOptimizationLevel' | 'profile'>,
): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    graphOptimizationLevel,
    executionMode: 'sequential',
    enableProfiling: profile,
    logSeverityLevel: LOG_ERROR,
  };
}

/** Throws MachineError for a page that has no threads and only a coarse clock. */
export function requireIsolation(page: WebPage): void {
  if (page.crossOriginIsolated) return;
  throw new MachineError(
    'browser.page',
    `The page is not cross-origin isolated in this browser (${page.navigator.userAgent}), although it was served with the headers for it: WebAssembly has no threads there, and the clock is coarse. Use Chromium or Chrome 92 or newer.`,
  );
}

/** Throws MachineError for a browser without WebGPU, and for one that finds no adapter. */
export async function requireAdapter(page: WebPage): Promise<NonNullable<StartedPage['adapter']>> {
  const { gpu, userAgent } = page.navigator;
  if (!gpu) {
    throw new MachineError(
      'browser.page',
      `This browser has no WebGPU (${userAgent}). Use Chromium or Chrome 113 or newer.`,
    );
  }
  const adapter = await gpu.requestAdapter();
  if (!adapter) {
    throw new MachineError(
      'browser.page',
      'The browser has WebGPU but finds no adapter: neither a GPU with a Vulkan, Metal or Direct3D driver, nor SwiftShader. chrome://gpu in the same browser says why.',
    );
  }
  const { vendor, architecture, device, description, isFallbackAdapter = false } = adapter.info;
  const name = [vendor, architecture, device, description].filter(Boolean).join(' ');
  return {
    name: name || 'not told by the browser',
    software: isFallbackAdapter || /swiftshader|llvmpipe/i.test(name),
    float16: adapter.features.has('shader-f16'),
  };
}

/** What is printed on the console while `by` works, instead of there. Emscripten takes console.log as it finds it when it is loaded. */
function captureConsole(): { by(work: () => void): string } {
  const original = console.log;
  let lines: string[] | null = null;
  console.log = (...words: unknown[]) => {
    if (lines === null) original(...words);
    else lines.push(words.join(' '));
  };
  return {
    by(work) {
      lines = [];
      try {
        work();
        return lines.join('\n');
      } finally {
        lines = null;
      }
    },
  };
}
