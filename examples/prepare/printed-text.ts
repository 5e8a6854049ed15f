/** Text in black ink on nothing, in a font that a package holds: alike on every machine, whatever fonts it has. */
import sharp from 'sharp';
import { packageFile } from '../../bench/models/fetch.js';

/** Ink without the empty space around it. */
export interface PrintedText {
  /** How much ink a pixel has, 0 to 255, row by row. */
  ink: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
}

export type FontWeight = '400Regular' | '700Bold';

/** @param height of the font, in pixels: from above an Å to below a g. */
export async function printText(
  text: string,
  { cache, height, weight = '400Regular' }: { cache: string; height: number; weight?: FontWeight },
): Promise<PrintedText> {
  const fontfile = await packageFile('noto-sans', `package/${weight}/NotoSans_${weight}.ttf`, cache);
  const font = `Noto Sans${weight === '700Bold' ? ' Bold' : ''} ${height}`;
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  // 72 dots per inch: a point of the font is a pixel.
  const drawn = sharp({ text: { text: escaped, font, fontfile, dpi: 72 } });
  const { data, info } = await drawn.extractChannel(0).raw().toBuffer({ resolveWithObject: true });
  return { ink: new Uint8Array(data), width: info.width, height: info.height };
}
