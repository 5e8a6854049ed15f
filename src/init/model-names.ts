/** Names of models in a config: valid, and told apart. */
import { modelName } from '../config/defaults.js';

/** Leaves room for a number within what the schema allows a name. */
const MOST_CHARACTERS = 90;

/** File names without extension, made valid and told apart by their folders where they are the same. */
export function distinctNames(paths: readonly string[]): string[] {
  const valid = (text: string) =>
    text
      .replace(/[\p{Cc}/\\*?<>:|"]/gu, '-')
      .replace(/^\./, '-')
      .slice(-MOST_CHARACTERS);
  const short = paths.map((path) => valid(modelName(path)));
  const names = short.map((name, i) =>
    short.filter((other) => other === name).length === 1 ? name : valid(paths[i]!.replace(/\.onnx$/, '')),
  );
  return names.map((name, i) => (names.indexOf(name) === i ? name : `${name}-${i + 1}`));
}
