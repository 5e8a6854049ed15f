/** What is wrong with an option, in words that name options as their writer does: `calibration.limit` in a script, `--calibration-limit` in a shell. */
import { UserError } from '../../errors.js';
import type { ErrorCode } from '../../terms/codes/codes.js';

/** From an option's path (`calibration.input.resize`) to how it is written. */
export type OptionWriter = (path: string) => string;

/** A UserError about options of a call. */
export class OptionError extends UserError {
  private readonly words: (option: OptionWriter) => string;

  constructor(code: ErrorCode, words: (option: OptionWriter) => string) {
    super(
      code,
      words((path) => `'${path}'`),
    );
    this.words = words;
  }

  /** The same error with options as somebody else writes them. */
  writtenAs(option: OptionWriter): UserError {
    return new UserError(this.code!, this.words(option));
  }
}
