/** Why a file of compressed weights has no large product whose weights are fitted. */
import { type Unfitted, whyUnfitted } from '../../gptq/why-unfitted.js';
import { makeSelection } from '../../method/selection.js';
import { bodyProducts } from './body-products.js';
import { type Parts, productsOf } from './parts.js';

export async function whyUnfittedHere(parts: Parts): Promise<Unfitted> {
  const { prepared, request, unpacks } = parts;
  const why = await whyUnfitted(request.options, async (options) => {
    const own = { ...parts, selection: makeSelection(options), unpacks: false };
    return productsOf(prepared, own).weights.length > 0 || (await bodyProducts(prepared, own)).length > 0;
  });
  return unpacks && why !== 'none' ? 'unpacked' : why;
}
