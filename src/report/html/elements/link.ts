/** A link to an address from outside. */
import { httpUrl } from '../../words/escape.js';

/** `words` are ours. null: no address that a page may link to. */
export function link(words: string, address: string | null | undefined): string | null {
  const url = httpUrl(address);
  return url === null ? null : `<a href="${url.replaceAll('&', '&amp;')}" rel="noreferrer">${words}</a>`;
}
