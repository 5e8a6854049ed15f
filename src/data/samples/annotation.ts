/** What a sample should come out as, where its label, a number or a tensor, can't say it: boxes, text. */
/** One object in an image. */
export interface Box {
  /** Index of its class, counted from 0 in the order of the data. */
  class: number;
  /** Left, top, right, bottom in pixels of the image as it is stored. */
  corners: readonly [number, number, number, number];
  /** Area in pixels; absent: the box's. COCO has the segmentation's. */
  area?: number;
  /** COCO's `iscrowd`: a region of many; matching it costs nothing and gains nothing. */
  crowd?: boolean;
  /** Pascal VOC's `difficult`: likewise. */
  difficult?: boolean;
}

export type Annotation =
  /** `order`: the image's place among those of the data (COCO: by id), which decides between equal scores of detections. */
  | { kind: 'boxes'; boxes: readonly Box[]; order?: number }
  /** A transcript, or the text in an image. */
  | { kind: 'text'; text: string }
  /** Part of a document: tokens at positions from … to − 1 are its own, those before give context; and bytes of UTF-8 that its own stand for. */
  | { kind: 'window'; from: number; to: number; bytes: number }
  /** A query, with the documents that answer it, by index, and how well. */
  | { kind: 'query'; relevant: readonly (readonly [document: number, grade: number])[] }
  /** One of the documents that queries are answered from. */
  | { kind: 'document'; index: number }
  /** Tags of words, and of each token fed the index of its word (−1: of none). */
  | { kind: 'tags'; tags: readonly string[]; words: Int32Array }
  /**
   * Answers to a question about a document, any of which is right (one that is empty: it has none); of each row of tokens fed, where its tokens lie in the
   * document: beginning and end in UTF-16 code units, −1 for tokens that aren't its.
   */
  | {
      kind: 'answers';
      document: string;
      answers: readonly string[];
      /** Whether the data have questions without an answer. */
      mayHaveNone: boolean;
      offsets: readonly Int32Array[];
    };

export type AnnotationOf<Kind extends Annotation['kind']> = Extract<Annotation, { kind: Kind }>;
