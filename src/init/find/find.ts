/** What lies in a repository that a config can be made of: models, data, and the files that come with models. */
import { glob } from 'tinyglobby';
import type { DataSet } from './data-set.js';
import { findDataSets } from './data-sets.js';
import { Tree } from './tree.js';

export interface Found {
  tree: Tree;
  /** Paths of .onnx files, as all paths here: relative to the root, with forward slashes. */
  models: string[];
  dataSets: DataSet[];
  tokenizers: string[];
  /** preprocessor_config.json. */
  preprocessors: string[];
  /** config.json of models. */
  modelConfigs: string[];
  /** Symbols or class names, one per line. */
  lists: string[];
}

/** Text files with one symbol or class name per line, by their usual names. */
const LIST = /^(keys?|labels?|classes|class_?names|alphabet|charset|characters|.*dict.*|.*keys.*)\.txt$/i;

/** Looks at names below `root` (hidden folders, node_modules, links and quantgate's own output aside) and at the beginning of likely files. */
export async function findFiles(root: string): Promise<Found> {
  const names = await glob('**/*', {
    cwd: root,
    dot: false,
    followSymbolicLinks: false,
    expandDirectories: false,
    ignore: ['**/node_modules/**', '**/quantgate-out/**', '**/__pycache__/**', '**/venv/**'],
  });
  const tree = new Tree(root, names.map((name) => name.replaceAll('\\', '/')).sort());
  const named = (pattern: RegExp) => tree.files.filter((file) => pattern.test(file.split('/').at(-1)!));
  return {
    tree,
    models: named(/\.onnx$/),
    dataSets: await findDataSets(tree),
    tokenizers: named(/^tokenizer\.json$/),
    preprocessors: named(/^preprocessor_config\.json$/),
    modelConfigs: named(/^config\.json$/),
    lists: named(LIST),
  };
}

/** The file with most folders in common with `path`, the shallowest of those; null: there is none. */
export function nearest(files: readonly string[], path: string): string | null {
  const folders = path.split('/').slice(0, -1);
  const shared = (file: string) => {
    const own = file.split('/').slice(0, -1);
    const differs = folders.findIndex((folder, at) => own[at] !== folder);
    return (differs < 0 ? folders.length : differs) * 100 - own.length;
  };
  return files.reduce<string | null>(
    (best, file) => (best === null || shared(file) > shared(best) ? file : best),
    null,
  );
}
