import { create } from '@bufbuild/protobuf';
import { OperatorSetIdProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { subgraphsOf } from '../../../src/onnx/attributes.js';
import { makeNode } from '../../../src/onnx/build.js';
import { copyModel } from '../../../src/onnx/edit/copy-model.js';
import type { Model } from '../../../src/onnx/model.js';
import { mergedDecoder } from '../../quantize/merged-decoder.js';
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

  it('shares the weights of bodies, whose nodes it copies', () => {
    const model = mergedDecoder({ copied: true });
    const bodiesOf = (one: Model) => one.graph.nodes.flatMap(subgraphsOf);
    const [first, copied] = [bodiesOf(model)[0]!, bodiesOf(copyModel(model))[0]!];
    expect(copied.initializer).toHaveLength(first.initializer.length);
    for (const [at, tensor] of copied.initializer.entries()) expect(tensor).toBe(first.initializer[at]);
    expect(copied.node.map(({ name }) => name)).toEqual(first.node.map(({ name }) => name));
    copied.node[0]!.opType = 'Neg';
    copied.node[0]!.input.push('more');
    copied.initializer.pop();
    copied.output[0]!.name = 'other';
    expect(first.node[0]!.opType).not.toBe('Neg');
    expect(first.node[0]!.input).not.toContain('more');
    expect(first.initializer).toHaveLength(copied.initializer.length + 1);
    expect(first.output[0]!.name).toBe('logits');
  });
});
