/** Makes the chosen nodes of a graph half, and those in the bodies of its If, Loop and Scan nodes.
 *
 *  A tensor has the form that its producer gives it; a consumer that wants the other form reads a Cast of it, one per tensor, so that
 *  no two Casts ever follow each other. What a body takes in and gives back stays float32; of what lies outside of it, it reads the
 *  form that it needs. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute, setAttribute, tensorAttribute } from '../../onnx/attributes.js';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { dimsOf, makeTensor, tensorValues } from '../../onnx/tensor/tensor.js';
import { toHalf } from '../../tensor/half.js';
import type { Decision } from '../method/result.js';
import { isLargeConstant } from '../prepare/copy-cost.js';
import { intoHalfRange } from './half-range.js';
import { floatInputs } from './safety.js';
import type { Scope } from './scopes.js';

export interface Conversion {
  /** Constant values clamped to the half range, and the constants they are in. */
  clamped: number;
  clampedTensors: string[];
}

/** Converts the nodes that the decisions call 'float16', bodies included. The graph still has to be pruned.
 *  @param finish is given each graph when it is converted, bodies first: what it does with what stays float32 is in the model. */
export function convertScope(
  scope: Scope,
  decisions: ReadonlyMap<NodeProto, Decision>,
  finish: (graph: Graph) => void,
): Conversion {
  const conversion: Conversion = { clamped: 0, clampedTensors: [] };
  new Converter(scope, { decisions, conversion, finish, parent: null }).convert();
  return conversion;
}

class Converter {
  readonly #scope: Scope;
  readonly #graph: Graph;
  readonly #parent: Converter | null;
  readonly #decisions: ReadonlyMap<NodeProto, Decision>;
  readonly #conversion: Conversion;
  readonly #finish: (graph: Graph) => void;
  /** Tensors that their producers write as half. */
  readonly #halves = new Set<string>();
  /** The other form of a tensor, where one was made. */
  readonly #forms = new Map<string, string>();

  constructor(
    scope: Scope,
    context: {
      decisions: ReadonlyMap<NodeProto, Decision>;
      conversion: Conversion;
      finish: (graph: Graph) => void;
      parent: Converter | null;
    },
  ) {
    this.#scope = scope;
    this.#graph = scope.graph;
    this.#decisions = context.decisions;
    this.#conversion = context.conversion;
    this.#finish = context.finish;
    this.#parent = context.parent;
  }

  convert(): void {
    const graph = this.#graph;
    const nodes = graph.topologicalNodes();
    for (const node of nodes) {
      if (!this.#isHalfNode(node)) continue;
      if (this.#isReadyHalf(node)) {
        this.#forms.set(outputOf(node), inputOf(node, 0));
        continue;
      }
      for (const name of node.output) if (this.#isFloat(name)) this.#halves.add(name);
      convertAttributes(node, (name) => this.#isFloat(name));
    }
    for (const node of nodes) {
      this.#convertInputs(node);
      graph.editSubgraphs(node, () => this.#convertBodies(node));
    }
    for (const node of nodes) this.#dropNoOp(node);
    for (const { name } of graph.outputs) this.#restoreOutput(name);
    this.#finish(graph);
  }

  /** A Cast to float32 of what is half already: half readers go past it, and others read it as before. */
  #isReadyHalf(node: NodeProto): boolean {
    return (
      isCast(node, DataType.FLOAT) &&
      this.#scope.types.get(inputOf(node, 0))?.dataType === DataType.FLOAT16 &&
      this.#scope.own.has(inputOf(node, 0))
    );
  }

  /** A Cast to half that the model had, of what has become half: its readers go past it. */
  #dropNoOp(node: NodeProto): void {
    const [input, output] = [inputOf(node, 0), outputOf(node)];
    if (!isCast(node, DataType.FLOAT16) || !this.#halves.has(input) || this.#graph.isOutput(output)) return;
    if (this.#scope.types.get(output)?.dataType === DataType.FLOAT16) this.#graph.replaceUses(output, input);
  }

  #convertInputs(node: NodeProto): void {
    const keptFloat = floatInputs(node, this.#scope.opset);
    for (const [index, name] of [...node.input.entries()]) {
      if (!this.#isFloat(name)) continue;
      const form = this.#form(name, this.#isHalfNode(node) && !keptFloat.has(index));
      if (form !== name) this.#graph.setInput(node, index, form);
    }
  }

  #convertBodies(node: NodeProto): void {
    for (const body of this.#scope.bodies.get(node) ?? []) {
      const context = {
        decisions: this.#decisions,
        conversion: this.#conversion,
        finish: this.#finish,
        parent: this,
      };
      new Converter(body, context).convert();
      body.graph.prune();
      body.graph.setValueInfo([]);
      body.graph.commit();
    }
  }

  #isHalfNode(node: NodeProto): boolean {
    return this.#decisions.get(node)?.became === 'float16';
  }

  #isFloat(name: string): boolean {
    return this.#scope.types.get(name)?.dataType === DataType.FLOAT;
  }

  /** The name under which a float tensor is read in this form, here or in a body. */
  #form(name: string, half: boolean): string {
    if (this.#parent && !this.#scope.own.has(name)) return this.#parent.#form(name, half);
    if (this.#halves.has(name) === half) return name;
    const known = this.#forms.get(name);
    if (known) return known;
    const made = half ? this.#halfForm(name) : this.#castTo(name, DataType.FLOAT);
    this.#forms.set(name, made);
    return made;
  }

  /** Whether a large constant stays float32 in the file anyway, for operators that do, or as an output of the model. */
  #staysFloat(name: string): boolean {
    const { bodies, opset } = this.#scope;
    return (
      isLargeConstant(this.#graph, name) &&
      (this.#graph.isOutput(name) ||
        this.#graph.consumers(name).some((reader) => {
          if (bodies.has(reader)) return false;
          return !this.#isHalfNode(reader) || floatInputs(reader, opset).has(reader.input.indexOf(name));
        }))
    );
  }

  /** The half form of a float32 value: a converted copy of a constant, else a Cast. A constant that stays is cast too, which is done
   *  when the model is loaded. */
  #halfForm(name: string): string {
    const graph = this.#graph;
    const constant = graph.constant(name);
    if (!constant) return this.#castTo(name, DataType.FLOAT16);
    const { values, clamped } = intoHalfRange(graph.floats(name));
    if (clamped === 0 && this.#staysFloat(name)) return this.#castTo(name, DataType.FLOAT16);
    if (clamped > 0) {
      this.#conversion.clamped += clamped;
      this.#conversion.clampedTensors.push(name);
    }
    const half = this.#scope.freshName(`${name}_half`);
    graph.setInitializer(makeTensor(half, DataType.FLOAT16, dimsOf(constant), toHalf(values)));
    return half;
  }

  #castTo(name: string, to: DataType): string {
    const cast = this.#scope.freshName(`${name}_${to === DataType.FLOAT ? 'float' : 'half'}`);
    this.#graph.addNode(makeNode('Cast', [name], [cast], { name: cast, attributes: { to: { int: to } } }));
    return cast;
  }

  /** Gives an output its float32 form back under its own name; its half form goes by another. */
  #restoreOutput(name: string): void {
    const graph = this.#graph;
    if (!this.#halves.has(name)) return;
    const producer = graph.producer(name)!;
    const half = this.#scope.freshName(`${name}_half`);
    graph.setOutput(producer, producer.output.indexOf(name), half);
    graph.replaceUses(name, half);
    const floatForm = this.#forms.get(name);
    const cast = floatForm ? graph.producer(floatForm) : undefined;
    if (cast) {
      graph.replaceUses(floatForm!, name);
      graph.setOutput(cast, 0, name);
      return;
    }
    const attributes = { to: { int: DataType.FLOAT } };
    graph.addNode(makeNode('Cast', [half], [name], { name: `${name}_cast`, attributes }));
  }
}

function isCast(node: NodeProto, to: DataType): boolean {
  return node.opType === 'Cast' && node.domain === '' && intAttribute(node, 'to', 0) === to;
}

/** Attributes that say float32: Cast's target, ConstantOfShape's value. */
function convertAttributes(node: NodeProto, isFloat: (name: string) => boolean): void {
  if (node.opType === 'Cast' && isFloat(outputOf(node)) && intAttribute(node, 'to', 0) === DataType.FLOAT) {
    setAttribute(node, 'to', { int: DataType.FLOAT16 });
  }
  if (node.opType === 'ConstantOfShape') {
    const value = tensorAttribute(node, 'value');
    const fill = value ? (tensorValues(value) as Float32Array) : new Float32Array(1);
    const tensor = makeTensor('value', DataType.FLOAT16, [1], toHalf(intoHalfRange(fill).values));
    setAttribute(node, 'value', { tensor });
  }
}
