/** Guesses for models that read images: classifiers, detectors, recognizers of text, segmentation. */

import { modelsOwn } from '../../data/formats/class-indices.js';
import { guessDecoder } from '../../measure/accuracy/decode/detectors.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import type { DataSet } from '../find/data-set.js';
import { type Found, nearest } from '../find/find.js';
import { classesOf } from './class-scores.js';
import { evaluationSets, type Guess, type Guesses, type LookedAt } from './guess.js';
import { arrayGuesses } from './guess-arrays.js';
import { detectorInputs, type ImageInput, recognizerInputs, usualInputs } from './image-inputs.js';
import { linesOf, listedClasses } from './model-config.js';

const MISSING = {
  detection:
    "annotated images to score it: data/val.json (COCO) with the images in data/val, or YOLO's or Pascal VOC's files",
  recognition:
    "lines of text to score it: data/val/labels.tsv, 'name.png TAB text' on each line, with the images beside it",
  keys: "the recognizer's symbols: keys.txt beside the model, one per line in the order of its classes",
  classes: 'labelled images to score it: data/val with a folder of images for each class',
};

export function imageGuesses(model: LookedAt, found: Found): Guesses {
  const sets = evaluationSets(found, ['classes', 'coco', 'yolo', 'voc', 'text-lines', 'masks', 'images']);
  const guesses = sets.flatMap((set) => guessesOn(set, model, found));
  if (guesses.some(({ task }) => task !== 'none')) return { guesses, missing: null };
  const [output] = model.outputs;
  const lines = sets.some(({ kind }) => kind === 'text-lines');
  if (lines) return { guesses, missing: MISSING.keys };
  const rank = output?.shape?.length;
  const arrays = arrayGuesses(model, found);
  if (arrays.guesses.length > 0) return arrays;
  if (guessedDecoders(model.outputs).length > 0) return { guesses, missing: MISSING.detection };
  return { guesses, missing: rank === 3 ? MISSING.recognition : MISSING.classes };
}

function guessesOn(set: DataSet, model: LookedAt, found: Found): Guess[] {
  switch (set.kind) {
    case 'classes':
      return classGuesses(set, model, found);
    case 'coco':
    case 'yolo':
    case 'voc':
      return detectorGuesses(set, model, found);
    case 'text-lines':
      return recognizerGuesses(set, model, found);
    case 'masks':
      return usualInputs(model, found).map((way) =>
        guess(set, way, { task: 'segmentation', why: ['images with masks of the same names'] }),
      );
    default:
      return usualInputs(model, found)
        .slice(0, 1)
        .map((way) => guess(set, way, { task: 'none', why: ['images without labels'] }));
  }
}

function guess(
  set: DataSet,
  { input, why, told }: ImageInput,
  more: Omit<Partial<Guess>, 'data'> &
    Pick<Guess, 'task' | 'why'> & { names?: readonly string[]; source?: Record<string, unknown> },
): Guess {
  const { names, source, ...rest } = more;
  return {
    ...rest,
    set,
    told,
    data: { source: { ...set.with, ...source }, input, ...(names ? { 'class-names': names } : {}) },
    why: [...rest.why, why],
  };
}

function classGuesses(set: DataSet, model: LookedAt, found: Found): Guess[] {
  const folders = set.labels ?? [];
  const numbered = folders.every((name) => /^\d+$/.test(name));
  const classes = model.outputs.map(classesOf).find((count) => count !== null) ?? null;
  const least = numbered ? Math.max(...folders.map(Number)) + 1 : folders.length;
  if (classes !== null && classes < least) return [];
  const why = [
    `${folders.length} class folders in ${set.path}`,
    ...(classes === null ? [] : [`an output with ${classes} scores`]),
  ];
  const orders = numbered ? [{}] : folderOrders(folders, { model, found, classes });
  const offsets = classes === least + 1 ? [{}, { 'label-offset': 1 }] : [{}];
  return usualInputs(model, found).flatMap((way) =>
    orders.flatMap(({ because = [], ...order }) =>
      offsets.map((offset) =>
        guess(set, way, { task: 'classification', ...offset, ...order, why: [...why, ...because] }),
      ),
    ),
  );
}

interface FolderOrder {
  names?: readonly string[];
  source?: Record<string, unknown>;
  because?: string[];
}

/** In what order the model may have the classes of folders: as its config.json or a list beside it says, else each order that there is. */
function folderOrders(
  folders: readonly string[],
  { model, found, classes }: { model: LookedAt; found: Found; classes: number | null },
): FolderOrder[] {
  const { modelConfig } = model;
  const fits = (names: readonly string[]) => modelsOwn(folders, names) instanceof Map;
  if (modelConfig?.classNames && fits(modelConfig.classNames))
    return [{ because: [`classes as ${modelConfig.path} names them`] }];
  const listed = classes === null ? null : listedClasses(found, model.path, classes);
  if (listed !== null && folders.every((name) => listed.names.includes(name)))
    return [{ names: listed.names, because: [`classes as ${listed.path} lists them`] }];
  const byName = { source: { 'class-order': 'name' } };
  return folders.every((name) => /\d/.test(name))
    ? [{ source: { 'class-order': 'number' } }, byName]
    : [byName];
}

/** Decoders that may read such outputs, the likeliest first. */
function guessedDecoders(outputs: readonly ValueMeta[]): string[] {
  const sized = (output: ValueMeta) => ({
    dims: (output.shape ?? []).map((size) => (typeof size === 'number' ? size : Number.MAX_SAFE_INTEGER)),
  });
  const likely = guessDecoder(Object.fromEntries(outputs.map((output) => [output.name, sized(output)])));
  const alternatives: Record<string, string[]> = {
    detr: ['detr', 'rt-detr'],
    yolov8: ['yolov8', 'boxes'],
    yolov5: ['yolov5', 'yolox'],
  };
  const shape = outputs[0]?.shape ?? [];
  const columns = shape.at(-1);
  if (likely === null && outputs.length === 1 && (columns === 6 || columns === 7)) return ['boxes'];
  const single = outputs.length === 1 && shape.length === 3 && shape.some((size) => typeof size === 'string');
  if (single) return ['yolov8', 'yolov5', 'boxes'];
  return likely === null ? [] : (alternatives[likely] ?? [likely]);
}

function detectorGuesses(set: DataSet, model: LookedAt, found: Found): Guess[] {
  const shown = model.outputs.map(({ name, shape }) => `${name} [${shape?.join(', ') ?? '?'}]`).join(', ');
  const orders = set.kind === 'coco' ? [{}, { 'class-order': 'index' }] : [{}];
  return guessedDecoders(model.outputs).flatMap((decoder) =>
    detectorInputs(model, found, decoder).flatMap((way) =>
      orders.map((source) => {
        const names = detectorClasses(model, found, set);
        return guess(set, way, {
          task: 'detection',
          decoder,
          source:
            names === null ? { ...source, ...(set.kind === 'voc' ? { 'class-order': 'name' } : {}) } : {},
          ...(names === null ? {} : { names: names.names }),
          why: [
            `boxes in ${set.path}`,
            `outputs ${shown} look like ${decoder}`,
            ...(names === null ? [] : [`classes as ${names.path} lists them`]),
          ],
        });
      }),
    ),
  );
}

/** VOC's classes have names only: a list says their order. */
function detectorClasses(
  model: LookedAt,
  found: Found,
  { kind }: DataSet,
): { path: string; names: readonly string[] } | null {
  if (kind !== 'voc') return null;
  const { modelConfig } = model;
  if (modelConfig?.classNames) return { path: modelConfig.path, names: modelConfig.classNames };
  const path = nearest(found.lists, model.path);
  return path === null ? null : { path, names: linesOf(found, path) };
}

function recognizerGuesses(set: DataSet, model: LookedAt, found: Found): Guess[] {
  const classes = model.outputs[0]?.shape?.at(-1);
  const exact =
    typeof classes === 'number'
      ? [0, 1, 2].map((spare) => listedClasses(found, model.path, classes - spare)?.path)
      : [];
  const keys = exact.find((path) => path !== undefined) ?? nearest(found.lists, model.path);
  if (keys === null || keys === undefined) return [];
  return recognizerInputs(model, found).flatMap((way) =>
    [{}, { decoder: 'ctc-blank-last' }].map((decoder) =>
      guess(set, way, {
        task: 'text-recognition',
        ...decoder,
        keys,
        why: [`images with their texts in ${set.path}`, `symbols in ${keys}`],
      }),
    ),
  );
}
