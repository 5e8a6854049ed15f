/** Sets of samples, told by what their files look like. */

import { IMAGE_EXTENSIONS } from '../../data/images/images.js';
import type { DataSet } from './data-set.js';
import { sideOf } from './side.js';
import { tableDataSet } from './tables.js';
import { folderOf, nameOf, stemOf, type Tree } from './tree.js';

/** Parts of a data set, not classes. */
const PARTS = /^(images?|labels?|masks?|annotations?|data|models?|jpegimages|docs|assets)$/i;
const MASKS = /^(masks?|segmentationclass|annotations?|labels?)$/i;

function isImage(path: string): boolean {
  const at = path.lastIndexOf('.');
  return at > 0 && IMAGE_EXTENSIONS.has(path.slice(at).toLowerCase());
}

export async function findDataSets(tree: Tree): Promise<DataSet[]> {
  const found: DataSet[] = [];
  for (const folder of tree.folders) found.push(...folderDataSets(tree, folder));
  for (const file of tree.files) {
    const set = (await tableDataSet(tree, file)) ?? jsonDataSet(tree, file) ?? otherFile(tree, file);
    if (set !== null) found.push(set);
  }
  return withoutParts(found);
}

/** A folder of images that another set's annotations name, or that is a class of another, is no set of its own. */
function withoutParts(found: readonly DataSet[]): DataSet[] {
  const taken = new Set(
    found.flatMap((set) => [set.with.images, set.with.masks].filter((path) => path !== undefined)),
  );
  const classes = found.filter(({ kind }) => kind === 'classes').map(({ path }) => path);
  return found.filter(
    ({ kind, path, with: keys }) =>
      kind !== 'images' ||
      (!taken.has(path) && !classes.includes(folderOf(path)) && keys.masks === undefined),
  );
}

function folderDataSets(tree: Tree, folder: string): DataSet[] {
  const files = tree.filesIn(folder);
  const base = { path: folder, side: sideOf(folder), with: {}, labels: null, labelled: true };
  const names = files.map(nameOf);
  if (names.includes('queries.jsonl') && names.includes('corpus.jsonl'))
    return [{ ...base, kind: 'retrieval', samples: null }];
  if (names.includes('labels.tsv') && files.some(isImage))
    return [{ ...base, kind: 'text-lines', samples: files.filter(isImage).length }];
  const wavs = files.filter((file) => /\.wav$/i.test(file));
  if (wavs.length > 0) return [{ ...base, kind: 'speech', samples: wavs.length }];
  const images = files.filter(isImage);
  const classes = classFolders(tree, folder);
  if (images.length === 0 && classes.length > 1) {
    const samples = classes.reduce((sum, one) => sum + tree.filesIn(one).filter(isImage).length, 0);
    return [{ ...base, kind: 'classes', samples, labels: classes.map(nameOf).sort() }];
  }
  return [...annotationFolder(tree, folder), ...imageFolder(tree, folder)];
}

/** Folders of images side by side, that aren't called after a part of a data set. */
function classFolders(tree: Tree, folder: string): string[] {
  const children = tree.foldersIn(folder);
  const named = children.filter((child) => !PARTS.test(nameOf(child)) && sideOf(nameOf(child)) === null);
  const holding = named.filter((child) => tree.filesIn(child).some(isImage));
  return holding.length === children.length ? holding : [];
}

/** YOLO's text files or Pascal VOC's XML. */
function annotationFolder(tree: Tree, folder: string): DataSet[] {
  const files = tree.filesIn(folder);
  const base = { path: folder, side: sideOf(folder), labels: null, labelled: true, samples: files.length };
  const texts = files.filter((file) => /\.txt$/i.test(file) && !/^classes\.txt$/i.test(nameOf(file)));
  const isYolo = (file: string) =>
    /^(\d+( [\d.eE+-]+){4,}\s*)+$/.test(tree.head(file).split('\n', 20).join('\n').trim());
  if (texts.length > 0 && texts.length === files.length && texts.slice(0, 5).every(isYolo)) {
    const images = tree.folders.find(
      (other) =>
        other !== folder &&
        tree.filesIn(other).some((file) => isImage(file) && stemOf(file) === stemOf(texts[0]!)),
    );
    if (images !== undefined) return [{ ...base, kind: 'yolo', with: { format: 'yolo', images } }];
  }
  const documents = files.filter((file) => /\.xml$/i.test(file));
  if (documents.length === 0 || !tree.head(documents[0]!).includes('<annotation')) return [];
  const [, named] = /<filename>([^<]+)<\/filename>/.exec(tree.head(documents[0]!)) ?? [];
  const images = named === undefined ? null : tree.folderWith(named.trim());
  return images === null ? [] : [{ ...base, kind: 'voc', with: { format: 'voc', images } }];
}

/** Images without labels, or with masks of the same names in another folder. */
function imageFolder(tree: Tree, folder: string): DataSet[] {
  const images = tree.filesIn(folder).filter(isImage);
  if (images.length < 2 || MASKS.test(nameOf(folder)) || MASKS.test(nameOf(folderOf(folder)))) return [];
  const base = { path: folder, side: sideOf(folder), labels: null, samples: images.length };
  const masks = tree.folders.find(
    (other) =>
      other !== folder &&
      other.split('/').some((part) => MASKS.test(part)) &&
      sideOf(other) === base.side &&
      images.every((image) => tree.filesIn(other).includes(`${other}/${stemOf(image)}.png`)),
  );
  if (masks !== undefined) return [{ ...base, kind: 'masks', with: { masks }, labelled: true }];
  return [{ ...base, kind: 'images', with: {}, labelled: false }];
}

/** COCO's annotations or SQuAD's questions. */
function jsonDataSet(tree: Tree, file: string): DataSet | null {
  if (!/\.json$/i.test(file)) return null;
  const head = tree.head(file);
  const base = { path: file, side: sideOf(file), samples: null, labels: null, labelled: true };
  if (head.includes('"paragraphs"')) return { ...base, kind: 'questions', with: {} };
  if (!head.includes('"images"') || !head.includes('"file_name"')) return null;
  const [, named] = /"file_name"\s*:\s*"([^"]+)"/.exec(head) ?? [];
  const images = named === undefined ? null : imagesOf(tree, file, named);
  if (images === null) return null;
  return {
    ...base,
    kind: 'coco',
    with: { images },
    side: sideOf(file) ?? sideOf(images),
    samples: tree.filesIn(images).filter(isImage).length,
  };
}

/** Folder of the images: one called like the annotations comes first. */
function imagesOf(tree: Tree, file: string, named: string): string | null {
  const parent = folderOf(file);
  const beside = (name: string) => (parent === '.' ? name : `${parent}/${name}`);
  const likely = [beside(stemOf(file)), beside('images'), parent];
  const holds = (folder: string) => tree.files.includes(folder === '.' ? named : `${folder}/${named}`);
  return likely.find(holds) ?? tree.folderWith(named);
}

function otherFile(tree: Tree, file: string): DataSet | null {
  const base = { path: file, side: sideOf(file), samples: null, labels: null, with: {} };
  if (/\.npz$/i.test(file)) return { ...base, kind: 'arrays', labelled: true };
  if (/\.(conll\w*|bio|iob2?|bilou)$/i.test(file)) return { ...base, kind: 'tags', labelled: true };
  const prose =
    /\.txt$/i.test(file) &&
    /^(text|corpus|wiki.*|(train|val|valid|test|eval|dev)(ing|idation)?)$/i.test(stemOf(file));
  if (prose && tree.head(file).split(/\s+/).length > 50)
    return { ...base, kind: 'documents', labelled: true };
  return null;
}
