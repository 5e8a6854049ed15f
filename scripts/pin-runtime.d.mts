/** Pins of the native packages, out of a parsed package-lock.json. */
export function pinnedPackages(lock: unknown): unknown;
