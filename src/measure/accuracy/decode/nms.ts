/** Non-maximum suppression, each class by itself. */
import type { Detection } from './detection.js';

export interface NmsOptions {
  /** Of two boxes of a class that overlap by more (intersection over union), the better one stays. */
  iou: number;
  /** Boxes that are looked at, best first. */
  candidates: number;
  /** Boxes that stay, of all classes together. */
  most: number;
}

/** Best first; equal scores in the order given. */
export function nonMaximumSuppression(detections: readonly Detection[], options: NmsOptions): Detection[] {
  const ranked = [...detections].sort((a, b) => b.score - a.score).slice(0, options.candidates);
  const kept: Detection[] = [];
  const ofClass = new Map<number, Detection[]>();
  for (const candidate of ranked) {
    if (kept.length >= options.most) break;
    const rivals = ofClass.get(candidate.class) ?? [];
    if (rivals.some((better) => overlap(better, candidate) > options.iou)) continue;
    rivals.push(candidate);
    ofClass.set(candidate.class, rivals);
    kept.push(candidate);
  }
  return kept;
}

function overlap({ corners: a }: Detection, { corners: b }: Detection): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  if (width <= 0) return 0;
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (height <= 0) return 0;
  const both = width * height;
  const one = (a[2] - a[0]) * (a[3] - a[1]);
  const other = (b[2] - b[0]) * (b[3] - b[1]);
  return both / (one + other - both);
}
