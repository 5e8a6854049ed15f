/** A baseline from outside git: a file that an earlier step put into the workspace. What it is, only its hash in the base's configuration says. */
import { constants, copyFile, mkdir, mkdtemp, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { BaselineConfig } from '../../config/config.js';
import { codeOf, messageOf } from '../../errors.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import { externalLocations } from '../../onnx/file/weights.js';
import { sha256OfFile } from '../../system/files/file-hash.js';
import { isLfsPointerFile } from '../../system/files/lfs-pointer.js';
import { physicalPath, relativeInside } from '../../system/files/physical-path.js';
import { shownPath } from '../../system/files/shown-path.js';
import type { ExtractedModel } from './tree.js';
import { Unreadable } from './unreadable.js';

export interface BaselinePlace {
  /** Where it is copied to: what was hashed is what is measured, whatever becomes of the original. */
  directory: string;
  /** Nothing outside of it is read; null: no limit, as on the command line. */
  workspace: string | null;
}

/**
 * The model and its external data, copied and checked. Throws Unreadable when one is missing, lies outside of the workspace, or is
 * another file than `baseline` says.
 */
export async function takeBaseline(baseline: BaselineConfig, place: BaselinePlace): Promise<ExtractedModel> {
  const directory = await mkdtemp(join(place.directory, 'baseline-'));
  const taking = { directory, workspace: place.workspace };
  const file = await take(baseline.file, {
    ...taking,
    name: basename(baseline.file),
    sha256: baseline.sha256,
  });
  const beside = externalLocations(readModelOutline(file).proto);
  for (const name of beside) {
    const sha256 = Object.hasOwn(baseline.externalData, name) ? baseline.externalData[name] : undefined;
    if (sha256 === undefined) {
      throw new Unreadable({
        cause: `${shownBaseline(baseline, place)} keeps weights in ${name}, whose SHA-256 the base's configuration doesn't say.`,
        remedy: 'Add it to the baseline under `external-data`, on the base branch.',
      });
    }
    await take(join(dirname(baseline.file), name), { ...taking, name, sha256 });
  }
  return { file, beside };
}

/** Its path as reports show it. */
export function shownBaseline({ file }: BaselineConfig, { workspace }: BaselinePlace): string {
  return shownPath(file, workspace ?? undefined);
}

async function take(
  source: string,
  { name, sha256, directory, workspace }: BaselinePlace & { name: string; sha256: string },
): Promise<string> {
  const shown = shownPath(source, workspace ?? undefined);
  const target = resolve(directory, name);
  const physical = physicalPath(source);
  if (workspace !== null && relativeInside(physicalPath(workspace), physical) === null) {
    throw new Unreadable({
      cause: `${shown} lies, or links, outside of the workspace.`,
      remedy: PUT_IT_THERE,
    });
  }
  if (relativeInside(directory, target) === null) {
    throw new Unreadable({
      cause: `Its external data '${name}' leaves the model's folder.`,
      remedy: 'Keep the files of a model in one folder.',
    });
  }
  await mkdir(dirname(target), { recursive: true });
  try {
    if (!(await stat(physical)).isFile()) throw new Error('it is no file');
    await copyFile(physical, target, constants.COPYFILE_FICLONE);
  } catch (error) {
    const why =
      codeOf(error) === 'ENOENT' ? 'is not there' : `can't be read (${codeOf(error) ?? messageOf(error)})`;
    throw new Unreadable({ cause: `${shown} ${why}.`, remedy: PUT_IT_THERE });
  }
  const found = await sha256OfFile(target);
  if (found !== sha256) {
    const pointer = (await isLfsPointerFile(target)) ? ', a Git LFS pointer' : '';
    throw new Unreadable({
      cause: `${shown} is another file than the base's configuration says: its SHA-256 is ${short(found)}${pointer}, not ${short(sha256)}.`,
      remedy: PUT_IT_THERE,
    });
  }
  return target;
}

/** Enough to tell files apart, as reports show hashes. */
const short = (sha256: string) => sha256.slice(0, 16);

const PUT_IT_THERE =
  "A step before quantgate has to put the base's file there: docs/github.md, 'A baseline from outside git'.";
