/** Gives memory of buffers back that are dropped, before much more is asked for. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** Growth of what buffers hold that is worth a collection, in bytes: that takes some tens of milliseconds. */
const WORTHWHILE_BYTES = 24 * 2 ** 20;

let collect: (() => void) | undefined;
let leftBytes = 0;

/** Models are buffers of many megabytes behind small objects: V8 sees little garbage where hundreds of megabytes could be freed, and what is opened next comes
 *  on top of them. Does nothing where buffers hold no more than after the last time. */
export function freeDroppedBuffers(): void {
  freeAbove(leftBytes + WORTHWHILE_BYTES);
}

/** The same when a piece of work has ended and lets go of what it held: that, too, was there after the last time. */
export function freeBuffersOfWork(): void {
  freeAbove(WORTHWHILE_BYTES);
}

/** @param bytes of all buffers that there may be. */
function freeAbove(bytes: number): void {
  if (process.memoryUsage().arrayBuffers < bytes) return;
  collect ??= exposedCollector();
  collect();
  leftBytes = process.memoryUsage().arrayBuffers;
}

/** V8 gives its collector to contexts that are made while the flag is set. */
function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const exposed = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return exposed;
}

let nowhere: MessagePort | undefined;

/** Frees the memory of values that nothing reads any more: they are empty from now on, and so is whatever else shares their buffer. Before V8 collects them, passes
 *  over many samples would hold several samples' worth. */
export function freeValues({ buffer }: ArrayBufferView): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength === 0) return;
  // Node 20 has no ArrayBuffer.prototype.transfer. What is sent to a port without another end is gone.
  nowhere ??= deadEnd();
  nowhere.postMessage(null, [buffer]);
}

function deadEnd(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}
