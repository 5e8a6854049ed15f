/** A set of samples as it was found. */
import type { Side } from './side.js';

export type DataKind =
  | 'classes'
  | 'images'
  | 'coco'
  | 'yolo'
  | 'voc'
  | 'text-lines'
  | 'masks'
  | 'texts'
  | 'tags'
  | 'questions'
  | 'documents'
  | 'retrieval'
  | 'speech'
  | 'arrays';

export interface DataSet {
  kind: DataKind;
  path: string;
  /** Keys that go with the path. */
  with: { format?: 'yolo' | 'voc' | 'text-lines'; images?: string; masks?: string };
  side: Side;
  /** null: not counted. */
  samples: number | null;
  /** Names of its labels, sorted; null: labels are numbers, or not known. */
  labels: readonly string[] | null;
  /** Whether its samples have labels of any kind. */
  labelled: boolean;
}
