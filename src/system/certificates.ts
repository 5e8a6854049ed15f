/** Certificates that Node.js doesn't trust: what to do about an authority of one's own, as behind many company proxies. */
import { messageOf } from '../errors.js';

/** OpenSSL's verdicts as Node.js names them, and the words that npm, git and curl have for them. */
const UNTRUSTED =
  /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|(DEPTH_ZERO_)?SELF_SIGNED_CERT(_IN_CHAIN)?|CERT_UNTRUSTED|unable to verify the first certificate|self[- ]signed certificate|unable to get (local )?issuer certificate|SSL certificate problem/i;

/** A sentence of advice when an error, or what caused it, is about a certificate that nobody vouches for; null for others. */
export function certificateAdvice(error: unknown): string | null {
  for (let at = error, depth = 0; at !== undefined && at !== null && depth < MOST_CAUSES; depth++) {
    const { code, cause } = at as { code?: unknown; cause?: unknown };
    if (UNTRUSTED.test(typeof code === 'string' ? code : '') || UNTRUSTED.test(messageOf(at))) return ADVICE;
    at = cause;
  }
  return null;
}

/** Deeper chains of causes are nobody's. */
const MOST_CAUSES = 5;

const ADVICE =
  'The certificate is signed by an authority that Node.js does not know, as that of a company proxy: set NODE_EXTRA_CA_CERTS to its PEM file, in the environment of the runner or of the job.';
