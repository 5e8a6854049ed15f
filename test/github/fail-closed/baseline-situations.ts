/** Models that git doesn't have: what they are compared with is a file that a step puts there, and its hash in the base's configuration. */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  CHANGED,
  config,
  MODEL,
  merged,
  type Place,
  type Prepared,
  type Situation,
  write,
} from './situations.js';

const sha256 = createHash('sha256').update(MODEL).digest('hex');
const WITHOUT = config('max-regression: 5%');
const WITH = WITHOUT.replace(
  'task: none,',
  `task: none, baseline: { file: baseline/digits.onnx, sha256: ${sha256} },`,
);

/** A pull request with a model and a baseline (`fetched`) that steps put there. */
function outsideGit(
  place: Place,
  { fetched, head = WITH, event }: { fetched: Buffer | null; head?: string; event?: 'push' },
): Prepared {
  const { origin } = place;
  const run = merged(place, {
    base: () => {
      write(join(origin, '.gitignore'), 'models/\nbaseline/\n');
      write(join(origin, 'quantgate.yml'), WITH);
      rmSync(join(origin, 'models'), { recursive: true });
    },
    head: () => write(join(origin, 'quantgate.yml'), `${head}# changed\n`),
  });
  write(join(run.workspace, 'models/digits.onnx'), CHANGED);
  if (fetched) write(join(run.workspace, 'baseline/digits.onnx'), fetched);
  if (event !== 'push') return run;
  const payload = { repository: { full_name: 'o/r', default_branch: 'main' }, before: run.history.base };
  return { ...run, event, payload };
}

export const BASELINE_SITUATIONS: readonly Situation[] = [
  {
    name: 'a baseline from outside git, and no step fetched it',
    prepare: (place) => outsideGit(place, { fetched: null }),
  },
  {
    name: 'a baseline from outside git, and another file was fetched',
    prepare: (place) => outsideGit(place, { fetched: CHANGED }),
  },
  {
    name: 'a pull request takes away the baseline that no step fetched',
    prepare: (place) => outsideGit(place, { fetched: null, head: WITHOUT }),
  },
  {
    name: 'a push, and no step fetched the baseline of the commit before it',
    prepare: (place) => outsideGit(place, { fetched: null, event: 'push' }),
  },
  {
    name: 'a baseline from outside git that was fetched',
    prepare: (place) => outsideGit(place, { fetched: MODEL }),
  },
];
