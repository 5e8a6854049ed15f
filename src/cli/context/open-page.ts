/** --open: hands an HTML page to the system's opener, or refuses before the work begins. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { messageOf, UserError } from '../../errors.js';
import { releaseProgram } from '../../system/process/child-process.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The program that opens a file as a double click does, and the arguments before its path. */
export interface Opener {
  program: string;
  args: readonly string[];
}

const LINUX_OPENERS = ['xdg-open', 'wslview'];

/** @throws UserError on CI, where nobody would see the page, and where there is no opener. */
export function findOpener(
  platform: NodeJS.Platform = process.platform,
  environment: Environment = process.env,
): Opener {
  if (environment.CI !== undefined && environment.CI !== '' && environment.CI !== 'false') {
    throw new UserError('usage.nothing-opens-it', '--open has no use in CI (CI is set): leave it out.');
  }
  if (platform === 'darwin') return { program: 'open', args: [] };
  if (platform === 'win32') return { program: 'rundll32', args: ['url.dll,FileProtocolHandler'] };
  const program = LINUX_OPENERS.find((name) => isOnPath(name, environment));
  if (program === undefined) {
    throw new UserError(
      'usage.nothing-opens-it',
      `--open needs ${LINUX_OPENERS.join(' or ')}, and there is none on PATH: leave it out, and open the page yourself.`,
    );
  }
  return { program, args: [] };
}

function isOnPath(name: string, { PATH = '' }: Environment): boolean {
  return PATH.split(delimiter)
    .filter((folder) => folder !== '')
    .some((folder) => {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The page stands there already: a browser that does not start is told of, and fails nothing. */
export async function openPage(
  file: string,
  { program, args }: Opener,
  log: { warn(message: string): void },
): Promise<void> {
  try {
    await releaseProgram(program, [...args, file]);
  } catch (error) {
    log.warn(`${file} could not be opened: ${messageOf(error)}`);
  }
}
