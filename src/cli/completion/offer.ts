/** What can be completed where, read off the commands: nothing is written down twice. */
import type { Argument, Command, Option } from 'commander';

/** What stands behind an option or a command. */
export type Offer = { kind: 'words'; words: readonly string[] } | { kind: 'files' } | { kind: 'nothing' };

export interface OfferedOption {
  /** With its dashes. */
  name: string;
  description: string;
  /** null: it takes no value. */
  value: Offer | null;
}

export interface OfferedCommand {
  name: string;
  description: string;
  options: readonly OfferedOption[];
  arguments: Offer;
}

export interface Offers {
  commands: readonly OfferedCommand[];
  /** Options before the command. */
  options: readonly OfferedOption[];
}

/** `words` adds what a command's argument may be where the command itself does not say. */
export function offersOf(program: Command, words: Readonly<Record<string, readonly string[]>> = {}): Offers {
  const general = program.options.map(offeredOption);
  const names = program.commands.map((command) => command.name());
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: [...command.options.filter(({ hidden }) => !hidden).map(offeredOption), ...general, HELP],
    arguments: argumentsOffer(command, words[command.name()]),
  }));
  return {
    options: [...general, HELP],
    commands: [
      ...commands,
      {
        name: 'help',
        description: HELP.description,
        options: [],
        arguments: { kind: 'words', words: names },
      },
    ],
  };
}

const HELP: OfferedOption = { name: '--help', description: 'display help', value: null };

function offeredOption(option: Option): OfferedOption {
  const takesValue = option.required || option.optional;
  return {
    name: option.long ?? option.short ?? option.flags,
    description: option.description,
    value: takesValue ? valueOffer(option) : null,
  };
}

function valueOffer({ argChoices, flags }: Option): Offer {
  if (argChoices) return { kind: 'words', words: argChoices };
  return /<(file|dir|path)\b/.test(flags) ? { kind: 'files' } : { kind: 'nothing' };
}

function argumentsOffer(command: Command, words: readonly string[] | undefined): Offer {
  if (words) return { kind: 'words', words };
  const [argument] = command.registeredArguments as readonly Argument[];
  if (argument === undefined) return { kind: 'nothing' };
  return argument.argChoices ? { kind: 'words', words: argument.argChoices } : { kind: 'files' };
}
