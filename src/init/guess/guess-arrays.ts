/** Guesses for models that read arrays. */
import type { Task } from '../../terms/metrics.js';
import type { Found } from '../find/find.js';
import { classesOf } from './class-scores.js';
import { evaluationSets, type Guesses, type LookedAt } from './guess.js';

export function arrayGuesses(model: LookedAt, found: Found): Guesses {
  const sets = evaluationSets(found, ['arrays']);
  const names = model.inputs.map(({ name }) => `'${name}'`).join(', ');
  if (sets.length === 0)
    return {
      guesses: [],
      missing: `samples to score it: data/val.npz with an array for each input (${names}) and 'labels'`,
    };
  const classes = model.outputs.map(classesOf).find((count) => count !== null) ?? null;
  const tasks: Task[] =
    (classes ?? 0) > 1 ? ['classification', 'regression', 'embedding', 'none'] : ['regression', 'none'];
  return {
    guesses: sets.flatMap((set) =>
      tasks.map((task) => ({ task, set, told: false, data: { source: {} }, why: [`arrays in ${set.path}`] })),
    ),
    missing: null,
  };
}
