/** Operators that exporters spell out in pieces: LayerNormalization and GELU.
 *
 *  ONNX Runtime fuses these spellings itself when it loads a model, so their pieces are left as they are (a scale folded out of one
 *  would leave five slow operators where one was), or are replaced by the operator where the opset has it. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute, intsAttribute } from '../../../onnx/attributes.js';
import type { Graph } from '../../../onnx/graph.js';
import { inputOf, outputOf } from '../../../onnx/node.js';

export interface Pattern {
  kind: 'layer-normalization' | 'gelu' | 'gelu-tanh';
  input: string;
  output: string;
  nodes: NodeProto[];
  /** LayerNormalization: names of the constants, and the number added to the variance. */
  scale?: string;
  bias?: string | null;
  epsilon?: number;
}

/** Exporters write √½, √2/π and so on with few or many digits. */
const TOLERANCE = 1e-3;
const SQRT_HALF = Math.SQRT1_2;

export function findPatterns(graph: Graph): Pattern[] {
  const found: Pattern[] = [];
  for (const node of graph.nodes) {
    if (node.domain !== '') continue;
    const pattern =
      node.opType === 'Erf'
        ? readGelu(graph, node)
        : node.opType === 'Tanh'
          ? readTanhGelu(graph, node)
          : node.opType === 'Sqrt'
            ? readLayerNormalization(graph, node)
            : null;
    if (pattern && isClosed(graph, pattern)) found.push(pattern);
  }
  return found;
}

/** Whether the pieces' values are read by each other alone: what anybody else reads, or the model gives out, must stay. */
function isClosed(graph: Graph, { nodes, output }: Pattern): boolean {
  const pieces = new Set(nodes);
  return nodes
    .flatMap((node) => node.output)
    .filter((name) => name !== '' && name !== output)
    .every((name) => !graph.isOutput(name) && graph.consumers(name).every((reader) => pieces.has(reader)));
}

/** A scalar constant's value; undefined when it is none. */
function scalar(graph: Graph, name: string | undefined): number | undefined {
  const values = name ? graph.constantValues(name) : undefined;
  return values?.length === 1 ? Number(values[0]) : undefined;
}

function near(value: number | undefined, wanted: number): boolean {
  return value !== undefined && Math.abs(value / wanted - 1) < TOLERANCE;
}

/** For `opType`(x, constant) in either order: x, when the constant is near one of the wanted; else undefined. */
function operand(
  graph: Graph,
  node: NodeProto | undefined,
  opType: string,
  wanted: number,
): string | undefined {
  if (node?.opType !== opType || node.domain !== '') return undefined;
  const [a, b] = node.input;
  if (near(scalar(graph, b), wanted)) return a;
  return opType !== 'Div' && opType !== 'Pow' && opType !== 'Sub' && near(scalar(graph, a), wanted)
    ? b
    : undefined;
}

/** The one node that reads a value, when nothing else does. */
function reader(graph: Graph, name: string | undefined): NodeProto | undefined {
  return name === undefined ? undefined : graph.onlyReader(name);
}

/** x · ½ · (1 + gate), the product taken in any order; `sum` is the Add. */
function readHalfProduct(
  graph: Graph,
  sum: NodeProto,
  input: string,
): { output: string; nodes: NodeProto[] } | null {
  const next = reader(graph, sum.output[0]);
  if (next?.opType !== 'Mul') return null;
  const other = next.input[0] === sum.output[0] ? inputOf(next, 1) : inputOf(next, 0);
  // (x · ½) · (1 + gate)
  const half = graph.producer(other);
  if (half && operand(graph, half, 'Mul', 0.5) === input && graph.onlyReader(other)) {
    return { output: outputOf(next), nodes: [half, next] };
  }
  // x · (1 + gate) · ½, and (½ · (1 + gate)) · x
  const last = reader(graph, next.output[0]);
  if (!last) return null;
  if (other === input && operand(graph, last, 'Mul', 0.5) === next.output[0]) {
    return { output: outputOf(last), nodes: [next, last] };
  }
  if (near(scalar(graph, other), 0.5) && last.opType === 'Mul' && last.input.includes(input)) {
    return { output: outputOf(last), nodes: [next, last] };
  }
  return null;
}

/** x · ½ · (1 + erf(x / √2)) */
function readGelu(graph: Graph, erf: NodeProto): Pattern | null {
  const scaled = graph.producer(inputOf(erf, 0));
  const input = operand(graph, scaled, 'Div', Math.SQRT2) ?? operand(graph, scaled, 'Mul', SQRT_HALF);
  const sum = reader(graph, erf.output[0]);
  if (!scaled || !input || !sum || !graph.onlyReader(inputOf(erf, 0))) return null;
  if (operand(graph, sum, 'Add', 1) !== erf.output[0]) return null;
  const product = readHalfProduct(graph, sum, input);
  return (
    product && { kind: 'gelu', input, output: product.output, nodes: [scaled, erf, sum, ...product.nodes] }
  );
}

/** x · ½ · (1 + tanh(√(2/π) · (x + 0.044715 · x³))); the pieces before tanh come in many orders. */
function readTanhGelu(graph: Graph, tanh: NodeProto): Pattern | null {
  const sum = reader(graph, tanh.output[0]);
  if (!sum || operand(graph, sum, 'Add', 1) !== tanh.output[0]) return null;
  const nodes: NodeProto[] = [];
  let input: string | undefined;
  const visit = (name: string): void => {
    const node = graph.producer(name);
    const isPiece = node && node.domain === '' && ['Mul', 'Add', 'Pow'].includes(node.opType);
    if (!isPiece || !graph.onlyReader(name) || nodes.length > 6) {
      if (!graph.constant(name)) input = name;
      return;
    }
    nodes.push(node);
    for (const next of node.input) visit(next);
  };
  visit(inputOf(tanh, 0));
  if (input === undefined || !isTanhGate(graph, inputOf(tanh, 0), input)) return null;
  const product = readHalfProduct(graph, sum, input);
  return (
    product && {
      kind: 'gelu-tanh',
      input,
      output: product.output,
      nodes: [...nodes, tanh, sum, ...product.nodes],
    }
  );
}

/** Where the gate is looked at: its constants and its cube are right when it is right at all of these. */
const PROBES = [-2.5, -0.5, 0.3, 1, 3];

/** Whether `name` is √(2/π) · (x + 0.044715 · x³) of `input` (Hendrycks and Gimpel, 2016): its spelling is one of many, its values are not. */
function isTanhGate(graph: Graph, name: string, input: string): boolean {
  return PROBES.every((x) =>
    near(valueAt(graph, name, { input, x }), Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)),
  );
}

/** The value of a tree of Mul, Add and Pow over numbers and `input`, where that is x; undefined for any other tree. */
function valueAt(graph: Graph, name: string, at: { input: string; x: number }): number | undefined {
  if (name === at.input) return at.x;
  if (graph.constant(name)) return scalar(graph, name);
  const node = graph.producer(name);
  const [a, b] = (node?.input ?? []).map((input) => valueAt(graph, input, at));
  if (node?.domain !== '' || a === undefined || b === undefined) return undefined;
  return { Mul: a * b, Add: a + b, Pow: a ** b }[node.opType];
}

/** (x − mean(x)) / √(mean((x − mean(x))²) + ε) · scale + bias over the last axis; `sqrt` is the root. */
function readLayerNormalization(graph: Graph, sqrt: NodeProto): Pattern | null {
  const deviation = readDeviation(graph, sqrt);
  if (!deviation) return null;
  const { input, centered, epsilon } = deviation;
  const divide = reader(graph, sqrt.output[0]);
  if (divide?.opType !== 'Div' || divide.input[0] !== centered || divide.input[1] !== sqrt.output[0])
    return null;
  const scaled = readScaleAndBias(graph, divide);
  if (!scaled) return null;
  const { scale, bias, output } = scaled;
  const nodes = [...deviation.nodes, sqrt, divide, ...scaled.nodes];
  return { kind: 'layer-normalization', input, output, nodes, scale, bias, epsilon };
}

/** √(mean((x − mean(x))²) + ε): x, and x − mean(x). */
function readDeviation(
  graph: Graph,
  sqrt: NodeProto,
): { input: string; centered: string; epsilon: number; nodes: NodeProto[] } | null {
  const sum = graph.producer(inputOf(sqrt, 0));
  const variance = graph.producer(sum?.input.find((name) => !graph.constant(name)) ?? '');
  const epsilon = scalar(
    graph,
    sum?.input.find((name) => graph.constant(name)),
  );
  if (sum?.opType !== 'Add' || epsilon === undefined || !variance || !isMeanOfLastAxis(graph, variance))
    return null;
  const square = graph.producer(inputOf(variance, 0));
  const centered = square?.input[0];
  const isSquare =
    square?.opType === 'Pow'
      ? scalar(graph, square.input[1]) === 2
      : square?.opType === 'Mul' && square.input[1] === centered;
  const subtract = graph.producer(centered ?? '');
  if (!square || !isSquare || subtract?.opType !== 'Sub' || !centered) return null;
  const input = inputOf(subtract, 0);
  const mean = graph.producer(inputOf(subtract, 1));
  if (!mean || !isMeanOfLastAxis(graph, mean) || mean.input[0] !== input) return null;
  return { input, centered, epsilon, nodes: [mean, subtract, square, variance, sum] };
}

/** · scale + bias behind a node, the bias only where there is one. */
function readScaleAndBias(
  graph: Graph,
  node: NodeProto,
): { scale: string; bias: string | null; output: string; nodes: NodeProto[] } | null {
  const multiply = reader(graph, node.output[0]);
  const scale =
    multiply?.opType === 'Mul' ? multiply.input.find((name) => name !== node.output[0]) : undefined;
  if (!multiply || !scale || !isVector(graph, scale)) return null;
  const add = reader(graph, multiply.output[0]);
  const bias = add?.opType === 'Add' ? add.input.find((name) => name !== multiply.output[0]) : undefined;
  if (!add || bias === undefined || !isVector(graph, bias))
    return { scale, bias: null, output: outputOf(multiply), nodes: [multiply] };
  return { scale, bias, output: outputOf(add), nodes: [multiply, add] };
}

function isVector(graph: Graph, name: string): boolean {
  return graph.constant(name)?.dims.length === 1;
}

function isMeanOfLastAxis(graph: Graph, node: NodeProto): boolean {
  if (node.opType !== 'ReduceMean' || node.domain !== '' || intAttribute(node, 'keepdims', 1) !== 1)
    return false;
  const axes = node.input[1] ? graph.constantValues(node.input[1]) : intsAttribute(node, 'axes');
  return axes?.length === 1 && Number(axes[0]) === -1;
}
