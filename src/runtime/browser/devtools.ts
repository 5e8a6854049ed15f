/** The Chrome DevTools Protocol over a pair of pipes: commands with their answers, and events. JSON messages, each ended by a zero byte
 *  (Chromium's `--remote-debugging-pipe`). Pipes, so that no other process can talk to the browser, and it ends when we do. */
import type { Readable, Writable } from 'node:stream';

export type DevToolsEvent = (method: string, params: Record<string, unknown>) => void;

interface Waiting {
  resolve(result: Record<string, unknown>): void;
  reject(error: Error): void;
}

interface Message {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

export class DevTools {
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private unread = '';
  private failure: Error | null = null;

  constructor(
    private readonly to: Writable,
    from: Readable,
    private readonly onEvent: DevToolsEvent,
  ) {
    from.setEncoding('utf8').on('data', (text: string) => this.read(text));
    // A browser that is gone: whoever started it says so with `fail`.
    for (const stream of [to, from]) stream.on('error', () => {});
  }

  /** Sends a command. Rejects with the browser's own words, and with what `fail` was given.
   *  @param options.session of a target it was attached to; default: the browser itself. */
  send(
    method: string,
    params: Record<string, unknown> = {},
    { session }: { session?: string } = {},
  ): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      const id = this.nextId++;
      this.waiting.set(id, { resolve, reject });
      this.to.write(
        `${JSON.stringify({ id, method, params, ...(session ? { sessionId: session } : {}) })}\0`,
      );
    });
  }

  /** No answer will come any more. */
  fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(this.failure);
    this.waiting.clear();
  }

  private read(text: string): void {
    const messages = (this.unread + text).split('\0');
    this.unread = messages.pop()!;
    for (const message of messages) this.receive(JSON.parse(message) as Message);
  }

  private receive({ id, method, params, result, error }: Message): void {
    if (id === undefined) {
      if (method) this.onEvent(method, params ?? {});
      return;
    }
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result ?? {});
  }
}
