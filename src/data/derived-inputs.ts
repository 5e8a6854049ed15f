/** The inputs that the data don't hold, made of what another input is fed with: tokens, an image or a recording. */
import type { Feeds } from '../tensor/tensor.js';
import { layoutOf } from './images/layout.js';
import type { Binding } from './samples/binding.js';
import { FOLLOWING_FED, followingTensor } from './samples/following-inputs.js';
import type { Placement } from './samples/placement.js';
import type { RawSample } from './samples/source.js';
import { derivedInput, FED_INSTEAD } from './samples/token-inputs.js';

/** Adds them, in the model's order. @param placement where the sample's image lies in what the model sees. */
export function withDerived(
  feeds: Feeds,
  { bindings, placement }: { bindings: readonly Binding[]; placement: Placement | null },
): Feeds {
  if (bindings.every(({ input }) => Object.hasOwn(feeds, input))) return feeds;
  const tokens = feeds[bindings.find(({ role }) => role === 'ids')?.input ?? ''];
  return Object.fromEntries(
    bindings.map((binding) => {
      const { input, type, shape, role, follows } = binding;
      if (Object.hasOwn(feeds, input)) return [input, feeds[input]!];
      if (follows === undefined)
        return [input, derivedInput({ name: input, type, shape, role: role! }, tokens!.dims)];
      const source = bindings.find((other) => other.input === follows.of)!;
      const followed = {
        tensor: feeds[follows.of]!,
        shape: source.shape,
        layout: layoutOf(source),
        placement,
      };
      return [input, followingTensor({ role: follows.role, type, shape }, followed)];
    }),
  );
}

/** Told: the data don't hold every input of the model. */
export function fedInstead(bindings: readonly Binding[], { values }: RawSample): string[] {
  const missing = new Map<string, string[]>();
  for (const { input, role, follows } of bindings) {
    const fed = follows ? FOLLOWING_FED[follows.role] : role && role !== 'ids' ? FED_INSTEAD[role] : null;
    if (values[input] !== undefined || fed === null) continue;
    missing.set(fed, [...(missing.get(fed) ?? []), input]);
  }
  return [...missing].map(([fed, [first, ...others]]) => {
    const names = others.length === 0 ? `'${first}'` : `'${first}' and ${others.length} more of its kind`;
    return `The data hold nothing for ${names}; fed with ${fed}.`;
  });
}
