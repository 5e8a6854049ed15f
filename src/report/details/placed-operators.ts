/** The operators of a placement measurement. `details` is free-form: anything may stand there. */
import type { Measurement } from '../../terms/measurement.js';

export interface PlacedOperator {
  operator: string;
  provider: string;
  nodes: number;
  ms: number;
  reduced: boolean;
}

/** Empty where nobody looked. */
export function placedOperators({ details }: Measurement): PlacedOperator[] {
  const operators = details?.operators;
  return Array.isArray(operators) ? operators.filter(isPlaced) : [];
}

function isPlaced(value: unknown): value is PlacedOperator {
  const placed = value as Partial<PlacedOperator> | null;
  return (
    typeof placed?.operator === 'string' &&
    typeof placed.provider === 'string' &&
    Number.isFinite(placed.nodes) &&
    Number.isFinite(placed.ms) &&
    typeof placed.reduced === 'boolean'
  );
}
