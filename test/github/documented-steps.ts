/** The steps that docs/github.md shows, each list of them as a workflow. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './runner.js';

const AROUND = `name: documented
on: workflow_dispatch
permissions: {}
jobs:
  documented:
    runs-on: ubuntu-latest
    steps:
`;

export function documentedSteps(): string[] {
  const page = readFileSync(join(ROOT, 'docs/github.md'), 'utf8');
  const blocks = [...page.matchAll(/^ *```yaml\n(.*?)^ *```$/gms)].map(([, text]) => text!);
  return blocks.filter((text) => text.startsWith('      - ')).map((text) => AROUND + text);
}
