import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { safeHome } from '../../../src/github/base/safe-home.js';

let home: string;
let safe: string;
const setting = (name: string) =>
  execFileSync('git', ['config', '--get-all', name], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: safe },
  })
    .trim()
    .split('\n');

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'quantgate-home-')));
  mkdirSync(join(home, '.config/git'), { recursive: true });
  writeFileSync(
    join(home, '.gitconfig'),
    '[http]\n\tproxy = http://proxy.example\n[include]\n\tpath = ~/.gitconfig.local\n',
  );
  writeFileSync(join(home, '.gitconfig.local'), '[user]\n\tname = local\n');
  writeFileSync(join(home, '.config/git/config'), '[user]\n\temail = me@example.com\n');
  writeFileSync(join(home, '.netrc'), 'machine example.com login me password secret\n');
  vi.stubEnv('HOME', home);
  safe = safeHome('/srv/a "quoted" \\ folder/repo');
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const one of [home, safe]) rmSync(one, { recursive: true, force: true });
});

describe('the home for a git that ignores -c safe.directory', () => {
  it('says that the work tree is safe, by its path and by any', () => {
    expect(setting('safe.directory')).toEqual(
      expect.arrayContaining(['/srv/a "quoted" \\ folder/repo', '/srv/a "quoted" \\ folder', '*']),
    );
  });

  it("includes the user's settings, wherever they lie", () => {
    expect(setting('http.proxy')).toEqual(['http://proxy.example']);
    expect(setting('user.name')).toEqual(['local']);
    expect(setting('user.email')).toEqual(['me@example.com']);
  });

  it('has what git and its helpers look for beside them', () => {
    expect(readFileSync(join(safe, '.netrc'), 'utf8')).toContain('example.com');
  });

  it('leaves the home as it was', () => {
    expect(readFileSync(join(home, '.gitconfig'), 'utf8')).not.toContain('safe');
  });
});
