/** Codes of notes about bases, thresholds, merged reports and reused results. */
import type { Explanation } from './explanation.js';

export const JUDGING_NOTES = {
  'base.baseline': {
    title: 'Compared with a baseline',
    cause: "The base's configuration names a file to compare with instead of the model in git.",
    cure: 'Nothing to do.',
  },
  'base.missing': {
    title: 'The base does not have this model',
    cause: 'The model is new, or was renamed.',
    cure: 'Nothing to do: `max-regression` is judged from the next change on (`on-missing-base`).',
  },
  'base.unreadable': {
    title: 'The base could not be read',
    cause: "git history is missing, the file can't be fetched, or the base's configuration is broken.",
    cure: 'Fetch history (`fetch-depth: 0`) and LFS files; docs/fail-closed.md lists the causes.',
  },
  'base.failed': {
    title: 'A variant of the base could not be made',
    cause: "The base's recipe does not run here any more.",
    cure: 'See the reason; repair the base branch, or compare without this variant.',
  },
  'base.new-variant': {
    title: 'The base does not have this variant',
    cause: 'The variant is new, or was renamed.',
    cure: 'Nothing to do: it is compared from the next change on.',
  },
  'base.revision': {
    title: 'The base is another revision than expected',
    cause: 'The merge base could not be found, so the tip of the base branch was taken, or the like.',
    cure: 'Fetch history with `fetch-depth: 0`.',
  },
  'baseline.changed': {
    title: 'This pull request changes a baseline',
    cause: 'Later pull requests will be compared with what it sets.',
    cure: 'Review the change; the hash must be that of the model that was measured.',
  },
  'thresholds.changed': {
    title: 'This change edits the thresholds',
    cause: 'Bounds, waivers or judging differ between base and head.',
    cure: 'Review the new bounds; input `thresholds-from` says which ones count.',
  },
  'thresholds.no-base': {
    title: 'The base has no thresholds',
    cause: "The base has no configuration, or it could not be read; the head's hold.",
    cure: "Nothing to do for the first pull request; else repair the base's configuration.",
  },
  'thresholds.not-applicable': {
    title: "A check of the base can't be applied",
    cause:
      'It is of a model that this revision does not have, or judged a variant or a setting of `benchmark` that this revision leaves out.',
    cure: 'Nothing to do, if that was removed on purpose.',
  },
  'thresholds.waiver': {
    title: 'A waiver of the base does not hold',
    cause: 'Its day is over, or its check is gone.',
    cure: 'Remove or renew the waiver on the base branch.',
  },
  'waive.refused': {
    title: 'The waive label was not accepted',
    cause: 'It was set before the last push, or by somebody who may not.',
    cure: 'Set the label again after the last push.',
  },
  'result.reused': {
    title: 'The model was not measured again',
    cause: 'Model, data, recipe, machine and versions are those of an earlier run.',
    cure: 'Run the job again to measure anew.',
  },
  'merge.versions': {
    title: 'Merged reports are of different quantgate versions',
    cause: 'Jobs installed different versions.',
    cure: 'Pin one version in all jobs.',
  },
  'merge.commits': {
    title: 'Merged reports are of different commits',
    cause: 'Files of another run lie among them.',
    cure: "Download only this run's artifacts into an empty folder.",
  },
  'merge.runs': {
    title: 'Merged reports are of different workflow runs',
    cause: 'Some jobs were run again, or files of another run lie among them.',
    cure: "Download only this run's artifacts into an empty folder.",
  },
  'merge.model': {
    title: 'Merged reports measured different files under one name',
    cause: 'The model was not the same in all jobs.',
    cure: 'Give all jobs the same file; different models need different names.',
  },
  'merge.variant': {
    title: 'Merged reports made different files of one variant',
    cause: 'Target, runtime or calibration samples differ between the jobs.',
    cure: 'Nothing to do if that is meant; each was measured by its own run.',
  },
  'merge.conflict': {
    title: 'Merged reports have two figures for one thing',
    cause: 'The same model was measured twice on one machine; the newest counts.',
    cure: 'Measure each model in one job per machine.',
  },
} satisfies Record<string, Explanation>;
