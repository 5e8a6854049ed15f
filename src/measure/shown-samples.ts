/** What the report shows of the samples that its measurements name: thumbnails and texts, within a size that reports can carry. */
import { jpegThumbnail } from '../data/images/images.js';
import type { Dataset } from '../data/samples/dataset.js';
import type { Pixels } from '../data/samples/pixels.js';
import type { Measurement } from '../terms/measurement.js';
import { MAX_THUMBNAIL_BYTES, type ShownSample, THUMBNAIL_PIXELS } from '../terms/worst-sample.js';
import { shortText } from './accuracy/answers/short-text.js';

/** Of all thumbnails of a model: those of five make up half of a report of 2 MB. */
const MAX_BYTES = 150 * 1024;

/** Tried in this order, until all thumbnails together are small enough. */
const SIZES = [
  { longest: THUMBNAIL_PIXELS, quality: 75 },
  { longest: 96, quality: 60 },
  { longest: 64, quality: 50 },
];

/** In the order in which the measurements name them. */
export async function shownSamples(
  measurements: readonly Measurement[],
  data: Dataset | null,
): Promise<ShownSample[]> {
  const ids = new Set(measurements.flatMap(({ worst }) => worst?.map(({ sample }) => sample) ?? []));
  if (ids.size === 0 || !data?.shown) return [];
  const contents = await data.shown(ids);
  const pictures = new Map<string, Pixels>();
  for (const [id, content] of contents) if ('pixels' in content) pictures.set(id, content.pixels);
  const thumbnails = await thumbnailsOf(pictures);
  return [...ids].flatMap((id): ShownSample[] => {
    const content = contents.get(id);
    const thumbnail = thumbnails.get(id);
    if (thumbnail !== undefined) return [{ id, thumbnail }];
    return content && 'text' in content ? [{ id, text: shortText(content.text) }] : [];
  });
}

/** In base64. What is too large even at the smallest size is left out. */
async function thumbnailsOf(pictures: ReadonlyMap<string, Pixels>): Promise<Map<string, string>> {
  let made = new Map<string, Uint8Array>();
  for (const size of SIZES) {
    made = new Map();
    for (const [id, pixels] of pictures) made.set(id, await jpegThumbnail(pixels, size));
    const files = [...made.values()];
    const bytes = files.reduce((sum, file) => sum + file.length, 0);
    if (bytes <= MAX_BYTES && files.every((file) => file.length <= MAX_THUMBNAIL_BYTES)) break;
  }
  let left = MAX_BYTES;
  const kept = [...made].filter(([, file]) => {
    if (file.length > Math.min(left, MAX_THUMBNAIL_BYTES)) return false;
    left -= file.length;
    return true;
  });
  return new Map(kept.map(([id, file]) => [id, Buffer.from(file).toString('base64')]));
}
