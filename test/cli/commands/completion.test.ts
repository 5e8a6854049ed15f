/** Completion and help, read off the commands themselves. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { completionScript } from '../../../src/cli/commands/completion.js';
import { buildProgram } from '../../../src/cli/declare-commands.js';
import { EXAMPLES } from '../../../src/cli/examples.js';

const folder = mkdtempSync(join(tmpdir(), 'quantgate-completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All commands, none of which does anything. */
const program = () => buildProgram(() => async () => {});
const commands = program().commands.map((command) => command.name());

const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

/** What bash offers for each command line (its last word is being typed), by one process. */
function offeredByBash(lines: readonly string[][]): string[][] {
  const asked = lines.map(
    (words) =>
      `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _quantgate; echo "\${COMPREPLY[*]}"`,
  );
  const script = [completionScript('bash', program()), ...asked].join('\n');
  const { stdout, stderr } = spawnSync('bash', ['--norc'], { input: script, encoding: 'utf8', cwd: folder });
  expect(stderr).toBe('');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').filter((word) => word !== ''));
}

describe('completion', () => {
  it.skipIf(!has('bash'))('offers bash commands, options, values, codes and files', () => {
    writeFileSync(join(folder, 'model.onnx'), '');
    const [all, some, options, methods, files, codes, shells, number, general, cuda, help, providers] =
      offeredByBash([
        ['quantgate', ''],
        ['quantgate', 'in'],
        ['quantgate', 'quantize', 'model.onnx', '--cal'],
        ['quantgate', 'quantize', '--method', 'int8'],
        ['quantgate', '--quiet', 'inspect', 'mod'],
        ['quantgate', 'explain', 'data.no-l'],
        ['quantgate', 'completion', ''],
        ['quantgate', 'bench', '--batch', ''],
        ['quantgate', 'doctor', '--thr'],
        ['quantgate', '--cuda', '1'],
        ['quantgate', 'help', 'expl'],
        ['quantgate', 'bench', '--provider', 'browser'],
      ]);
    expect(all).toEqual(expect.arrayContaining(commands));
    expect(some).toEqual(['inspect', 'init']);
    expect(options).toEqual(['--calibration', '--calibration-limit', '--calibrator']);
    expect(methods).toEqual(['int8-static', 'int8-dynamic', 'int8-weights']);
    expect(files).toEqual(['model.onnx']);
    expect(codes).toEqual(['data.no-labels']);
    expect(shells).toEqual(['bash', 'zsh', 'fish']);
    expect(number ?? []).toEqual([]);
    expect(general).toEqual(['--threads']);
    expect(cuda).toEqual(['12', '13']);
    expect(help).toEqual(['explain']);
    expect(providers).toEqual(['browser-wasm', 'browser-webgpu']);
  });

  for (const shell of ['zsh', 'fish']) {
    it(`for ${shell} names every command and every option`, () => {
      const script = completionScript(shell, program());
      for (const command of program().commands) {
        expect(script).toContain(`'${command.name()}`);
        for (const { long } of command.options)
          expect(script).toContain(shell === 'fish' ? `-l ${long!.slice(2)} ` : `'${long}:`);
      }
    });
  }

  it.skipIf(!has('zsh'))('offers zsh the same', () => {
    // What zsh's completion system would do with what it is handed.
    const stubs = `compdef() {}; compadd() { shift; print -r -- "$@" }; _files() { print FILES }
_describe() { print -r -- "\${(@)offered%%:*}" }`;
    const ask = (...words: string[]) =>
      `words=(${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length}; _quantgate`;
    const input = [
      stubs,
      completionScript('zsh', program()),
      ask('quantgate', ''),
      ask('quantgate', 'quantize', '--method', ''),
      ask('quantgate', 'inspect', ''),
      ask('quantgate', 'doctor', '--'),
    ].join('\n');
    const { stdout, stderr } = spawnSync('zsh', ['-f'], { input, encoding: 'utf8' });
    expect(stderr).toBe('');
    const [all, methods, files, options] = stdout.trimEnd().split('\n');
    expect(all!.split(' ')).toEqual(expect.arrayContaining(commands));
    expect(methods).toBe('int8-static int8-dynamic float16 int8-weights int4-weights auto');
    expect(files).toBe('FILES');
    expect(options).toContain('--json');
  });

  it.skipIf(!has('fish'))('offers fish the same', () => {
    const script = join(folder, 'quantgate.fish');
    writeFileSync(
      script,
      [
        completionScript('fish', program()),
        "complete -C 'quantgate in'; echo -",
        "complete -C 'quantgate quantize --method int8-s'; echo -",
        "complete -C 'quantgate quantize --calibration-'; echo -",
      ].join('\n'),
    );
    const { stdout, stderr } = spawnSync('fish', ['--no-config', script], {
      encoding: 'utf8',
      env: { ...process.env, HOME: folder },
    });
    expect(stderr).toBe('');
    const [some, methods, options] = stdout.split('-\n');
    expect(some).toMatch(/^init\t.*\ninspect\t.*\n$/);
    expect(methods).toMatch(/^int8-static\b/);
    expect(options).toMatch(/^--calibration-limit\t/);
  });
});

describe('the help of', () => {
  /** The words of an example, quotes taken off. */
  const wordsOf = (line: string) => line.split(' ').slice(1);
  const helpOf = (command: Command) => {
    let text = '';
    command.configureOutput({ writeOut: (part) => (text += part) });
    command.outputHelp();
    return text;
  };

  it('a command says what it needs, and lists options about data apart', () => {
    const help = (name: string) => helpOf(program().commands.find((one) => one.name() === name)!);
    expect(help('report')).toMatch(
      /--format <format> [\s\S]*?\(required\)[\s\S]*--out <file> .*\(required\)/,
    );
    expect(help('run')).not.toContain('(required)');
    const groups = [...help('quantize').matchAll(/^(\S.*):$/gm)].map(([, title]) => title);
    expect(groups).toEqual([
      'Arguments',
      'Options',
      'Data',
      'Texts and recordings',
      'Preprocessing',
      'Global Options',
      'Examples',
    ]);
  });

  it('--provider lists those of quantgate.yml', () => {
    const { definitions } = JSON.parse(readFileSync('quantgate.schema.json', 'utf8')) as {
      definitions: { provider: { enum: string[] } };
    };
    const bench = program().commands.find((one) => one.name() === 'bench')!;
    expect(bench.options.find(({ long }) => long === '--provider')!.argChoices).toEqual(
      definitions.provider.enum,
    );
  });

  it('every command ends with examples that parse', async () => {
    expect(Object.keys(EXAMPLES)).toEqual(commands);
    for (const [command, examples] of Object.entries(EXAMPLES)) {
      const help = helpOf(program().commands.find((one) => one.name() === command)!);
      for (const [, line] of examples) {
        expect(help).toContain(`\n  ${line}\n`);
        const plain = line.replace(/^eval "\$\((.*)\)"$/, '$1');
        await expect(program().parseAsync(wordsOf(plain), { from: 'user' }), line).resolves.toBeDefined();
        expect(wordsOf(plain)[0]).toBe(command);
      }
    }
  });
});
