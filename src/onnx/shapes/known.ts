/** What has been inferred of a graph so far, constants included. */
import type { Graph } from '../graph.js';
import { DataType } from '../tensor/element-type.js';
import { dimsOf } from '../tensor/tensor.js';
import type { Dimension } from './dimension.js';

export class Known {
  readonly shapes = new Map<string, readonly Dimension[]>();
  readonly values = new Map<string, readonly Dimension[]>();
  readonly graph: Graph;

  constructor(graph: Graph) {
    this.graph = graph;
  }

  shapeOf(name: string): readonly Dimension[] | undefined {
    const known = this.shapes.get(name);
    if (known) return known;
    const constant = this.graph.constant(name);
    return constant && dimsOf(constant);
  }

  /** Numbers of a constant, or what is known of computed ones. */
  valuesOf(name: string): readonly Dimension[] | undefined {
    const known = this.values.get(name);
    if (known) return known;
    const constant = this.graph.constant(name);
    if (constant?.dataType !== DataType.INT64 || constant.dims.length > 1) return undefined;
    return Array.from(this.graph.constantValues(name)!, Number);
  }
}
