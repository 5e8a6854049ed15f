import { create } from '@bufbuild/protobuf';
import { GraphProtoSchema, type NodeProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { fedBackDecision } from '../../src/verify/fed-back-decision.js';

function body(node: NodeProto[], inputs: string[], outputs: string[]) {
  return create(GraphProtoSchema, {
    node,
    input: inputs.map((name) => makeValue(name, DataType.FLOAT, [])),
    output: outputs.map((name) => makeValue(name)),
  });
}

/** A decoder: the token that is likeliest is looked up for the next turn, or handed out only. */
function decoder({
  carries,
  decides = 'ArgMax',
  output = 0,
}: {
  carries: boolean;
  decides?: string;
  output?: number;
}) {
  const outputs = [0, 1].map((at) => (at === output ? 'token' : 'value'));
  const turn = body(
    [
      makeNode('Gather', ['table', 'last'], ['row']),
      makeNode('MatMul', ['row', 'head'], ['logits']),
      makeNode(decides, ['logits'], decides === 'TopK' ? outputs : ['token'], { name: 'choose' }),
      makeNode('Identity', ['token'], ['next']),
      makeNode('Identity', ['go'], ['goes']),
    ],
    ['turn', 'go', 'last'],
    ['goes', carries ? 'next' : 'last', 'token'],
  );
  return [
    makeNode('Loop', ['count', 'go', 'first'], ['end', 'tokens'], {
      name: 'turns',
      attributes: { body: { graph: turn } },
    }),
  ];
}

describe('a decision that a loop feeds back', () => {
  it('is found by the name of the operator and of the loop', () => {
    expect(fedBackDecision(decoder({ carries: true }))).toEqual({
      node: 'choose',
      operator: 'ArgMax',
      loop: 'turns',
    });
  });

  it('is none where it is only handed out', () => {
    expect(fedBackDecision(decoder({ carries: false }))).toBeNull();
  });

  it('is which values are the largest, not how large they are', () => {
    expect(fedBackDecision(decoder({ carries: true, decides: 'TopK', output: 1 }))).not.toBeNull();
    expect(fedBackDecision(decoder({ carries: true, decides: 'TopK', output: 0 }))).toBeNull();
  });

  it('is found in a branch that the turn takes, and in a Scan', () => {
    const branch = body([makeNode('ArgMin', ['state'], ['chosen'], { name: 'choose' })], [], ['chosen']);
    const turn = body(
      [
        makeNode('If', ['flag'], ['next'], {
          attributes: { then_branch: { graph: branch }, else_branch: { graph: branch } },
        }),
      ],
      ['state', 'item'],
      ['next', 'state'],
    );
    const scan = makeNode('Scan', ['zero', 'items'], ['end', 'all'], {
      name: 'steps',
      attributes: { body: { graph: turn }, num_scan_inputs: { int: 1 } },
    });
    expect(fedBackDecision([scan])).toEqual({ node: 'choose', operator: 'ArgMin', loop: 'steps' });
    const outside = makeNode('If', ['flag'], ['y'], {
      attributes: { then_branch: { graph: body([scan], [], ['end']) } },
    });
    expect(fedBackDecision([outside])).toEqual({ node: 'choose', operator: 'ArgMin', loop: 'steps' });
  });

  it('is none in a graph without loops', () => {
    expect(
      fedBackDecision([makeNode('ArgMax', ['x'], ['i']), makeNode('Gather', ['t', 'i'], ['y'])]),
    ).toBeNull();
  });
});
