/** JSON inside a page, packed: a report is mostly the same names again and again, and would be half of the page. */
import { deflateSync } from 'node:zlib';

/** zlib's format (RFC 1950) in base64, which `DecompressionStream('deflate')` unpacks: nothing in it can close the block that holds it. */
export function packedJson(value: unknown): string {
  return deflateSync(JSON.stringify(value), { level: 9 }).toString('base64');
}
