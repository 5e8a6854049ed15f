/** quantgate explain: what a code means, why it is met, and what to do; without a code, all of them by area. */
import { nearest } from '../../config/file/nearest.js';
import { EXIT, UserError } from '../../errors.js';
import { fold } from '../../report/terminal/fold.js';
import { areaOf, EXPLAINED, type ExplainedCode } from '../../terms/codes/codes.js';
import type { CliContext } from '../context/context.js';

/** Lines longer than this are hard to read. */
const MAX_WIDTH = 100;

export async function explainCommand(context: CliContext, code: string | undefined): Promise<number> {
  const width = Math.min(MAX_WIDTH, process.stdout.columns || MAX_WIDTH);
  if (code === undefined) {
    context.print(EXPLAINED, () => listText(width));
    return EXIT.pass;
  }
  const found = explanationOf(code);
  context.print(found, () => explanationText(found, width));
  return EXIT.pass;
}

/** @throws UserError with the nearest code. A code may stand in the brackets it is printed in. */
export function explanationOf(given: string): ExplainedCode {
  const wanted = given.replace(/^\[|\]$/g, '').toLowerCase();
  const found = EXPLAINED.find(({ code }) => code === wanted);
  if (found) return found;
  const codes = EXPLAINED.map(({ code }) => code);
  const near = nearest(wanted, codes) ?? codes.find((code) => code.endsWith(`.${wanted}`));
  const hint =
    near === undefined
      ? '`quantgate explain` lists all codes.'
      : `Did you mean \`quantgate explain ${near}\`?`;
  throw new UserError('usage.unknown-code', `There is no code '${given}'. ${hint}`);
}

function explanationText({ code, kind, title, cause, cure }: ExplainedCode, width: number): string {
  return [
    ...fold(`${code} (${kind}): ${title}`, width, 2),
    '',
    ...fold(`Why: ${cause}`, width, 2),
    ...fold(`What to do: ${cure}`, width, 2),
  ].join('\n');
}

function listText(width: number): string {
  const areas = [...new Set(EXPLAINED.map(({ code }) => areaOf(code)))];
  const lines = areas.flatMap((area) => [
    area,
    ...EXPLAINED.filter(({ code }) => areaOf(code) === area).flatMap(({ code, title }) =>
      fold(`${code}  ${title}`, width - 2, 4).map((line) => `  ${line}`),
    ),
    '',
  ]);
  return [...lines, '`quantgate explain CODE` says why, and what to do.'].join('\n');
}
