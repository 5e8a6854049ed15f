/** A profile and an optimized graph whose files are gone as soon as ONNX Runtime has created them. */
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { findProfile } from './onnxruntime.js';
import type { OptimizedNode } from './protocol.js';
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
    let opened: T;
    let graph: OptimizedNode[] | null = null;
    try {
      opened = await open({ profilePrefix, optimizedModelPath });
      graph = await readOptimized(optimizedModelPath);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // Refused because of the dump, or refused altogether: without it we know.
      opened = await open({ profilePrefix });
    }
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
  return openProfiledIn(mkdtempSync(join(tmpdir(), 'quantgate-profile-')), open);
}

async function readOptimized(path: string): Promise<OptimizedNode[]> {
  // Loaded here: a worker that only times has no use for a protobuf reader.
  const { readOptimizedGraph } = await import('./optimized-graph.js');
  return readOptimizedGraph(path);
}
