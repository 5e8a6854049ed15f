/** A profile that leaves no file behind: opened for reading and unlinked as soon as ONNX Runtime has created it. */
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProfile } from './onnxruntime.js';

export interface ProfileFile {
  /** The text so far; complete after endProfiling(). */
  read(): string;
}

/**
 * Opens a session by `open(profilePrefix)`. ONNX Runtime creates the file while opening and keeps it open, so its name can go at
 * once: whatever ends this process, nothing stays on disk.
 */
export async function openProfile<T>(
  open: (profilePrefix: string) => Promise<T>,
): Promise<T & { profile: ProfileFile }> {
  const directory = mkdtempSync(join(tmpdir(), 'quantgate-profile-'));
  try {
    const prefix = join(directory, 'profile');
    const opened = await open(prefix);
    const descriptor = openSync(findProfile(prefix), 'r');
    return { ...opened, profile: { read: () => readFileSync(descriptor, 'utf8') } };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
