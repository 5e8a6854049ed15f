/** An ONNX model: opsets, metadata, and its main graph. */
import { create } from '@bufbuild/protobuf';
import { type ModelProto, OperatorSetIdProtoSchema, StringStringEntryProtoSchema } from 'onnx-buf';
import { Graph } from './graph.js';

export class Model {
  readonly proto: ModelProto;
  readonly graph: Graph;

  /** @param directory folder of the model file, for external tensor data; null for a model in memory.
   *  @param outer the graph around this one, where it is a body that is looked at as a model. */
  constructor(proto: ModelProto, directory: string | null, outer?: Pick<Graph, 'freshName'>) {
    if (!proto.graph) throw new Error('a model without a graph');
    this.proto = proto;
    this.graph = new Graph(proto.graph, directory, outer);
  }

  /** Version of an imported operator set; 0 if the model doesn't import it. '' and 'ai.onnx' are the same domain. */
  opset(domain = ''): number {
    const found = this.proto.opsetImport.find(
      (entry) => canonicalDomain(entry.domain) === canonicalDomain(domain),
    );
    return found ? Number(found.version) : 0;
  }

  /** Imports an operator set, or changes the version of one imported. */
  setOpset(domain: string, version: number): void {
    const found = this.proto.opsetImport.find(
      (entry) => canonicalDomain(entry.domain) === canonicalDomain(domain),
    );
    if (found) found.version = BigInt(version);
    else this.proto.opsetImport.push(create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) }));
  }

  /** Drops the imports of all operator sets but those used, which are named by their canonical domains. */
  dropUnusedOpsets(used: ReadonlySet<string>): void {
    this.proto.opsetImport = this.proto.opsetImport.filter((entry) =>
      used.has(canonicalDomain(entry.domain)),
    );
  }

  metadata(key: string): string | undefined {
    return this.proto.metadataProps.find((entry) => entry.key === key)?.value;
  }

  setMetadata(key: string, value: string): void {
    const found = this.proto.metadataProps.find((entry) => entry.key === key);
    if (found) found.value = value;
    else this.proto.metadataProps.push(create(StringStringEntryProtoSchema, { key, value }));
  }
}

/** 'ai.onnx' is another spelling of the default domain ''. */
export function canonicalDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}
