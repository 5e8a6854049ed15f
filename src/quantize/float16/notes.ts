/** What is told of a conversion to half precision. */
import { LARGEST_HALF } from '../../tensor/half.js';
import { isCpu } from '../method/compare-speed.js';
import type { QuantizeRequest } from '../method/request.js';
import type { QuantizeNote } from '../method/result.js';
import type { Conversion } from './convert.js';
import type { Scope } from './scopes.js';

/** What is to be known of the conversion. */
export function conversionNotes(
  { target, calibration }: QuantizeRequest,
  { scope, converted }: { scope: Scope; converted: Conversion },
): QuantizeNote[] {
  const notes: QuantizeNote[] = [];
  if (converted.clamped > 0) {
    notes.push({
      level: 'warn',
      code: 'quantize.half-range',
      message: `${converted.clamped} constant values beyond ±${LARGEST_HALF} were clamped to it (in ${list(converted.clampedTensors)}).`,
    });
  }
  if (calibration && scope.bodies.size > 0) {
    notes.push({
      level: 'info',
      code: 'quantize.subgraphs-unseen',
      message: 'Values inside of subgraphs are not observed: whether they fit the half range is not known.',
    });
  }
  if (isCpu(target)) {
    notes.push({
      level: 'warn',
      code: 'quantize.slow-on-cpu',
      message:
        'CPUs run most float16 operators in float32 with conversions around them: expect the file to be slower than the original there.',
    });
  }
  return notes;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `'${name}'`);
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ');
}
