/** A group: the nodes that ONNX Runtime makes one 8-bit kernel of. */
import type { NodeProto } from 'onnx-buf';
import type { FusionRow } from './fusion-table.js';

export interface Group {
  node: NodeProto;
  row: FusionRow;
  /** Relu and Clip nodes that the output's range replaces, in order (of a composite: the nodes that belong to it). */
  clamps: NodeProto[];
  /** Data tensors read, in the order of the row's data inputs. */
  inputs: string[];
  /** Tensors written, behind the clamps. More than one for Split only. */
  outputs: string[];
  /** Whether the output may stay float while the group runs in 8 bits. */
  floatOutput: boolean;
  /** Whether the output must stay float: it is an output of the model. */
  endsModel: boolean;
}
