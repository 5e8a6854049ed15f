/** Tensors whose bytes wait in a file until they are asked for: what is made of a model too large for memory has no room there either. */
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { TensorProto_DataLocation as Location, type TensorProto } from 'onnx-buf';
import { writeError } from '../../errors.js';
import { scratchFolder } from '../../system/files/scratch.js';

interface Place {
  store: TensorStore;
  offset: number;
}

/** By a tensor's list of external data, which copies of the message under other names share. */
const places = new WeakMap<TensorProto['externalData'], Place>();

/** One call reads or writes less than 2^31 bytes. */
const MOST_BYTES = 2 ** 30;

const open = new Set<number>();
/** A store that nothing refers to any more. */
const abandoned = new FinalizationRegistry(closeFile);

/** One file, without a name where the system lets it go: it is gone with the last tensor that lies there, or with the process. */
export class TensorStore {
  readonly #fd: number;
  #end = 0;

  /** @throws UserError or MachineError when the temporary folder can't be written. */
  constructor() {
    const folder = scratchFolder('tensors');
    try {
      this.#fd = openSync(join(folder, 'tensors'), 'wx+');
    } catch (error) {
      throw writeError(`The temporary folder ${folder} can't be written.`, error);
    }
    if (open.size === 0) process.prependOnceListener('exit', () => [...open].forEach(closeFile));
    open.add(this.#fd);
    abandoned.register(this, this.#fd);
    try {
      rmSync(folder, { recursive: true });
    } catch {
      // Windows keeps what is open: the folder goes with the process.
    }
  }

  /** Takes the tensor's bytes out of its message: `storedBytes` has them from then on. */
  take(tensor: TensorProto): void {
    const bytes = tensor.rawData;
    const offset = this.#end;
    try {
      for (let done = 0; done < bytes.length; ) {
        const length = Math.min(bytes.length - done, MOST_BYTES);
        done += writeSync(this.#fd, bytes, done, length, offset + done);
      }
    } catch (error) {
      throw writeError(`Weights can't be kept in the temporary folder.`, error);
    }
    this.#end += bytes.length;
    tensor.rawData = new Uint8Array(0);
    tensor.dataLocation = Location.EXTERNAL;
    tensor.externalData = [];
    places.set(tensor.externalData, { store: this, offset });
  }

  read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const read = readSync(this.#fd, bytes, done, Math.min(length - done, MOST_BYTES), offset + done);
      if (read === 0) throw new Error('a tensor ends beyond its file');
      done += read;
    }
    return bytes;
  }
}

/** A copy of the bytes of a tensor that lies in a store; null for others. */
export function storedBytes(tensor: TensorProto, length: number): Uint8Array | null {
  const place = places.get(tensor.externalData);
  return place ? place.store.read(place.offset, length) : null;
}

function closeFile(fd: number): void {
  if (open.delete(fd)) closeSync(fd);
}
