/** A node of the graph as ONNX Runtime runs it. */
export interface OptimizedNode {
  /** As in the profile's events. */
  name: string;
  operator: string;
  /** Shape of each input that is a constant; null for the others. */
  constants: (readonly number[] | null)[];
}
