/** Which commit was measured, and what it was compared with: what every report says of them. */
import type { Report } from '../terms/report.js';

export interface Revisions {
  /** Full ids; null: unknown. What the run is about. */
  head: string | null;
  /** What was checked out, where that is another commit: GitHub's merge of head and base, as a rule. */
  measured: string | null;
  /** null: nothing was compared with. */
  base: string | null;
  /** Branch, tag or commit that the base was named by (untrusted); null: by its id only. */
  baseName: string | null;
  /** Of the thresholds, where it is neither of the two. */
  thresholds: string | null;
}

/** null: the report tells of no revision, as on the command line. */
export function revisionsOf({ source, thresholds }: Report): Revisions | null {
  if (!source || (source.sha === null && source.baseSha === null)) return null;
  const { sha: head, baseSha: base, measuredSha = null } = source;
  const named = source.baseName ?? null;
  const judged = thresholds.sha ?? null;
  return {
    head,
    measured: measuredSha === head ? null : measuredSha,
    base,
    baseName: named === base ? null : named,
    thresholds: judged === head || judged === base ? null : judged,
  };
}

/** As much of a commit's id as GitHub shows. */
const SHOWN = 7;

export function shortId(sha: string): string {
  return sha.slice(0, SHOWN);
}

/** `commit 0123456 (measured as 4567890) against 89abcde (main), thresholds of fedcba9`; `show` writes an id, `name` untrusted text. */
export function revisionText(
  { head, measured, base, baseName, thresholds }: Revisions,
  { show, name }: { show: (sha: string) => string; name: (text: string) => string },
): string {
  const parts = [
    head === null ? null : `commit ${show(head)}`,
    measured === null ? null : `(measured as ${show(measured)})`,
    base === null ? null : `against ${show(base)}`,
    base === null || baseName === null ? null : `(${name(baseName)})`,
  ];
  const text = parts.filter((part) => part !== null).join(' ');
  return thresholds === null ? text : `${text}, thresholds of ${show(thresholds)}`;
}
