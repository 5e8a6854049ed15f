/** Whether a variant is the original: then nothing was quantized, and every comparison passes without saying anything. */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { AttributeProtoSchema, type NodeProto, type TensorProto } from 'onnx-buf';
import { UserError } from '../errors.js';
import { subgraphsOf } from '../onnx/attributes.js';
import { readModel } from '../onnx/file/read.js';
import { filesOf, weightsOf } from '../onnx/file/weights.js';
import { tensorBytes } from '../onnx/tensor/tensor.js';
import { type Decision, isChanged } from '../quantize/method/result.js';
import { sha256OfFile } from '../system/files/file-hash.js';

export interface Made {
  /** Absolute path of the original. */
  model: string;
  file: string;
  /** Of quantizing; null for files and commands. */
  groups: { quantized: number; float: number } | null;
  /** What became of the original's operators; of files and commands: none. */
  decisions: readonly Decision[];
}

/**
 * Why the variant is the original, as the end of a sentence; null when it isn't. A file made elsewhere counts as the original when it is its copy,
 * or when it has the same operators and the same weights, however it was saved.
 */
export async function unchangedReason({ model, file, groups, decisions }: Made): Promise<string | null> {
  if (groups !== null)
    return groups.quantized === 0 && !decisions.some(isChanged) ? 'nothing in it was quantized' : null;
  if (await sameFiles(model, file)) return 'its file is a copy of the original';
  const [original, variant] = [contents(model), contents(file)];
  return original !== null && original === variant
    ? 'it has the operators and the weights of the original'
    : null;
}

/** The model's file and its external data, byte for byte. */
async function sameFiles(one: string, other: string): Promise<boolean> {
  const [a, b] = [filesOf(one), filesOf(other)];
  if (a.length !== b.length) return false;
  for (const [at, file] of a.entries()) {
    if ((await sha256OfFile(file)) !== (await sha256OfFile(b[at]!))) return false;
  }
  return true;
}

/**
 * Digests of every operator with its attributes and of every weight, sorted: names, places and order say nothing. Subgraphs and functions are looked
 * through. null: a tensor can't be read, which other passes report.
 */
function contents(file: string): string | null {
  const { proto } = readModel(file);
  const found: string[] = [];
  const visit = (nodes: readonly NodeProto[]) => {
    for (const node of nodes) {
      if (node.opType !== 'Constant') found.push(operator(node));
      for (const graph of subgraphsOf(node)) visit(graph.node);
    }
  };
  try {
    visit(proto.graph?.node ?? []);
    for (const { node } of proto.functions) visit(node);
    for (const { tensor } of weightsOf(proto)) found.push(weight(tensor, dirname(file)));
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
  return found.sort().join();
}

function operator({ domain, opType, attribute }: NodeProto): string {
  const plain = attribute
    .filter(({ t, g, tensors, graphs }) => !t && !g && tensors.length + graphs.length === 0)
    .map((one) => `${one.name}=${Buffer.from(toBinary(AttributeProtoSchema, one)).toString('base64')}`);
  return `${domain}:${opType}(${plain.sort().join()})`;
}

function weight(tensor: TensorProto, directory: string): string {
  const hash = createHash('sha256').update(`${tensor.dataType}[${tensor.dims.join()}]`);
  if (tensor.stringData.length > 0) for (const text of tensor.stringData) hash.update(text).update('\0');
  else hash.update(tensorBytes(tensor, directory));
  return hash.digest('hex');
}
