/** What can be seen of a file without running it: that it has the original's inputs and outputs, and that every name stands once. */
import type { GraphProto } from 'onnx-buf';
import { subgraphsOf } from '../../onnx/attributes.js';
import type { Model } from '../../onnx/model.js';
import { modelInputs, modelOutputs } from '../../onnx/query/interface.js';
import type { ValueMeta } from '../../tensor/value-meta.js';

/** What is wrong with `made`, a sentence each; empty: nothing. */
export function structureFaults(original: Model, made: Model): string[] {
  return [
    ...differences('input', modelInputs(original), modelInputs(made)),
    ...differences('output', modelOutputs(original), modelOutputs(made)),
    ...repeatedNames(made.proto.graph!),
  ];
}

function differences(kind: string, before: readonly ValueMeta[], after: readonly ValueMeta[]): string[] {
  const names = (values: readonly ValueMeta[]) => values.map(({ name }) => name).join(', ');
  if (names(before) !== names(after)) {
    return [`its ${kind}s are ${names(after)} instead of ${names(before)}`];
  }
  return before.flatMap((value, index) => {
    const other = after[index]!;
    if (isLike(value, other)) return [];
    return [`its ${kind} '${value.name}' is ${described(other)} instead of ${described(value)}`];
  });
}

/** Numbers that the original states bind its callers; what it leaves open may be stated. */
function isLike(value: ValueMeta, other: ValueMeta): boolean {
  if (value.type === null) return true;
  if (value.type !== other.type) return false;
  const [dims, others] = [value.shape, other.shape];
  if (!dims || dims.length === 0 || !others) return true;
  return (
    dims.length === others.length &&
    dims.every((dim, axis) => typeof dim !== 'number' || dim < 0 || dim === others[axis])
  );
}

function described({ type, shape }: ValueMeta): string {
  const dims = shape?.map((dim) => (typeof dim === 'number' && dim >= 0 ? dim : '?')).join(', ');
  return `${type ?? 'no tensor'} [${dims ?? ''}]`;
}

/** ONNX wants every value written once, and ONNX Runtime every node's name to be its own; each body is a graph of its own. */
function repeatedNames(graph: GraphProto): string[] {
  const faults: string[] = [];
  const visit = ({ node, input, initializer }: GraphProto): void => {
    const nodes = new Set<string>();
    const values = new Set(input.map(({ name }) => name));
    for (const { name } of initializer) values.add(name);
    for (const one of node) {
      if (one.name !== '' && nodes.has(one.name)) faults.push(`two of its nodes are called '${one.name}'`);
      nodes.add(one.name);
      for (const name of one.output) {
        if (name !== '' && values.has(name)) faults.push(`it writes '${name}' twice`);
        values.add(name);
      }
      for (const body of subgraphsOf(one)) visit(body);
    }
  };
  visit(graph);
  return faults;
}
