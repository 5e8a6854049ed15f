/** What is said of a file with 4 and 8 bits: which layers got 8, what was reached, and what was not. */
import type { SizeLimit } from '../../../config/config.js';
import type { QuantizeRequest } from '../../method/request.js';
import type { QuantizeNote } from '../../method/result.js';
import { type Chosen, inEightBits } from './choose-upgrades.js';
import type { JudgedData, JudgedOn } from './output-judge.js';
import type { Upgrade } from './upgrades.js';

export interface MixedNotesContext {
  request: QuantizeRequest;
  data: JudgedData | null;
  /** All that might have got 8 bits. */
  upgrades: readonly Upgrade[];
}

export function mixedNotes(chosen: Chosen, context: MixedNotesContext): QuantizeNote[] {
  const { minSqnr, maxSize } = context.request.options;
  const notes: QuantizeNote[] = [
    { level: 'info', code: 'quantize.mixed-precision', message: whatWasMade(chosen, context) },
  ];
  if (minSqnr !== null && !((chosen.sqnr ?? Number.NEGATIVE_INFINITY) >= minSqnr)) {
    notes.push({ level: 'warn', code: 'quantize.floor-not-reached', message: missedFloor(chosen, context) });
  }
  if (maxSize !== null && chosen.tooLarge) {
    notes.push({
      level: 'warn',
      code: 'quantize.size-not-reached',
      message: `max-size ${sizeText(maxSize)} is not kept: with 4 bits in every layer that may have them the file has ${megabytes(chosen.bytes)}.`,
    });
  }
  return notes;
}

const SOURCES: Readonly<Record<JudgedOn, string>> = {
  'held-out': 'calibration samples that no weight was fitted to',
  calibration: 'the calibration samples, which are too few to set some aside',
  'made-up': 'made-up tokens',
};

function whatWasMade(made: Chosen, { data, upgrades }: MixedNotesContext): string {
  const { floats, sqnr, bytes } = made;
  const chosen = inEightBits(made);
  const eights =
    upgrades.length === 0
      ? 'This model has no layer to choose 4 or 8 bits for'
      : chosen.length === 0
        ? `None of ${upgrades.length} layers got 8 bits`
        : `${chosen.length} of ${upgrades.length} layers got 8 bits, those that lose most for their size first: ${named(chosen)}`;
  const layers =
    floats.length === 0
      ? eights
      : `${eights}; ${floats.length} stayed ${floats[0]!.holds}, for 8 bits were too few: ${named(floats)}`;
  const reached =
    sqnr === null || data === null
      ? ''
      : ` The outputs follow the original's with ${sqnr.toFixed(1)} dB on ${SOURCES[data.on]}.`;
  return `${layers}.${reached} The file has ${megabytes(bytes)}.`;
}

function missedFloor(
  { upgrades: chosen, sqnr, tried }: Chosen,
  { request, upgrades }: MixedNotesContext,
): string {
  const floor = `min-sqnr ${request.options.minSqnr} dB is not reached`;
  if (sqnr === null)
    return `${floor}: the outputs have no floating-point values to compare, or nothing but zeros.`;
  const reached = `the outputs follow the original's with ${sqnr.toFixed(1)} dB`;
  if (chosen.length === 0 && upgrades.length > 0)
    return `${floor}: max-size leaves no room for 8 bits, and ${reached}.`;
  if (chosen.length < upgrades.length)
    return `${floor}: with the 8 bits that max-size leaves room for, ${reached}.`;
  const floats = tried
    ? `, and with ${tried.floats} of them in float32, which is not kept, with ${tried.sqnr.toFixed(1)} dB`
    : '';
  return `${floor}: with 8 bits in every layer that may have them ${reached}${floats}. More keep int8-static, float16, or \`exclude\` for the layers that lose most.`;
}

/** Named in a note; the provenance has all. */
const NAMED = 5;

function named(upgrades: readonly Upgrade[]): string {
  const names = upgrades.slice(0, NAMED).map(({ node }) => `'${node}'`);
  const more = upgrades.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

function sizeText(limit: SizeLimit): string {
  return 'bytes' in limit ? megabytes(limit.bytes) : `${limit.ratio}x`;
}

function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
