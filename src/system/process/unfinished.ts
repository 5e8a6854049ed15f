/** What a process has begun and would leave behind if it were killed: its temporary folder, and files on their way. */
const begun = new Set<string>();
let told: ((path: string) => void) | null = null;

/** Notes what is begun. @param path absolute. */
export function unfinished(path: string): void {
  if (begun.has(path)) return;
  begun.add(path);
  told?.(path);
}

/** Tells of each path that has been begun, and of each that will be. */
export function tellUnfinished(tell: (path: string) => void): void {
  told = tell;
  for (const path of begun) tell(path);
}
