/** What a convolution's kernel sees at some positions of its input, taken inside the graph: whole images leave no session. */
import { makeNode, makeValue } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { makeTensor } from '../../../onnx/tensor/tensor.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { ObservedValue, Observer } from '../../observe/observer.js';

/** Where a convolution's output looks at its input. */
export interface Window {
  kernel: [number, number];
  strides: [number, number];
  dilations: [number, number];
  /** Above and left. */
  pads: [number, number];
}

export interface Image {
  height: number;
  width: number;
}

/** Places in a plane of the image: for each of the kernel's, row by row, one per position; −1 is outside. */
export type Places = Int32Array;

/** Of [batch, channels, values of a plane]. */
const PLANE_AXIS = 2;

/** Positions of the output that are spread over the image, at most about two times `wanted`: other ones in every sample. */
export function placesOf(
  { height, width }: Image,
  { window, wanted, sample }: { window: Window; wanted: number; sample: number },
): Places {
  const { kernel, strides, dilations, pads } = window;
  const columns = Math.max(1, Math.floor(width / strides[1]));
  const positions = Math.max(1, Math.floor(height / strides[0])) * columns;
  const step = Math.max(1, Math.floor(positions / wanted)) | 1;
  const seen = Math.ceil((positions - (sample % step)) / step);
  const places = new Int32Array(kernel[0] * kernel[1] * seen);
  for (let index = 0; index < seen; index++) {
    const position = (sample % step) + index * step;
    const top = Math.floor(position / columns) * strides[0] - pads[0];
    const left = (position % columns) * strides[1] - pads[1];
    for (let i = 0; i < kernel[0]; i++) {
      const y = top + i * dilations[0];
      for (let j = 0; j < kernel[1]; j++) {
        const x = left + j * dilations[1];
        const isInside = y >= 0 && y < height && x >= 0 && x < width;
        places[(i * kernel[1] + j) * seen + index] = isInside ? y * width + x : -1;
      }
    }
  }
  return places;
}

/** What a kernel saw of the first image of a batch. */
export interface SeenImage {
  /** Of every channel `stride` values; then the other images. */
  values: Float32Array;
  stride: number;
  /** For each of the kernel's places, row by row, one per position: which of its channel's values it saw; −1 is outside, where it saw zero. */
  reads: Int32Array;
  positions: number;
}

/** Of a tensor [batch, channels, height, width]: what lies at some places, [batch, channels, places], or all of it as far as that is asked for; and its dimensions. */
export interface WindowValues {
  values: ObservedValue;
  dims: ObservedValue;
  /** Of the session: indices in a plane, or how many of its values are asked for. */
  input: string;
  isWhole: boolean;
}

/** How a tensor is looked at. */
export interface Looked {
  tensor: string;
  /** Planes leave the session as they are: there are no more values in them than kernels see, again and again. */
  isWhole: boolean;
}

/** What `WindowValues.input` is fed to see these places. */
export function feedFor(places: Places, { isWhole }: Pick<Looked, 'isWhole'>): Tensor {
  if (isWhole) {
    const data = Int32Array.of(places.length === 0 ? 0 : MOST_VALUES);
    return { type: 'int32', dims: [1], data };
  }
  const data = new Int32Array(places.length);
  // A place outside is read somewhere: what is read there is not used.
  for (let at = 0; at < data.length; at++) data[at] = Math.max(0, places[at]!);
  return { type: 'int32', dims: [places.length], data };
}

const MOST_VALUES = 2 ** 31 - 1;

/** What was seen at these places, from what the session gave. @param plane values of a channel. */
export function seenImage(
  values: Float32Array,
  places: Places,
  { isWhole, plane, window }: Pick<Looked, 'isWhole'> & { plane: number; window: Window },
): SeenImage {
  const positions = places.length / (window.kernel[0] * window.kernel[1]);
  if (isWhole) return { values, stride: plane, reads: places, positions };
  const reads = places.map((place, at) => (place < 0 ? -1 : at));
  return { values, stride: places.length, reads, positions };
}

/** The values of several tensors, and what the session has to be given for them. */
export function windowValues(
  looks: readonly Looked[],
  graph: Graph,
): { observer: Pick<Observer, 'values' | 'initializers' | 'inputs'>; of: WindowValues[] } {
  const [planes, start, along] = ['planes', 'start', 'along'].map((what) =>
    graph.freshName(`quantgate_${what}`),
  ) as [string, string, string];
  const of = looks.map(({ tensor, isWhole }) => {
    const name = (what: string) => graph.freshName(`${tensor}_${what}`);
    const [input, plane, seen, shape, dims] = ['places', 'plane', 'seen', 'shape', 'dims'].map(name);
    const gather = { attributes: { axis: { int: PLANE_AXIS } } };
    const cast = { attributes: { to: { int: DataType.FLOAT } } };
    return {
      input: input!,
      isWhole,
      values: {
        tensor,
        value: seen!,
        nodes: [
          makeNode('Reshape', [tensor, planes], [plane!]),
          isWhole
            ? makeNode('Slice', [plane!, start, input!, along], [seen!])
            : makeNode('Gather', [plane!, input!], [seen!], gather),
        ],
      },
      dims: {
        tensor,
        value: dims!,
        nodes: [makeNode('Shape', [tensor], [shape!]), makeNode('Cast', [shape!], [dims!], cast)],
      },
    };
  });
  return {
    of,
    observer: {
      values: of.flatMap(({ values, dims }) => [values, dims]),
      initializers: [
        makeTensor(planes, DataType.INT64, [3], BigInt64Array.of(0n, 0n, -1n)),
        makeTensor(start, DataType.INT32, [1], Int32Array.of(0)),
        makeTensor(along, DataType.INT32, [1], Int32Array.of(PLANE_AXIS)),
      ],
      inputs: of.map(({ input }) => makeValue(input, DataType.INT32, [`${input}_length`])),
    },
  };
}
