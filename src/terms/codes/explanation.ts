/** What the list of codes says of each: why one meets it, and what to do. */

export interface Explanation {
  /** What happened, as a short heading. */
  title: string;
  /** Why it happens, in sentences. */
  cause: string;
  /** What to do, in sentences. */
  cure: string;
}
