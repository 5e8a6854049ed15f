/** What the page is served: a few listed files, and the requests it answers. On 127.0.0.1, at a port and below a path that nobody can guess. */
import { randomBytes } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { decode, encode } from './wire.js';

const HTML = `<!doctype html><meta charset="utf-8"><title>quantgate</title><link rel="icon" href="data:,"><script type="module" src="page.js"></script>`;

/** WebAssembly's threads need memory that pages share, which browsers give to isolated pages only (HTML, "cross-origin isolation"). */
const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Where the page sends its answer and gets the next request. */
const EXCHANGE = 'exchange';

export class PageServer {
  /** By path below the secret one. */
  private readonly files = new Map<string, string>();
  /** The page waits for a request. */
  private waiting: ServerResponse | null = null;
  private outgoing: Uint8Array | null = null;
  private answered: ((reply: unknown) => void) | null = null;

  private constructor(
    private readonly server: Server,
    private readonly secret: string,
  ) {
    server.on('request', (request, response) => {
      this.handle(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<PageServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new PageServer(server, randomBytes(16).toString('hex'));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${this.secret}/`;
  }

  /** Lists a file under `name`, which is where the page finds it. */
  list(name: string, file: string): string {
    this.files.set(name, file);
    return name;
  }

  /** Asks the page one thing; resolves with its answer. One at a time. */
  ask(request: unknown): Promise<unknown> {
    return new Promise((resolve) => {
      this.answered = resolve;
      this.outgoing = encode(request);
      this.deliver();
    });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent((request.url ?? '').split('?', 1)[0]!);
    const start = `/${this.secret}/`;
    const name = path.startsWith(start) ? path.slice(start.length) : null;
    for (const [key, value] of Object.entries(HEADERS)) response.setHeader(key, value);
    if (name === EXCHANGE && request.method === 'POST') return await this.exchange(request, response);
    if (name === '' && request.method === 'GET') {
      response.setHeader('content-type', 'text/html').end(HTML);
      return;
    }
    const file = name === null ? undefined : this.files.get(name);
    if (file === undefined || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
    response.setHeader('content-length', statSync(file).size);
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
  }

  private async exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    this.waiting = response;
    const body = Buffer.concat(parts);
    // The page's first: it has nothing to answer yet.
    if (body.length > 0) {
      const { answered } = this;
      this.answered = null;
      answered?.(decode(body));
    }
    this.deliver();
  }

  private deliver(): void {
    if (this.waiting === null || this.outgoing === null) return;
    this.waiting.end(this.outgoing);
    this.waiting = null;
    this.outgoing = null;
  }
}
