import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quantgate, ROOT } from './command-line.js';

const page = readFileSync(join(ROOT, 'docs', 'command-line.md'), 'utf8');
const [everywhere, ...sections] = page.split(/^## /m);

/** Long options in a help text or a section, without --help and --version. */
const optionsIn = (text: string, pattern: RegExp) =>
  new Set(
    [...text.matchAll(pattern)].map((match) => match[1]!).filter((name) => !/^--(help|version)$/.test(name)),
  );
const helpOf = (...args: string[]) => {
  const { status, stdout } = quantgate([...args, '--help']);
  expect(status).toBe(0);
  return stdout;
};
const OPTION_LINE = /^ {2}(--[\w-]+)/gm;
const IN_CODE = /`(--[\w-]+)`/g;

describe('docs/command-line.md', () => {
  const help = helpOf();
  const commands = [...help.split('\nCommands:')[1]!.matchAll(/^ {2}(\w+)/gm)]
    .map((match) => match[1]!)
    .filter((name) => name !== 'help');

  it('has a section for every command', () => {
    expect(commands.length).toBeGreaterThan(8);
    expect(sections.map((text) => text.split(/\s/)[0])).toEqual(commands);
  });

  it('tells the options that hold everywhere', () => {
    const told = optionsIn(everywhere!, IN_CODE);
    for (const option of optionsIn(help, OPTION_LINE)) expect(told).toContain(option);
    expect(told).toContain('--json');
  });

  it.each(commands)('tells every option of %s, and no other', (command) => {
    const general = optionsIn(everywhere!, IN_CODE);
    const own = [...optionsIn(helpOf(command), OPTION_LINE)].filter((option) => !general.has(option));
    const section = sections.find((text) => text.split(/\s/)[0] === command)!;
    const told = [...optionsIn(section, IN_CODE)].filter((option) => !general.has(option));
    expect(told.sort()).toEqual(own.sort());
  });

  it('is linked from the README', () => {
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain('(docs/command-line.md)');
  });
});
