/** Addresses the report may point to. Only http(s) is used. */
export interface ReportLinks {
  /** The workflow run, whose summary holds the whole report. */
  run?: string | null;
  /** The HTML report. */
  html?: string | null;
  /** The page of earlier runs. */
  history?: string | null;
  /** Where the run keeps what its steps upload, the HTML report among it; left out when `html` is known. */
  artifacts?: string | null;
  /** The thresholds file at the revision that was used; `#L12` is appended for a check on line 12. */
  thresholds?: string | null;
  /** What a commit's id is appended to, `https://github.com/octo-org/vision/commit/`; null: ids are not linked. */
  commits?: string | null;
  /** Where waivers are kept or granted. */
  waivers?: string | null;
}
