import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../../src/log.js';
import { makeNode, makeValue } from '../../../../src/onnx/build.js';
import { readModel } from '../../../../src/onnx/file/read.js';
import { writeModel } from '../../../../src/onnx/file/write.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../../src/onnx/tensor/tensor.js';
import { OutputErrors } from '../../../../src/quantize/int8-static/recover/output-error.js';
import type { Feeds } from '../../../../src/tensor/tensor.js';
import { dataset, runtime, samplesOf, scratch, smallModel } from '../../small-models.js';

/** y = x · factor */
function write(directory: string, factor: number): string {
  const path = join(directory, `${factor}.onnx`);
  const factors = makeTensor('s', DataType.FLOAT, [], Float32Array.of(factor));
  writeModel(smallModel({ nodes: [makeNode('Mul', ['x', 's'], ['y'])], initializers: [factors] }), path);
  return path;
}

/** As files declare what they give that are not made here, for any number of rows. */
function declare(file: string): void {
  const model = readModel(file);
  model.proto.graph!.input = [makeValue('x', DataType.FLOAT, ['rows', 4, 8, 8])];
  model.proto.graph!.output = [makeValue('y', DataType.FLOAT)];
  writeModel(model, file);
}

describe('the error at the outputs', () => {
  it('is relative to the signal, and infinite where a file gives NaN', async () => {
    using place = scratch();
    const [reference, ...files] = [1, 1, 1.1, 0.5, Number.NaN].map((factor) =>
      write(place.directory, factor),
    );
    const samples = dataset(samplesOf([1, 4, 8, 8]));
    const found = await new OutputErrors({
      reference: reference!,
      dataset: samples,
      context: { runtime, log: SILENT },
    }).of(files);
    const errors = found.map(({ all }) => all);
    expect(errors[0]).toBe(0);
    expect(errors[1]).toBeCloseTo(0.01, 6);
    expect(errors[2]).toBeCloseTo(0.25, 6);
    expect(errors[3]).toBe(Number.POSITIVE_INFINITY);
  });
  it('keeps what the reference gives for samples that are compared again, and for the first ones', async () => {
    using place = scratch();
    const [reference, file] = [1, 1.1].map((factor) => write(place.directory, factor));
    const [samples, others] = [samplesOf([1, 4, 8, 8], 12), samplesOf([1, 4, 8, 8], 12)];
    const known = new Map<Feeds, Feeds>();
    const context = { runtime, log: SILENT };
    const errors = new OutputErrors({
      ...{ reference: reference!, dataset: dataset(samples), known, context },
      samples: samples.slice(0, 4),
    });
    const before = await errors.of([file!], others);
    await errors.of([file!]);
    expect([...known.keys()]).toEqual([...others, ...samples.slice(0, 4)]);
    await errors.of([file!], samples.slice(4));
    expect(known.size).toBe(24);
    errors.forgetOthers();
    expect([...known.keys()]).toEqual([...others, ...samples.slice(0, 4)]);
    expect(await errors.of([file!], others)).toEqual(before);
  });

  it('needs the reference only once for the same samples', async () => {
    using place = scratch();
    const [reference, ...files] = [1, 1.1, 0.5].map((factor) => write(place.directory, factor));
    const opened: unknown[] = [];
    const counting: typeof runtime = {
      ...runtime,
      open(model, options) {
        opened.push(model);
        return runtime.open(model, options);
      },
    };
    const samples = dataset(samplesOf([1, 4, 8, 8]));
    const errors = new OutputErrors({
      reference: reference!,
      dataset: samples,
      context: { runtime: counting, log: SILENT },
    });
    const first = await errors.of(files);
    const again = await errors.of([...files].reverse());
    expect(opened.filter((model) => model === reference)).toHaveLength(1);
    expect(again[0]!.all).toBeCloseTo(first[1]!.all, 6);
    expect(again[1]!.all).toBeCloseTo(first[0]!.all, 6);
  });

  it('is known of the same bytes on the same samples, whatever the file is called', async () => {
    using place = scratch();
    const [reference, half, other] = [1, 0.5, 0.25].map((factor) => write(place.directory, factor));
    const copy = join(place.directory, 'copy.onnx');
    copyFileSync(half!, copy);
    const opened: unknown[] = [];
    const counting: typeof runtime = {
      ...runtime,
      open(model, options) {
        opened.push(model);
        return runtime.open(model, options);
      },
    };
    const errors = new OutputErrors({
      reference: reference!,
      dataset: dataset(samplesOf([1, 4, 8, 8])),
      context: { runtime: counting, log: SILENT },
    });
    const [first] = await errors.of([half!]);
    expect(await errors.of([other!, copy])).toEqual([
      expect.not.objectContaining({ all: first!.all }),
      first,
    ]);
    expect(opened).not.toContain(copy);
    // Of other samples nothing is known.
    await errors.of([copy], samplesOf([1, 4, 8, 8], 2));
    expect(opened).toContain(copy);
  });

  it('is given for each sample alone, on the samples that are named', async () => {
    using place = scratch();
    const zeroAbove = makeNode('Clip', ['x', '', 'limit'], ['y']);
    const limit = makeTensor('limit', DataType.FLOAT, [], Float32Array.of(1));
    const [reference, clipped] = ['float', 'clipped'].map((name) => join(place.directory, `${name}.onnx`));
    writeModel(smallModel({ nodes: [makeNode('Identity', ['x'], ['y'])] }), reference!);
    writeModel(smallModel({ nodes: [zeroAbove], initializers: [limit] }), clipped!);
    const filled = (value: number): Feeds => ({
      x: { type: 'float32', dims: [1, 4, 8, 8], data: new Float32Array(256).fill(value) },
    });
    const errors = new OutputErrors({
      reference: reference!,
      dataset: dataset(samplesOf([1, 4, 8, 8])),
      context: { runtime, log: SILENT },
    });
    const [error] = await errors.of([clipped!], [filled(0.5), filled(2), filled(0)]);
    expect(error!.samples).toEqual([0, 0.25, 0]);
    expect(error!.all).toBeCloseTo(1 / 4.25, 6);
  });

  it('is found with one file open at a time; with all of them where the outputs are too large to be kept', async () => {
    using place = scratch();
    const [reference, ...files] = [1, 1.1, 0.5].map((factor) => write(place.directory, factor));
    for (const file of [reference!, ...files]) declare(file);
    let [open, most, opened] = [0, 0, 0];
    const counting: typeof runtime = {
      ...runtime,
      async open(model, options) {
        const session = await runtime.open(model, options);
        opened++;
        most = Math.max(most, ++open);
        return {
          ...session,
          async release() {
            open--;
            await session.release();
          },
        };
      },
    };
    const errorsOn = async (rows: number) => {
      const data = new Float32Array(rows * 256).fill(1);
      const sample = (): Feeds => ({ x: { type: 'float32', dims: [rows, 4, 8, 8], data } });
      [most, opened] = [0, 0];
      const errors = new OutputErrors({
        reference: reference!,
        dataset: dataset(samplesOf([1, 4, 8, 8])),
        context: { runtime: counting, log: SILENT },
      });
      return (await errors.of(files, [sample(), sample(), sample()])).map(({ all }) => all.toFixed(3));
    };
    expect(await errorsOn(1)).toEqual(['0.010', '0.250']);
    expect([most, opened, open]).toEqual([1, 3, 0]);
    // 40 MB for each sample.
    expect(await errorsOn(40_000)).toEqual(['0.010', '0.250']);
    expect([most, opened, open]).toEqual([3, 3, 0]);
  });
});
