/** Git LFS pointers: what lies in a file's place until its content is fetched. */
import { open } from 'node:fs/promises';

/** How every pointer begins (git-lfs, docs/spec.md). */
const START = 'version https://git-lfs.github.com/spec/';

/** How to get the content. */
export const FETCH_LFS = '`git lfs pull`, or `lfs: true` in actions/checkout';

/** Whether a file's bytes, or its first ones, are a pointer. */
export function isLfsPointer(bytes: Uint8Array): boolean {
  return (
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', 0, START.length) ===
    START
  );
}

/** The same of a file; false when it can't be read. */
export async function isLfsPointerFile(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(START.length), 0, START.length, 0);
    return isLfsPointer(buffer.subarray(0, bytesRead));
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
