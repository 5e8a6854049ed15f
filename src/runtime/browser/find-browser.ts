/** Which browser the providers 'browser-wasm' and 'browser-webgpu' run in. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { MachineError, UserError } from '../../errors.js';

/** Names a Chromium. Not a key of quantgate.yml: a pull request must not say what runs on the machine. */
export const BROWSER_VARIABLE = 'QUANTGATE_BROWSER';

/** Chromium, and browsers made of it, as Linux's packages name them. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where installers put it that leave PATH alone. */
const USUAL_PLACES: Readonly<Record<string, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
};

/** The browser's path; null where there is none. `environment` is process.env unless a test says otherwise. Throws UserError for a given path without one. */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | null {
  const given = environment[BROWSER_VARIABLE];
  if (given) {
    if (canBeRun(given)) return given;
    const fault = existsSync(given) ? 'which is no program that may be run' : 'which does not exist';
    throw new UserError(
      'browser.missing',
      `${BROWSER_VARIABLE} names ${given}, ${fault}. Correct it, or unset it.`,
    );
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...(USUAL_PLACES[process.platform] ?? [])].find(canBeRun) ?? null;
}

/** The same where there has to be one. Throws MachineError. */
export function requireBrowser(provider: string, environment?: NodeJS.ProcessEnv): string {
  const found = findBrowser(environment);
  if (found !== null) return found;
  throw new MachineError(
    'browser.missing',
    `The execution provider '${provider}' needs Chromium or Chrome, and none was found on PATH. Install one (Debian and Ubuntu: apt install chromium), or name it in ${BROWSER_VARIABLE}.`,
  );
}

function canBeRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
