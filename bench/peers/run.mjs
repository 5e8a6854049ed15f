/** quantgate beside the Python quantizers: node bench/peers/run.mjs --help. Bundles and runs compare.ts. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bench = fileURLToPath(new URL('../run.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [bench, 'peers/compare', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
