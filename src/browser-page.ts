/** The script of the page in which the providers 'browser-wasm' and 'browser-webgpu' run: it answers what src/worker.ts answers. */
import { serveRequests } from './runtime/browser/page/answer.js';
import type { WebPage } from './runtime/browser/page/web-page.js';

await serveRequests(globalThis as unknown as WebPage);
