/** Codes of what can be wrong with quantgate.yml. */
import type { Explanation } from './explanation.js';

export const CONFIG_CODES = {
  'config.not-found': {
    title: 'There is no config file',
    cause: 'No quantgate.yml is at the path that was named, or in the working directory.',
    cure: 'Run `quantgate init` to write one, or name another with `--config` (action: input `config`).',
  },
  'config.unreadable': {
    title: "The config file can't be read",
    cause: 'It is a folder, too large, not text in UTF-8, or there is no permission to read it.',
    cure: 'Name the right file, or save it as UTF-8.',
  },
  'config.syntax': {
    title: 'The config file is not valid YAML',
    cause:
      'Usually a wrong indentation, a tab, a key written twice, or a text with `:` or `%` that needs quotes.',
    cure: 'Correct the line that the message names.',
  },
  'config.unknown-key': {
    title: 'The config has a key that means nothing there',
    cause:
      'The key is misspelt, or stands at the wrong level. Unknown keys are refused so that no setting is ignored silently.',
    cure: 'Correct or move the key; the message says which are valid there. docs/configuration.md lists all.',
  },
  'config.missing-key': {
    title: 'The config lacks a key that is needed',
    cause: "A mapping has keys that it can't do without.",
    cure: 'Add the key that the message names; docs/configuration.md has examples.',
  },
  'config.invalid-value': {
    title: 'The config has a value that is not allowed there',
    cause: 'The value has another type, is out of range, or is none of the words that are allowed.',
    cure: 'Use a value as the message describes it.',
  },
  'config.quantity': {
    title: "A quantity can't be read",
    cause: 'Its unit is missing, does not fit the metric, or the number is out of range.',
    cure: 'Write number and unit as in the message: `0.5pp`, `80%`, `20 MB`, `60s`.',
  },
  'config.ambiguous-percent': {
    title: 'A percentage could mean two things',
    cause: "5 % of an accuracy could be 5 percentage points or a share of the original's value.",
    cure: 'Write `0.5pp` for percentage points, or `min-ratio` for a share of the original.',
  },
  'config.conflict': {
    title: 'Two settings contradict each other',
    cause: 'Settings that exclude each other stand side by side, or one needs another that is missing.',
    cure: 'Remove or add the one that the message names.',
  },
  'config.duplicate-name': {
    title: 'Two models or variants share a name',
    cause:
      'Names tell results apart in reports and folders; names that differ by case or punctuation only share a file.',
    cure: 'Give one of them another `name`.',
  },
  'config.no-match': {
    title: 'A path in the config matches no file',
    cause:
      "The file is missing, the pattern is misspelt, or the path is not relative to the config's folder.",
    cure: 'Correct the path. If the file is made by an earlier step, run that step first; with Git LFS, fetch it (`git lfs pull`).',
  },
  'config.impossible-check': {
    title: "A check can't be applied",
    cause: 'The metric is not measured here, has no such condition, or no value could ever cross the bound.',
    cure: 'Correct the bound, add what the metric needs (a task, data, a provider), or remove the check.',
  },
  'config.waiver': {
    title: 'A waiver does not hold',
    cause: 'Its day is over or does not exist, or it names a check that there is not.',
    cure: 'Correct or remove the waiver.',
  },
} satisfies Record<string, Explanation>;
