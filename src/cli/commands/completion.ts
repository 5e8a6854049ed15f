/** quantgate completion: a script that lets a shell complete commands, options and their values. */
import type { Command } from 'commander';
import { EXIT } from '../../errors.js';
import { EXPLAINED } from '../../terms/codes/codes.js';
import { bashScript } from '../completion/bash.js';
import { fishScript } from '../completion/fish.js';
import { type Offers, offersOf } from '../completion/offer.js';
import { zshScript } from '../completion/zsh.js';
import type { CliContext } from '../context/context.js';

const SCRIPTS: Record<string, (offers: Offers) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export async function completionCommand(
  context: CliContext,
  shell: string,
  program: Command,
): Promise<number> {
  const script = completionScript(shell, program);
  if (context.options.json) context.print({ shell, script }, () => script);
  // A script's lines are never folded.
  else process.stdout.write(script);
  return EXIT.pass;
}

/** @param shell bash, zsh or fish. */
export function completionScript(shell: string, program: Command): string {
  return SCRIPTS[shell]!(offersOf(program, { explain: EXPLAINED.map(({ code }) => code) }));
}
