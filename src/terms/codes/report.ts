/** Codes of what can be wrong with reports, and with a job on GitHub. */
import type { Explanation } from './explanation.js';

export const REPORT_CODES = {
  'report.unreadable': {
    title: "A report can't be read",
    cause: 'The file does not exist, is not JSON, or is too large.',
    cure: 'Name a quantgate-report.json, as `quantgate run` writes it.',
  },
  'report.invalid': {
    title: 'A file is not a valid report',
    cause: 'It does not follow quantgate-report.schema.json: another file, or changed by hand.',
    cure: 'Take the file as `quantgate run` wrote it.',
  },
  'report.other-version': {
    title: 'A report is of another version',
    cause: 'Its schemaVersion is not the one that this quantgate reads.',
    cure: 'Use the quantgate version that wrote it.',
  },
  'report.none': {
    title: 'There is no report',
    cause: 'The paths match no report: the measuring job failed, or its artifact was not downloaded.',
    cure: 'Download the artifacts first, and check the input `reports`.',
  },
  'report.too-much': {
    title: 'The reports are too much for one',
    cause: 'Together they have more models, or more variants of a model, than a report may hold.',
    cure: 'Merge fewer at once; jobs of the action keep separate comments with `comment-key`.',
  },
  'report.not-two': {
    title: 'A comparison needs two reports',
    cause: '`--compare` takes an earlier and a later report, and nothing else.',
    cure: 'Name two files, the earlier one first; merge reports of one run before.',
  },
  'report.same': {
    title: 'A report is compared with itself',
    cause: 'One file was given twice, or both files hold the same report.',
    cure: 'Name the reports of two runs.',
  },
  'report.other-models': {
    title: 'Two reports have no model in common',
    cause: 'They are of other models, or the models were renamed.',
    cure: 'Compare two reports of the same models; a model is known by its name in quantgate.yml.',
  },
  'report.foreign': {
    title: 'A report is of another run',
    cause:
      'A report of another commit or run lies among them; on self-hosted runners files of earlier jobs stay.',
    cure: 'Empty the folder before the artifacts are downloaded.',
  },
  'github.input': {
    title: "An input of the action has a value that it can't have",
    cause: 'It is misspelt or of another form.',
    cure: 'Use a value as the message describes it; docs/github.md lists the inputs.',
  },
  'github.event': {
    title: "The event of the workflow can't be read",
    cause: 'GITHUB_EVENT_PATH names a file that is not JSON.',
    cure: 'Run the action in a GitHub workflow, or unset GITHUB_EVENT_PATH.',
  },
  'github.token': {
    title: 'A token is needed',
    cause: 'The action must ask GitHub something, and has no token.',
    cure: "Give the input `token`: the workflow's `github.token` is enough.",
  },
  'github.api': {
    title: 'GitHub refuses or does not answer',
    cause: 'A permission is missing, the thing does not exist, or GitHub is unavailable.',
    cure: 'Add the permission that the message names to the workflow; else try again.',
  },
  'github.output': {
    title: "An output of the action can't be handed on",
    cause: 'The file that the runner makes for outputs (GITHUB_OUTPUT) is not there or not writable.',
    cure: "Mount the runner's temporary folder into the container.",
  },
  'github.fork-outside': {
    title: 'The config of a fork names files outside of its checkout',
    cause: "A stranger's config could otherwise read any file of the runner.",
    cure: 'Name files of the checkout only.',
  },
} satisfies Record<string, Explanation>;
