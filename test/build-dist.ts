/** Vitest global setup: brings dist/ up to date with src/, so that tests drive the bundle that ships. */
import { build } from '../scripts/build.mjs';

export default async function setup(): Promise<void> {
  await build();
}
