/** Where a base should be that can't be read: a check that compares with it can't be judged, and must not pass for that. */
export interface UnreadableBase {
  /** null: every model. */
  model: string | null;
  /** null: every variant. */
  variant: string | null;
  /** One or more sentences: why, and what to do. */
  reason: string;
}
