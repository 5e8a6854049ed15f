/** Figures of the field's own implementations on random data; fixtures/reference-scores.py made them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ReferenceScores {
  classes: { labels: number[]; answers: number[]; f1: number; mcc: number }[];
  entities: {
    scheme: 'iob1' | 'iob2' | 'bilou' | 'lenient';
    gold: string[][];
    answers: string[][];
    f1: number;
    precision: number;
    recall: number;
  }[];
  answers: { golds: string[]; answer: string; f1: number; exact: number }[];
  rankings: {
    qrels: Record<string, Record<string, number>>;
    /** By query: the score of each document. */
    run: Record<string, number[]>;
    mean: Record<string, number>;
  };
}

export const REFERENCE = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures', 'reference-scores.json'), 'utf8'),
) as ReferenceScores;
