/** Writes the tables of inputs and outputs in docs/github.md from action.yml. Usage: node scripts/action-docs.mjs */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** `text` with the tables between its `<!-- inputs -->` and `<!-- outputs -->` marks replaced by those of `action`. */
export function withActionTables(text, action) {
  const cell = (value) => value.replaceAll('|', '\\|').replaceAll('\n', ' ').trim();
  const inputs = Object.entries(action.inputs).map(
    ([name, { description, default: value }]) =>
      `| \`${name}\` | ${value === '' ? '–' : `\`${cell(value)}\``} | ${cell(description)} |`,
  );
  const outputs = Object.entries(action.outputs).map(
    ([name, { description }]) => `| \`${name}\` | ${cell(description)} |`,
  );
  const tables = {
    inputs: ['| Input | Default | |', '| :- | :- | :- |', ...inputs].join('\n'),
    outputs: ['| Output | |', '| :- | :- |', ...outputs].join('\n'),
  };
  return text.replace(
    /<!-- (inputs|outputs) -->[\s\S]*?<!-- \/\1 -->/g,
    (_, kind) => `<!-- ${kind} -->\n\n${tables[kind]}\n\n<!-- /${kind} -->`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = at('docs/github.md');
  const action = parse(readFileSync(at('action.yml'), 'utf8'));
  writeFileSync(file, withActionTables(readFileSync(file, 'utf8'), action));
}
