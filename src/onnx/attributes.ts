/** Typed access to node attributes. */
import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  AttributeProto_AttributeType as Type,
} from 'onnx-buf';

/** A value under the name of its type, as code writes it; `int` and `ints` are whole numbers (int64 in the file). */
export type AttributeValue =
  | { int: number }
  | { float: number }
  | { string: string }
  | { ints: readonly number[] }
  | { floats: readonly number[] }
  | { tensor: TensorProto }
  | { graph: GraphProto };

export function attribute(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((candidate) => candidate.name === name);
}

export function intAttribute(node: NodeProto, name: string, fallback: number): number {
  const found = attribute(node, name);
  return found ? Number(found.i) : fallback;
}

export function floatAttribute(node: NodeProto, name: string, fallback: number): number {
  return attribute(node, name)?.f ?? fallback;
}

export function stringAttribute(node: NodeProto, name: string, fallback: string): string {
  const found = attribute(node, name);
  return found ? new TextDecoder().decode(found.s) : fallback;
}

/** undefined when the attribute is absent. */
export function intsAttribute(node: NodeProto, name: string): number[] | undefined {
  return attribute(node, name)?.ints.map(Number);
}

export function tensorAttribute(node: NodeProto, name: string): TensorProto | undefined {
  return attribute(node, name)?.t;
}

/** Adds or replaces an attribute. */
export function setAttribute(node: NodeProto, name: string, value: AttributeValue): void {
  const made = makeAttribute(name, value);
  const index = node.attribute.findIndex((candidate) => candidate.name === name);
  if (index < 0) node.attribute.push(made);
  else node.attribute[index] = made;
}

export function removeAttribute(node: NodeProto, name: string): void {
  node.attribute = node.attribute.filter((candidate) => candidate.name !== name);
}

export function makeAttribute(name: string, value: AttributeValue): AttributeProto {
  if ('int' in value) return create(AttributeProtoSchema, { name, type: Type.INT, i: BigInt(value.int) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: Type.FLOAT, f: value.float });
  if ('string' in value) {
    return create(AttributeProtoSchema, {
      name,
      type: Type.STRING,
      s: new TextEncoder().encode(value.string),
    });
  }
  if ('ints' in value)
    return create(AttributeProtoSchema, { name, type: Type.INTS, ints: value.ints.map(BigInt) });
  if ('floats' in value)
    return create(AttributeProtoSchema, { name, type: Type.FLOATS, floats: [...value.floats] });
  if ('tensor' in value) return create(AttributeProtoSchema, { name, type: Type.TENSOR, t: value.tensor });
  return create(AttributeProtoSchema, { name, type: Type.GRAPH, g: value.graph });
}

/** The subgraphs of a node (If, Loop, Scan and others). */
export function subgraphsOf(node: NodeProto): GraphProto[] {
  return node.attribute.flatMap((candidate) =>
    candidate.g ? [candidate.g, ...candidate.graphs] : candidate.graphs,
  );
}
