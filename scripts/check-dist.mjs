/** Proves that dist/ and docs/api.md are what src/ builds: builds into a temporary folder and compares. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, LICENSES } from './build.mjs';
import { install, root } from './install.mjs';

install();
const fresh = mkdtempSync(join(tmpdir(), 'quantgate-dist-'));
try {
  await build(fresh);
  const { apiReport, buildTypes, TYPES } = await import('./types.mjs');
  buildTypes(fresh);
  const committed = join(root, 'dist');
  const names = (folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.js') || name === LICENSES || name === TYPES)
      .sort();
  const different = [...new Set([...names(fresh), ...names(committed)])].filter((name) => {
    try {
      return Buffer.compare(readFileSync(join(fresh, name)), readFileSync(join(committed, name))) !== 0;
    } catch {
      return true;
    }
  });
  if (different.length > 0) {
    console.error(
      `dist/ is not what src/ builds: ${different.join(', ')}. Run \`npm run build\` and commit dist/.`,
    );
    process.exitCode = 1;
  } else {
    console.log('dist/ is up to date.');
  }
  const report = join(root, 'docs', 'api.md');
  if (readFileSync(report, 'utf8') !== apiReport(readFileSync(join(fresh, TYPES), 'utf8'))) {
    console.error('docs/api.md is not what src/library.ts exports. Run `npm run api` and commit it.');
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
