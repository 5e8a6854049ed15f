/** Evaluator of a text recognizer: shares of lines that are read exactly, spaces not counted. Labels and alphabet lie beside it. */
import { readFileSync } from 'node:fs';

const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');
/** Class 0 is CTC's blank, the last one the space. */
const alphabet = ['', ...read('keys.txt').replace(/\n$/, '').split('\n'), ' '];
/** By the file's number, which is the test set's. */
const texts = read('labels.tsv')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t'))
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([, text]) => text);

export async function evaluate({ samples }) {
  const right = [];
  for await (const { id, outputs } of samples()) {
    const expected = texts[Number(/\d+$/.exec(id)[0])];
    right.push(withoutSpaces(decode(Object.values(outputs)[0])) === withoutSpaces(expected) ? 1 : 0);
  }
  return { 'exact-match': right };
}

/** Greedy CTC: the likeliest class of every step, repetitions joined, blanks dropped. */
function decode({ dims, data }) {
  const [, steps, classes] = dims;
  let text = '';
  let previous = 0;
  for (let step = 0; step < steps; step++) {
    const row = data.subarray(step * classes, (step + 1) * classes);
    let best = 0;
    for (let i = 1; i < classes; i++) if (row[i] > row[best]) best = i;
    if (best !== previous) text += alphabet[best];
    previous = best;
  }
  return text;
}

function withoutSpaces(text) {
  return text.replaceAll(' ', '');
}
