/** NaN and infinite values in outputs: what makes a variant invalid. */
import { isFloatType, numbersOf } from '../../tensor/elements.js';
import type { Tensor } from '../../tensor/tensor.js';

/**
 * Values that can't be used: NaN, +∞, and, beside a reference, any infinity that the reference doesn't share. −∞ in a
 * reference itself is a masked score, not a fault.
 */
export function countNonFinite(output: Tensor, reference: Tensor | null): number {
  if (!isFloatType(output.type)) return 0;
  const values = numbersOf(output);
  const expected = reference === null ? null : numbersOf(reference);
  let bad = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (Number.isFinite(value)) continue;
    const masked = expected === null ? value === Number.NEGATIVE_INFINITY : value === expected[at];
    if (!masked) bad++;
  }
  return bad;
}

/** Remembers where a model's outputs held such values. */
export class NonFiniteLog {
  private readonly samples: string[] = [];
  private values = 0;
  private readonly outputs = new Set<string>();

  add(sample: string, output: string, count: number): void {
    if (this.samples.at(-1) !== sample) this.samples.push(sample);
    this.outputs.add(output);
    this.values += count;
  }

  get isEmpty(): boolean {
    return this.values === 0;
  }

  /** "NaN or infinite values in output 'y' for 3 of 500 samples (12 values): a.png, b.png, …" */
  describe(total: number): string {
    const named = this.samples.slice(0, 3).join(', ');
    const outputs = [...this.outputs].map((name) => `'${name}'`).join(', ');
    return (
      `NaN or infinite values in output ${outputs} for ${this.samples.length} of ${total} samples ` +
      `(${this.values} values): ${named}${this.samples.length > 3 ? ', …' : ''}`
    );
  }
}
