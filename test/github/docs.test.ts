import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withActionTables } from '../../scripts/action-docs.mjs';
import { ACTION, ROOT } from './runner.js';

const text = readFileSync(join(ROOT, 'docs/github.md'), 'utf8');

describe('docs/github.md', () => {
  it('lists the inputs and outputs of action.yml (else: node scripts/action-docs.mjs)', () => {
    expect(text).toBe(withActionTables(text, ACTION));
    for (const name of [...Object.keys(ACTION.inputs), ...Object.keys(ACTION.outputs)]) {
      expect(text).toContain(`| \`${name}\` |`);
    }
  });

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(5);
    for (const path of links) expect(existsSync(join(ROOT, 'docs', path)), path).toBe(true);
  });
});
