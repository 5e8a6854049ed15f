import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { ModelProtoSchema } from 'onnx-buf';
import { afterAll, describe, expect, it } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { renameExternalData } from '../../src/onnx/file/external-data-name.js';
import { readModel } from '../../src/onnx/file/read.js';
import { filesOf } from '../../src/onnx/file/weights.js';
import { encodeModel, writeModel } from '../../src/onnx/file/write.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor, tensorValues } from '../../src/onnx/tensor/tensor.js';
import { loadRuntime } from '../../src/runtime/load.js';
import { outsideBodyBytes } from './outside-body.js';

const shared = `${process.env.QUANTGATE_TEST_DATA ?? 'nowhere'}/models`;
const models = existsSync(shared) ? readdirSync(shared).filter((name) => name.endsWith('.onnx')) : [];
const folder = mkdtempSync(join(tmpdir(), 'quantgate-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** x[4] + w[4], with a weight large enough to be written as external data. */
function addModel(length = 4096) {
  const weights = Float32Array.from({ length }, (_, i) => i / 7);
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [length])],
    outputs: [makeValue('y', DataType.FLOAT, [length])],
    nodes: [makeNode('Add', ['x', 'w'], ['y'], { name: 'add' })],
    initializers: [makeTensor('w', DataType.FLOAT, [length], weights)],
  });
}

describe('a model that is read and written', () => {
  it.skipIf(models.length === 0)(
    'holds the same message afterwards, for real models (needs QUANTGATE_TEST_DATA, a folder with models)',
    () => {
      for (const name of models) {
        const model = readModel(join(shared, name));
        const before = fromBinary(ModelProtoSchema, readFileSync(join(shared, name)));
        writeModel(model, join(folder, name));
        const after = fromBinary(ModelProtoSchema, readFileSync(join(folder, name)));
        // The order of nodes may change where the file's own was not topological.
        for (const { graph } of [before, after])
          graph!.node.sort((a, b) => (a.output[0]! < b.output[0]! ? -1 : 1));
        expect(
          Buffer.compare(toBinary(ModelProtoSchema, after), toBinary(ModelProtoSchema, before)),
          name,
        ).toBe(0);
        rmSync(join(folder, name));
      }
    },
  );

  it('keeps fields that this version of the schema does not know', () => {
    const bytes = encodeModel(addModel());
    const unknown = Uint8Array.of(0xc2, 0x0c, 3, 1, 2, 3); // field 200, length-delimited, 3 bytes
    const path = join(folder, 'unknown.onnx');
    writeFileSync(path, Buffer.concat([bytes, unknown]));
    const again = encodeModel(readModel(path));
    expect(Buffer.from(again).includes(Buffer.from(unknown))).toBe(true);
  });

  it('finds its weights in the external file, whether asked for or not', () => {
    const path = join(folder, 'external.onnx');
    writeModel(addModel(), path, { externalData: 'always' });
    expect(statSync(path).size).toBeLessThan(1000);
    const external = readModel(path);
    const inline = join(folder, 'inline.onnx');
    writeModel(external, inline);
    const expected = tensorValues(addModel().graph.constant('w')!);
    expect(external.graph.constantValues('w')).toEqual(expected);
    expect(readModel(inline).graph.constantValues('w')).toEqual(expected);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('finds its weights in an external file that was given another name', () => {
    const path = join(folder, 'model_q4.onnx');
    writeModel(addModel(), path, { externalData: 'always' });
    renameExternalData(path, `${path}_data`);
    expect(filesOf(path)).toEqual([path, `${path}_data`]);
    expect(existsSync(`${path}.data`)).toBe(false);
    expect(readModel(path).graph.constantValues('w')).toEqual(tensorValues(addModel().graph.constant('w')!));
  });

  it('takes the external data of bodies with it, wherever it is written', async () => {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    mkdirSync(from);
    mkdirSync(to);
    writeFileSync(join(from, 'a.onnx'), outsideBodyBytes('a.bin'));
    writeFileSync(join(from, 'a.bin'), Buffer.from(Float32Array.of(1, 2).buffer));
    const file = join(to, 'a.onnx');
    writeModel(readModel(join(from, 'a.onnx')), file);
    expect(filesOf(file)).toEqual([file]);
    const session = await (await loadRuntime()).open(file);
    const { y } = await session.run({
      cond: { type: 'bool', dims: [], data: Uint8Array.of(1) },
      x: { type: 'float32', dims: [2], data: Float32Array.of(10, 20) },
    });
    await session.release();
    expect(y!.data).toEqual(Float32Array.of(11, 22));
  });

  it('never reads outside its folder', () => {
    const path = join(folder, 'escape.onnx');
    writeModel(addModel(), path, { externalData: 'always' });
    const proto = fromBinary(ModelProtoSchema, readFileSync(path));
    const entry = proto.graph!.initializer[0]!.externalData.find(({ key }) => key === 'location')!;
    for (const location of ['../secret', '/etc/passwd', '', 'sub/../../secret']) {
      entry.value = location;
      writeFileSync(path, toBinary(ModelProtoSchema, proto));
      expect(() => readModel(path).graph.constantValues('w')).toThrow(/leaves the model's folder/);
    }
    symlinkSync('/etc/passwd', join(folder, 'link'));
    entry.value = 'link';
    writeFileSync(path, toBinary(ModelProtoSchema, proto));
    expect(() => readModel(path).graph.constantValues('w')).toThrow(/link out of the model's folder/);
  });

  it('is not left half-written when its folder cannot be written', () => {
    expect(() => writeModel(addModel(), join(folder, 'missing', 'model.onnx'))).toThrow(/can't be written/);
  });
});

describe('a file that is not a model', () => {
  const cases: [string, () => Uint8Array, RegExp][] = [
    ['empty', () => new Uint8Array(), /is empty/],
    [
      'an LFS pointer',
      () => Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'),
      /Git LFS pointer/,
    ],
    ['text', () => Buffer.from('# not a model\n'), /not (a readable|an) ONNX model/],
    ['a PNG', () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /not (a readable|an) ONNX model/],
    ['truncated', () => encodeModel(addModel()).subarray(0, 9000), /truncated/],
  ];
  for (const [what, bytes, message] of cases) {
    it(`is refused by name when it is ${what}`, () => {
      const path = join(folder, 'bad.onnx');
      writeFileSync(path, bytes());
      expect(() => readModel(path)).toThrow(message);
      expect(() => readModel(path)).toThrow(path);
    });
  }

  it('is refused by name when it is missing', () => {
    expect(() => readModel(join(folder, 'nowhere.onnx'))).toThrow(
      /nowhere\.onnx can't be read: no such file/,
    );
  });
});

describe('tensor values', () => {
  it('survive packing to 4 bits and back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -8, max: 7 })), (values) => {
        const tensor = makeTensor('t', DataType.INT4, [values.length], Int8Array.from(values));
        expect(tensor.rawData.length).toBe(Math.ceil(values.length / 2));
        expect([...tensorValues(tensor)]).toEqual(values);
      }),
    );
  });

  it('are the same from raw bytes and from typed fields, aligned or not', () => {
    const values = Float32Array.of(1.5, -2, 3e-8);
    const raw = makeTensor('t', DataType.FLOAT, [3], values);
    const shifted = new Uint8Array(13);
    shifted.set(raw.rawData, 1);
    expect(tensorValues({ ...raw, rawData: shifted.subarray(1) })).toEqual(values);
    expect(tensorValues({ ...raw, rawData: new Uint8Array(), floatData: [...values] })).toEqual(values);
  });

  it('of the wrong length are refused', () => {
    const tensor = makeTensor('t', DataType.FLOAT, [3], Float32Array.of(1, 2, 3));
    expect(() => tensorValues({ ...tensor, rawData: tensor.rawData.subarray(4) })).toThrow(
      /8 bytes instead of 12/,
    );
  });
});
