import { create } from '@bufbuild/protobuf';
import { OperatorSetIdProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { copyModel } from '../../../src/onnx/edit/copy-model.js';
import { smallModel } from '../../quantize/small-models.js';

describe('a copy of a model', () => {
  it('imports the same operator sets, also where the default domain is not written out', () => {
    const model = smallModel({ nodes: [makeNode('Relu', ['x'], ['y'])] });
    model.proto.opsetImport = [create(OperatorSetIdProtoSchema, { version: 17n })];
    const copy = copyModel(model);
    expect(copy.opset()).toBe(17);
    copy.setOpset('', 18);
    expect(model.opset()).toBe(17);
  });

  it('is edited without touching the first', () => {
    const model = smallModel({ nodes: [makeNode('Relu', ['x'], ['y'], { name: 'r' })] });
    const { graph } = copyModel(model);
    graph.producer('y')!.opType = 'Neg';
    expect(model.graph.producer('y')!.opType).toBe('Relu');
  });
});
