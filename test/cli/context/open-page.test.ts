import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findOpener, openPage } from '../../../src/cli/context/open-page.js';

const folder = mkdtempSync(join(tmpdir(), 'quantgate-open-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('--open', () => {
  it('takes what the system opens files with', () => {
    const program = join(folder, 'xdg-open');
    writeFileSync(program, '#!/bin/sh\n');
    chmodSync(program, 0o755);
    expect(findOpener('linux', { PATH: `/nowhere:${folder}` })).toEqual({ program: 'xdg-open', args: [] });
    expect(findOpener('darwin', {})).toEqual({ program: 'open', args: [] });
    expect(findOpener('win32', {})).toMatchObject({ program: 'rundll32' });
  });

  it('is refused in CI, where nobody would see the page', () => {
    expect(() => findOpener('darwin', { CI: 'true' })).toThrow(/no use in CI/);
    expect(findOpener('darwin', { CI: 'false' }).program).toBe('open');
  });

  it('is refused where there is no opener', () => {
    expect(() => findOpener('linux', { PATH: '/nowhere' })).toThrow(/needs xdg-open or wslview/);
  });

  it('warns of an opener that does not start, and fails nothing', async () => {
    const warnings: string[] = [];
    const log = { warn: (message: string) => void warnings.push(message) };
    await openPage('/report.html', { program: join(folder, 'gone'), args: [] }, log);
    expect(warnings).toEqual([expect.stringMatching(/^\/report\.html could not be opened: .*ENOENT/)]);
    await openPage('/report.html', { program: process.execPath, args: ['--version'] }, log);
    expect(warnings).toHaveLength(1);
  });
});
