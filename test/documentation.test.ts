/** Every page for people: its links lead somewhere, its configurations load, its commands exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../src/config/read/load.js';
import { assertApplicable } from '../src/judge/applicable.js';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const pages = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  ),
];

interface Block {
  language: string;
  text: string;
}
const blocksOf = (page: string): Block[] =>
  [...read(page).matchAll(/^```(\w+)[^\n]*\n(.*?)^```/gms)].map(([, language, text]) => ({
    language: language!,
    text: text!,
  }));
const withoutCode = (page: string) => page.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');

/** The anchor that GitHub gives a heading. */
const slug = (heading: string) =>
  heading
    .replaceAll(/[`*]/g, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
const anchorsOf = (page: string) =>
  new Set(
    [
      ...read(page)
        .replace(/^```.*?^```/gms, '')
        .matchAll(/^#+ (.*)$/gm),
    ].map(([, heading]) => slug(heading!)),
  );

describe.each(pages)('%s', (page) => {
  it('links to pages and headings that exist', () => {
    const broken: string[] = [];
    for (const [, link] of withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link!)) continue;
      const [path, anchor] = link!.split('#');
      const target = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path!));
      const there = existsSync(join(ROOT, target));
      if (!there || (anchor && target.endsWith('.md') && !anchorsOf(target).has(anchor))) broken.push(link!);
    }
    expect(broken).toEqual([]);
  });

  const yaml = blocksOf(page).filter(({ language }) => language === 'yaml' || language === 'yml');
  if (yaml.length > 0)
    it('shows YAML that parses, and whole configurations that load', async () => {
      for (const { text } of yaml) {
        const document = parse(text) as Record<string, unknown> | null;
        if (document?.version !== 1 || !('models' in document)) continue;
        const config = await parseConfig(text, { file: null, directory: '/project', expand: false });
        expect(() => assertApplicable(config)).not.toThrow();
      }
    });

  const commands = blocksOf(page)
    .filter(({ language }) => language === 'sh' || language === 'bash')
    .flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, ' ').split('\n'));
  if (commands.length > 0)
    it('runs scripts and commands that exist', () => {
      const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
      const benches = readdirSync(join(ROOT, 'bench'));
      const known = new Set(quantgateCommands());
      for (const line of commands) {
        const script = /\bnpm run ([\w:-]+)/.exec(line)?.[1];
        if (script) expect(scripts, line).toHaveProperty(script);
        const bench = /\bbench\/run\.mjs ([\w-]+)/.exec(line)?.[1];
        if (bench) expect(benches, line).toContain(`${bench}.ts`);
        const command = /^\s*(?:npx )?quantgate ([a-z]+)/.exec(line)?.[1];
        if (command) expect(known, line).toContain(command);
      }
    });
});

/** The sections of docs/command-line.md, which are the program's commands (test/cli/documentation.test.ts). */
function quantgateCommands(): string[] {
  return [...read('docs/command-line.md').matchAll(/^## ([a-z]+)/gm)].map(([, name]) => name!);
}

describe('the pages', () => {
  it('are all reachable from the README', () => {
    const linked = new Set<string>();
    const visit = (page: string) => {
      if (linked.has(page) || !existsSync(join(ROOT, page))) return;
      linked.add(page);
      for (const [, link] of read(page).matchAll(/\]\(([^)\s#]+\.md)(?:#[^)]*)?\)/g))
        if (!/^[a-z]+:/.test(link!)) visit(relative(ROOT, join(ROOT, dirname(page), link!)));
    };
    visit('README.md');
    const docs = pages.filter((page) => page.startsWith('docs'));
    expect(docs.filter((page) => !linked.has(page))).toEqual([]);
  });
});
