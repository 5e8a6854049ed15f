/** 4 bits, and 8 in the fewest layers with which the limits hold (quantize/weight-only/mixed/mixed-precision.ts): made at once as the final file will be. */
import { JUDGES } from '../../quantize/weight-only/mixed/output-judge.js';
import { sqnrAsked } from '../judging/limits.js';
import type { Candidate } from './candidate.js';
import type { Searching } from './searching.js';

/** What is asked for above the limits, in dB: the samples that judge the layers' bits are few. */
const MARGINS_DB = [0.3, 1.5];

/** The floor that a candidate is asked for at first, in dB; null: the limits can't be told as one. */
export function floorOf({ quality }: Candidate, { search }: Pick<Searching, 'search'>): number | null {
  const asked = quality.isWhole ? null : sqnrAsked(search.limits, quality);
  return asked === null ? null : floorAbove(asked, MARGINS_DB[0]!);
}

function floorAbove(asked: number, marginDb: number): number {
  return Math.ceil(10 * (asked + marginDb)) / 10;
}

/** A larger file than that with 4 bits everywhere has layers with 8. */
const LARGER = 1.001;

/** Adds what it makes to the candidates, not raced. A rough candidate with 4 bits everywhere is ruled out: it is this file, or breaks a limit. */
export async function mixBits(
  all: Candidate,
  { search, maker, isLate }: Searching,
): Promise<Candidate | undefined> {
  const asked = all.quality.isWhole ? null : sqnrAsked(search.limits, all.quality);
  if (asked === null) return undefined;
  for (const [index, margin] of MARGINS_DB.entries()) {
    // A first file is made however late it is.
    if (isLate() && (index > 0 || maker.tried.some(({ made }) => made))) return undefined;
    const floor = floorAbove(asked, margin);
    const stages = all.stages.map((stage) =>
      stage.method === 'int4-weights' ? { ...stage, 'min-sqnr': floor } : stage,
    );
    const mixed = await maker.final(`${all.name} with 8 bits where 4 lose most, for ${floor} dB`, {
      stages,
      unseen: JUDGES,
    });
    if (!mixed) return undefined;
    if (all.isRough && mixed.sizeRatio > LARGER * all.sizeRatio) {
      all.isRuledOut = true;
      all.broken = ['the limits without 8 bits in some layers'];
    } else if (all.isRough) maker.forget(all);
    if (mixed.broken.length === 0) return mixed;
  }
  return undefined;
}
