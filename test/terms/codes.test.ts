import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { troubleshootingPage } from '../../scripts/troubleshooting.mjs';
import { explanationOf } from '../../src/cli/commands/explain.js';
import { errorCodeOf, Interrupted, MachineError, UserError } from '../../src/errors.js';
import { EXPLAINED } from '../../src/terms/codes/codes.js';

const ROOT = join(import.meta.dirname, '..', '..');

describe('the list of codes', () => {
  it('has words with dashes behind an area, each once', () => {
    const codes = EXPLAINED.map(({ code }) => code);
    expect(codes.filter((code) => !/^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$/.test(code))).toEqual([]);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('says of each what happened, why, and what to do, in sentences', () => {
    for (const { code, title, cause, cure } of EXPLAINED) {
      expect(title, code).toMatch(/^\S.{5,79}[^.]$/);
      expect(cause, code).toMatch(/^\S.*\.$/);
      expect(cure, code).toMatch(/^\S.*[.)]$/);
    }
  });

  it('is what docs/troubleshooting.md tells (else: npm run docs)', () => {
    const page = readFileSync(join(ROOT, 'docs', 'troubleshooting.md'), 'utf8');
    expect(page).toBe(troubleshootingPage(EXPLAINED));
  });
});

describe('the source', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith(join('terms', 'codes')))
    .map((name) => ({ name, text: readFileSync(join(ROOT, 'src', name), 'utf8') }));

  it('uses every code of the list', () => {
    const unused = EXPLAINED.filter(({ code }) => !sources.some(({ text }) => text.includes(`'${code}'`)));
    expect(unused.map(({ code }) => code)).toEqual([]);
  });

  // The type of a code is the list: without a cast the compiler finds every place without one.
  it('nowhere gets round the list with a cast', () => {
    const casts = sources.filter(({ text }) => /\bas (unknown as )?(ErrorCode|NoteCode)\b/.test(text));
    expect(casts.map(({ name }) => name)).toEqual([]);
  });
});

describe('an error', () => {
  it('carries its code', () => {
    expect(errorCodeOf(new UserError('data.empty', 'no samples'))).toBe('data.empty');
    expect(errorCodeOf(new MachineError('machine.no-room', 'full'))).toBe('machine.no-room');
  });

  it("of the system's exhaustion, of a bug and of an interruption has one that fits", () => {
    expect(errorCodeOf(Object.assign(new Error('full'), { code: 'ENOSPC' }))).toBe('machine.no-room');
    expect(errorCodeOf(new TypeError('x is not a function'))).toBe('machine.internal');
    expect(errorCodeOf(new Interrupted('interrupted'))).toBeNull();
  });
});

describe('quantgate explain', () => {
  it('takes a code as it is printed', () => {
    expect(explanationOf('[data.empty]')).toMatchObject({ code: 'data.empty', kind: 'error' });
    expect(explanationOf('noise.load')).toMatchObject({ kind: 'note' });
  });

  it('names the nearest code of a misspelt one', () => {
    expect(() => explanationOf('data.emtpy')).toThrow(/Did you mean `quantgate explain data\.empty`\?/);
    expect(() => explanationOf('no-labels')).toThrow(/explain data\.no-labels/);
    expect(() => explanationOf('weather')).toThrow(/lists all codes/);
  });
});
