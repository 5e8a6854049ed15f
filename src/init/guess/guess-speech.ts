/** Guesses for models that read recordings. */
import { type Found, nearest } from '../find/find.js';
import { evaluationSets, type Guesses, type LookedAt } from './guess.js';

/** Vocabularies of recognizers, by their usual names. */
const VOCABULARY = /(^|\/)(vocab\.json|tokenizer\.json|tokens\.txt)$/;

export function speechGuesses(model: LookedAt, found: Found): Guesses {
  const vocabulary = nearest(
    found.tree.files.filter((file) => VOCABULARY.test(file)),
    model.path,
  );
  const sets = evaluationSets(found, ['speech']);
  if (sets.length === 0)
    return { guesses: [], missing: 'recordings to score it: data/val with a.wav and its transcript a.txt' };
  if (vocabulary === null)
    return {
      guesses: [],
      missing: "the recognizer's vocabulary: vocab.json, tokenizer.json or tokens.txt beside the model",
    };
  return {
    guesses: sets.map((set) => ({
      task: 'speech-recognition',
      set,
      told: false,
      data: { source: {}, tokenizer: vocabulary },
      why: [`recordings in ${set.path}`, `symbols in ${vocabulary}`],
    })),
    missing: null,
  };
}
