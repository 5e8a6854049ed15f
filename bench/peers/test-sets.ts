/** Samples as ONNX test sets (test_data_set_N/input_0.pb): the one form that every tool reads alike, whatever its preprocessing. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { TensorProtoSchema } from 'onnx-buf';
import sharp from 'sharp';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';

export interface FloatTensor {
  dims: number[];
  data: Float32Array;
}

export interface FloatImage extends FloatTensor {
  /** [1, 3, height, width], planes. */
  dims: [1, 3, number, number];
}

export interface IntegerTensor {
  dims: number[];
  data: BigInt64Array;
}

/** By the model's inputs. */
export type SampleTensors = Record<string, FloatTensor | IntegerTensor>;

/** Writes one sample; each tensor bears its input's name. */
export function writeTestSet(folder: string, index: number, sample: SampleTensors): void {
  const set = join(folder, `test_data_set_${index}`);
  mkdirSync(set, { recursive: true });
  for (const [position, [name, { dims, data }]] of Object.entries(sample).entries()) {
    const type = data instanceof BigInt64Array ? DataType.INT64 : DataType.FLOAT;
    const tensor = makeTensor(name, type, dims, data);
    writeFileSync(join(set, `input_${position}.pb`), toBinary(TensorProtoSchema, tensor));
  }
}

/** Paths of all images below a folder, in order. */
export function imagesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.jpe?g$/i.test(name))
    .sort()
    .map((name) => join(folder, name));
}

export interface PixelPreparation {
  width: number;
  height: number;
  channels: 'rgb' | 'bgr';
  /** value = (pixel − mean) / std, of pixels 0–255. */
  mean: number;
  std: number;
}

/** A photograph stretched to a size. */
export async function stretchedImage(path: string, to: PixelPreparation): Promise<FloatImage> {
  const image = sharp(readFileSync(path)).removeAlpha().toColourspace('srgb');
  const resized = image.resize(to.width, to.height, { fit: 'fill', kernel: 'linear' });
  return toPlanes(await resized.raw().toBuffer(), { ...to, padded: to.width });
}

/** A text line of the recognizer's height as it is, zeros behind it up to the least width. */
export async function paddedLine(
  path: string,
  to: Omit<PixelPreparation, 'width'> & { leastWidth: number },
): Promise<FloatImage> {
  const image = sharp(readFileSync(path)).removeAlpha().toColourspace('srgb');
  const { data, info } = await image
    .resize({ height: to.height, kernel: 'linear' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return toPlanes(data, { ...to, width: info.width, padded: Math.max(to.leastWidth, info.width) });
}

function toPlanes(pixels: Buffer, to: PixelPreparation & { padded: number }): FloatImage {
  const { width, height, padded } = to;
  const order = to.channels === 'rgb' ? [0, 1, 2] : [2, 1, 0];
  const data = new Float32Array(3 * height * padded);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      order.forEach((source, plane) => {
        data[(plane * height + y) * padded + x] = (pixels[(y * width + x) * 3 + source]! - to.mean) / to.std;
      });
    }
  }
  return { dims: [1, 3, height, padded], data };
}
