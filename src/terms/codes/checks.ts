/** Codes of checks that did not pass, as annotations have them. */
import type { Explanation } from './explanation.js';

export const CHECK_CODES = {
  'check.failed': {
    title: 'A check of the thresholds failed',
    cause: 'The figure lies beyond the bound in quantgate.yml, and by more than its interval leaves open.',
    cure: 'See the report for what changed; mend the variant, correct the bound where it asks too much, or waive the check for a while.',
  },
  'check.inconclusive': {
    title: 'A check could not be decided',
    cause: "The figure's interval holds the bound: this run can't tell on which side it lies.",
    cure: 'Measure longer (`benchmark: budget`), on more samples or on a quieter machine; `on-inconclusive` says how much it counts.',
  },
  'check.skipped': {
    title: 'A check could not be measured',
    cause:
      'The machine lacks what the figure needs, the data have no labels, or there is no base to compare with.',
    cure: 'The reason stands behind the figure; `on-skipped` and `on-missing-base` say how much it counts.',
  },
  'check.invalid': {
    title: 'A variant has no valid figure',
    cause: 'It crashed, hung, or gave values that are no numbers, or other shapes than the original.',
    cure: 'The reason stands behind the figure; such a variant can not be shipped, so the check fails.',
  },
  'established.base': {
    title: 'The thresholds that should judge are unknown',
    cause: "The base whose thresholds should judge can't be read.",
    cure: 'Fetch the base (`fetch-depth: 0`), or say with `on-unreadable-base` how much it counts; docs/fail-closed.md lists the causes.',
  },
  'established.commit': {
    title: 'What was measured is not known to be the proposal',
    cause:
      'The commit that was checked out is neither the head of the pull request nor its merge into the base.',
    cure: 'Check out the pull request before quantgate, or measure again after the last push.',
  },
  'established.original': {
    title: 'The original makes no sense of its own data',
    cause:
      'Preprocessing, labels or the scored output are not those of this model: nothing compared with it would mean anything.',
    cure: 'Correct what the reason names; `on-chance` says how much it counts.',
  },
  'established.variant': {
    title: 'A variant is the original, unchanged',
    cause: 'Nothing in it was quantized, or its file is a copy.',
    cure: 'See what stayed float and why; choose another method, or say with `on-unchanged` how much it counts.',
  },
  'established.reports': {
    title: 'A job left no report',
    cause: 'A job that should have measured failed, was skipped, or its artifact is missing.',
    cure: 'See the log of that job; `expected-reports` names those that must be there.',
  },
} as const satisfies Record<string, Explanation>;
