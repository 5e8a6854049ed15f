/** What a reader can be shown of samples: pictures and texts as they are stored. */
import type { Tensor } from '../tensor/tensor.js';
import type { ShownContent } from './samples/dataset.js';
import type { Pixels } from './samples/pixels.js';
import type { RawValue, Source } from './samples/source.js';

/** Reads the samples of these ids anew; those that are neither picture nor text are left out. */
export async function shownContents(
  { source, order }: { source: Source; order: Uint32Array },
  ids: ReadonlySet<string>,
): Promise<Map<string, ShownContent>> {
  const found = new Map<string, ShownContent>();
  for (const index of order) {
    const id = source.id(index);
    if (!ids.has(id)) continue;
    const content = await contentOf(source, index);
    if (content !== null) found.set(id, content);
  }
  return found;
}

async function contentOf(source: Source, index: number): Promise<ShownContent | null> {
  if (source.text) return { text: source.text(index) };
  const { values } = await source.read(index);
  for (const value of Object.values(values)) {
    const pixels = value.kind === 'image' ? value.pixels : pictureOf(value);
    if (pixels !== null) return { pixels };
  }
  return null;
}

/** An array of bytes in the shape of a picture: [height, width], [height, width, 1 or 3], or [1 or 3, height, width]. */
function pictureOf({ tensor }: Extract<RawValue, { tensor: Tensor }>): Pixels | null {
  if (!(tensor.data instanceof Uint8Array)) return null;
  const { data } = tensor;
  const dims = tensor.dims.length === 4 && tensor.dims[0] === 1 ? tensor.dims.slice(1) : tensor.dims;
  const [first = 0, second = 0, third = 0] = dims;
  if (dims.length === 2) return { width: second, height: first, channels: 1, data };
  if (dims.length !== 3) return null;
  if (third === 1 || third === 3) return { width: second, height: first, channels: third, data };
  if (first === 1) return { width: third, height: second, channels: 1, data };
  if (first !== 3) return null;
  const plane = second * third;
  const interleaved = new Uint8Array(data.length);
  for (let at = 0; at < interleaved.length; at++)
    interleaved[at] = data[(at % 3) * plane + Math.floor(at / 3)]!;
  return { width: third, height: second, channels: 3, data: interleaved };
}
