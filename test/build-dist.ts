/** Vitest global setup: brings dist/ up to date with src/, so that tests drive the bundle that ships. */
import { build } from '../scripts/build.mjs';

export default async function setup(): Promise<void> {
  try {
    await build();
  } catch (error) {
    if (process.env.CI) throw error;
    // While sources are half-edited the unit tests of finished rooms stay useful.
    console.warn(`dist/ could not be rebuilt; tests that drive it run the old bundle. ${String(error)}`);
  }
}
