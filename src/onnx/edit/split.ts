/** Split in the form that a model's operator set has. */
import { makeNode } from '../build.js';
import type { Model } from '../model.js';
import { DataType } from '../tensor/element-type.js';

/** From operator set 13 on, Split takes its sizes as an input. */
const SIZES_AS_INPUT_OPSET = 13;

export interface SplitOptions {
  outputs: readonly string[];
  /** Of each output along the axis. */
  sizes: readonly number[];
  axis: number;
}

/** Adds a Split of a tensor to the graph. Gives the name of the constant that holds the sizes; null where they are an attribute. */
export function addSplit(model: Model, input: string, { outputs, sizes, axis }: SplitOptions): string | null {
  const { graph } = model;
  const name = graph.freshName(`${input}_split`);
  const along = { axis: { int: axis } };
  if (model.opset() < SIZES_AS_INPUT_OPSET) {
    const attributes = { ...along, split: { ints: [...sizes] } };
    graph.addNode(makeNode('Split', [input], outputs, { name, attributes }));
    return null;
  }
  const values = BigInt64Array.from(sizes, BigInt);
  const constant = graph.addConstant(`${input}_sizes`, DataType.INT64, [sizes.length], values);
  graph.addNode(makeNode('Split', [input, constant], outputs, { name, attributes: along }));
  return constant;
}
