/** Where progress and warnings go. Rooms get a Log handed in; entries (cli.ts, action.ts) decide what it writes to. */

export interface Log {
  /** A step of the pipeline, shown by default. */
  info(message: string): void;
  /** Something the user should act on; also collected as a note in the report by the caller. */
  warn(message: string): void;
  /** Shown with --verbose only. */
  debug(message: string): void;
  /** Progress of a long step: a bar on a terminal, sparse plain lines elsewhere. Ends when done === total. */
  progress(step: string, done: number, total: number): void;
}

/** Says nothing: for tests and library use. */
export const SILENT: Log = { info() {}, warn() {}, debug() {}, progress() {} };
