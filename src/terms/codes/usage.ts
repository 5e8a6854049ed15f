/** Codes of the command line's own errors. */
import type { Explanation } from './explanation.js';

export const USAGE_CODES = {
  'usage.command-line': {
    title: "The command line can't be read",
    cause: 'A command or an option is misspelt, lacks its value, or does not exist for this command.',
    cure: 'See the options with `quantgate COMMAND --help`.',
  },
  'usage.invalid-value': {
    title: "An option has a value that it can't have",
    cause: 'The value is of another form, out of range, or contradicts another option.',
    cure: 'The message says what is expected; `quantgate COMMAND --help` shows an example.',
  },
  'usage.needs-config': {
    title: 'An option names something in a config, and no config is given',
    cause: '`--model` and `--variant` choose among the entries of a quantgate.yml.',
    cure: 'Give `--config FILE` too, or remove the option.',
  },
  'usage.needs-data': {
    title: 'An option prepares data, and no data are given',
    cause: 'An option that would be ignored is an error: preprocessing without samples changes nothing.',
    cure: 'Name the data (`--calibration PATH` for quantize, `--data PATH` for eval), or remove the option.',
  },
  'usage.needs-tokenizer': {
    title: '--max-length is given without a tokenizer',
    cause: 'The option cuts texts as they become tokens; without a tokenizer there are no texts to cut.',
    cure: 'Give `--tokenizer FILE` too, or remove `--max-length`.',
  },
  'usage.nothing-to-score': {
    title: 'There is nothing to score',
    cause: 'One model without a task has neither labels to be right about nor another model to be close to.',
    cure: 'Say what the model does with `--task`, or name a second model to compare with the first.',
  },
  'usage.unknown-name': {
    title: 'The config has no model or variant of this name',
    cause: '`--model` or `--variant` names an entry that the config does not have.',
    cure: 'Use one of the names that the message lists.',
  },
  'usage.choose-model': {
    title: 'The config has several models',
    cause: 'The command works on one model, and the config does not tell which.',
    cure: 'Choose one with `--model NAME`.',
  },
  'usage.choose-cuda': {
    title: 'Nothing says which CUDA to fetch',
    cause: 'The NVIDIA driver decides, and this machine has none.',
    cure: 'Say the version: `quantgate fetch cuda --cuda 13`.',
  },
  'usage.output-conflict': {
    title: 'Two outputs would go to one place',
    cause: 'A result would overwrite its own source, or two results would be mixed on standard output.',
    cure: 'Name another file with `--out`.',
  },
  'usage.nothing-opens-it': {
    title: "The page can't be opened from here",
    cause:
      "`--open` hands the page to the system's opener. In CI nobody sees it, and some machines have no opener.",
    cure: 'Leave `--open` out, and open the page whose path is printed.',
  },
  'usage.unknown-code': {
    title: 'There is no such code',
    cause: 'The code is misspelt, or of another version of quantgate.',
    cure: '`quantgate explain` lists all codes.',
  },
} satisfies Record<string, Explanation>;
