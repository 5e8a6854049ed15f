/** A profile and an optimized graph whose files are gone as soon as ONNX Runtime has created them. */
import { existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MachineError, UserError } from '../errors.js';
import { scratchFolder } from '../system/files/scratch.js';
import { findProfile } from './onnxruntime.js';
import type { OptimizedNode } from './optimized-node.js';
import type { SessionOptions } from './runtime.js';

export interface ProfileFile {
  /** The text so far; complete after endProfiling(). */
  read(): string;
  /** null: this graph can't be written as ONNX (compiled for a device, or over 2 GiB). */
  graph: OptimizedNode[] | null;
}

/**
 * Opens a session by `open` with profiling on, in a directory that it removes. ONNX Runtime creates the profile while opening and keeps it open,
 * so its name can go at once.
 */
export async function openProfiledIn<T>(
  directory: string,
  open: (options: SessionOptions) => Promise<T>,
): Promise<T & { profile: ProfileFile }> {
  const profilePrefix = join(directory, 'profile');
  const optimizedModelPath = join(directory, 'optimized.onnx');
  try {
    const opened = await openDumping(open, { profilePrefix, optimizedModelPath });
    const graph = existsSync(optimizedModelPath) ? await readOptimized(optimizedModelPath) : null;
    const descriptor = openSync(findProfile(profilePrefix), 'r');
    return { ...opened, profile: { read: () => readFileSync(descriptor, 'utf8'), graph } };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The same in a new temporary directory. */
export function openProfiled<T>(
  open: (options: SessionOptions) => Promise<T>,
): Promise<T & { profile: ProfileFile }> {
  return openProfiledIn(scratchFolder('profile'), open);
}

/** A session that can't be dumped is opened without; one that is refused altogether says so then. */
async function openDumping<T>(
  open: (options: SessionOptions) => Promise<T>,
  { profilePrefix, optimizedModelPath }: { profilePrefix: string; optimizedModelPath: string },
): Promise<T> {
  try {
    return await open({ profilePrefix, optimizedModelPath });
  } catch (error) {
    if (!(error instanceof UserError || error instanceof MachineError)) throw error;
    return open({ profilePrefix });
  }
}

async function readOptimized(path: string): Promise<OptimizedNode[] | null> {
  // Loaded here: a worker that only times has no use for a protobuf reader.
  const { readOptimizedGraph } = await import('./optimized-graph.js');
  try {
    return readOptimizedGraph(path);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
