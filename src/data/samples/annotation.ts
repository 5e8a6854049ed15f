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
  | { kind: 'boxes'; boxes: readonly Box[] }
  /** A transcript, or the text in an image. */
  | { kind: 'text'; text: string };

export type AnnotationOf<Kind extends Annotation['kind']> = Extract<Annotation, { kind: Kind }>;
