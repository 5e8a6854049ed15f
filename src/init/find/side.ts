/** What data is for, by its path. */

/** What a set is for, by the names of its folders. */
export type Side = 'train' | 'evaluation' | null;

const TRAIN = /^(train(ing)?|calib(ration)?)$/i;
const EVALUATION = /^(val(id|idation)?|test(ing)?|eval(uation)?|dev)\d*$/i;

/** By the nearest folder or word of a file's name that says it. */
export function sideOf(path: string): Side {
  const words = path
    .replace(/\.[a-z]+$/i, '')
    .split(/[/._-]/)
    .reverse();
  for (const word of words) {
    if (TRAIN.test(word)) return 'train';
    if (EVALUATION.test(word.replace(/\d+$/, ''))) return 'evaluation';
  }
  return null;
}
