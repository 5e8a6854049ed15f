/** npm run demo: installs what is missing, then runs the main job on examples/digits. */
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { install, root } from './install.mjs';

install();
const out = join(root, 'quantgate-out', 'demo');
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'dist', 'cli.js'),
    'run',
    '--config',
    join(root, 'examples', 'digits', 'quantgate.yml'),
    '--out',
    out,
  ],
  { cwd: root, stdio: 'inherit' },
);
if (status === 0)
  console.error(`\nMarkdown, JSON, HTML and badges are in ${relative(process.cwd(), out) || '.'}`);
process.exit(status ?? 1);
