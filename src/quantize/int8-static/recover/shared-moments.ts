/** Operators that share a weight round it together: for the mean of what each of them reads. */
import { type InputMoments, meanCovariance } from './covariance.js';

/** Gives all readers of a weight the same moments, in place: the mean of their covariances.
 *  @param moments by the name of what the reader writes. */
export function shareMoments(
  readers: readonly { output: string; weight: string }[],
  moments: Map<string, InputMoments>,
): void {
  const outputsOf = new Map<string, string[]>();
  for (const { output, weight } of readers) outputsOf.set(weight, [...(outputsOf.get(weight) ?? []), output]);
  for (const outputs of outputsOf.values()) {
    if (outputs.length < 2) continue;
    const together = meanMoments(outputs.map((output) => moments.get(output)!));
    for (const output of outputs) {
      if (together) moments.set(output, together);
      else moments.delete(output);
    }
  }
}

/** null where the readers see the weight in different ways: convolutions in other groups. */
function meanMoments(all: readonly InputMoments[]): InputMoments | null {
  const [first, ...others] = all as [InputMoments, ...InputMoments[]];
  const { inputs, covariances } = first;
  const alike = others.every(
    (other) => other.inputs === inputs && other.covariances.length === covariances.length,
  );
  if (!alike) return null;
  return {
    inputs,
    covariances: covariances.map((covariance, group) =>
      meanCovariance([covariance, ...others.map((other) => other.covariances[group]!)]),
    ),
  };
}
