/** The page or its browser is gone: what was measured in it is lost. */
export class TabGone extends Error {
  constructor(
    message: string,
    readonly outOfMemory: boolean,
  ) {
    super(message);
  }
}
