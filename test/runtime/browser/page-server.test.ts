import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { PageServer } from '../../../src/runtime/browser/page-server.js';
import { decode, encode } from '../../../src/runtime/browser/wire.js';
import { modelFolder } from '../models.js';

const folder = modelFolder();
afterAll(() => folder.remove());
const server = await PageServer.start();
afterAll(() => server.close());
const answered: unknown[] = [];
afterEach(() => answered.splice(0));

describe('what the page is served', () => {
  it('is on this machine only, below a path that differs every time', async () => {
    const other = await PageServer.start();
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/);
    expect(new URL(other.url).pathname).not.toBe(new URL(server.url).pathname);
    other.close();
  });

  it('is the files that were listed, under their names, and nothing beside them', async () => {
    const file = join(folder.path, 'listed.mjs');
    writeFileSync(file, 'listed');
    writeFileSync(join(folder.path, 'beside.mjs'), 'beside');
    const response = await fetch(server.url + server.list('some/name', file));
    expect(await response.text()).toBe('listed');
    expect(response.headers.get('content-type')).toBe('text/javascript');
    const { origin } = new URL(server.url);
    for (const url of [
      `${server.url}some/beside.mjs`,
      `${server.url}some/..%2f..%2fbeside.mjs`,
      server.url + file,
      `${origin}/some/name`,
      `${origin}/`,
    ]) {
      expect((await fetch(url)).status).toBe(404);
    }
    expect((await fetch(`${server.url}some/name`, { method: 'POST' })).status).toBe(404);
  });

  it('has the headers that isolate a page, without which WebAssembly has no threads', async () => {
    const { headers } = await fetch(server.url);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  });

  it('is one request after the other, each when the page has answered the last', async () => {
    const post = async (body?: Uint8Array<ArrayBuffer>) => {
      const response = await fetch(`${server.url}exchange`, { method: 'POST', body });
      return decode(new Uint8Array(await response.arrayBuffer()));
    };
    const first = post();
    const answer = server.ask({ question: 1 });
    expect(await first).toEqual({ question: 1 });
    const second = post(encode({ data: Float32Array.of(1, 2) }));
    expect(await answer).toEqual({ data: Float32Array.of(1, 2) });
    void server.ask('two');
    expect(await second).toBe('two');
  });
});
