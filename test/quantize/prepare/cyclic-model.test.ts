import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { makeNode } from '../../../src/onnx/build.js';
import { prepareModel } from '../../../src/quantize/prepare/prepare.js';
import { floatValue, runtime, scratch, smallModel, weight } from '../small-models.js';

describe('a model in which a node writes to the input that it is computed from', () => {
  it('is refused as no valid model', async () => {
    using place = scratch();
    const file = join(place.directory, 'cyclic.onnx');
    const { proto } = smallModel({
      inputs: [floatValue('x', ['N', 8])],
      nodes: [makeNode('MatMul', ['x', 'w'], ['p']), makeNode('Relu', ['p'], ['r'])],
      initializers: [weight('w', [8, 8])],
    });
    proto.graph!.node[1]!.output = ['x'];
    // So many weights that ONNX Runtime is not asked to prepare it: it would have said so.
    proto.graph!.initializer[0]!.dims = [1_000_000_007n];
    writeFileSync(file, toBinary(ModelProtoSchema, proto));
    await expect(prepareModel(file, { context: { runtime, log: SILENT } })).rejects.toThrow(
      /cyclic\.onnx is no valid ONNX model: graph '.*' has a cycle/,
    );
  });
});
