/** Which ONNX Runtime a file needs: what the methods write and releases before it don't know. Each release was tried (docs/faq.md). */
import type { NodeProto } from 'onnx-buf';
import { attribute, intAttribute, subgraphsOf } from '../../onnx/attributes.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';

interface Need {
  opType: string;
  isMet(node: NodeProto): boolean;
  /** First release of ONNX Runtime 1 that runs it. */
  minor: number;
}

export const NEEDS: readonly Need[] = [
  { opType: 'MatMulNBits', isMet: (node) => intAttribute(node, 'bits', 4) === 8, minor: 22 },
  { opType: 'GatherBlockQuantized', isMet: (node) => attribute(node, 'bits') !== undefined, minor: 23 },
];

/** `1.22`: the first release that runs the operators of a file's quantized weights; null: whatever runs the original. */
export function neededRuntime(file: string): string | null {
  let minor = 0;
  const visit = (nodes: readonly NodeProto[]): void => {
    for (const node of nodes) {
      for (const need of NEEDS)
        if (node.opType === need.opType && need.isMet(node)) minor = Math.max(minor, need.minor);
      for (const body of subgraphsOf(node)) visit(body.node);
    }
  };
  visit(readModelOutline(file).proto.graph!.node);
  return minor === 0 ? null : `1.${minor}`;
}
