/** The models of a comparison with the lengths that the original chooses (onnx/convert/held-lengths.ts). */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../data/samples/dataset.js';
import { throwIfInterrupted } from '../../errors.js';
import { heldLengths, holdLengths } from '../../onnx/convert/held-lengths.js';
import { readModel } from '../../onnx/file/read.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import { writeModelUnlessInterrupted } from '../../onnx/file/write.js';
import { LengthSource } from '../../quantize/observe/held-dataset.js';
import { inferTypes } from '../../quantize/prepare/prepare.js';
import type { RunContext } from '../../runtime/context.js';
import { scratchFolder } from '../../system/files/scratch.js';
import type { SubjectFile } from './subject.js';

export interface HeldFiles {
  /** The original first. */
  subjects: readonly SubjectFile[];
  /** The same samples with the lengths. */
  dataset(from: Dataset): Dataset;
  close(): Promise<void>;
}

/** null: the original chooses no lengths, or a variant doesn't say where it does. The original must be known to open. */
export async function heldFiles(
  subjects: readonly SubjectFile[],
  context: Pick<RunContext, 'runtime' | 'threads' | 'signal'>,
): Promise<HeldFiles | null> {
  const original = subjects[0]!.file;
  const lengths = heldLengths(readModelOutline(original));
  if (lengths.length === 0) return null;
  const folder = scratchFolder('held');
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    const held: SubjectFile[] = [];
    for (const [index, subject] of subjects.entries()) {
      const written = async (file: string, name: string): Promise<string | null> => {
        const model = readModel(file);
        if (!holdLengths(model, lengths, await inferTypes(model, { context }))) return null;
        const path = join(folder, `${index}-${name}.onnx`);
        await writeModelUnlessInterrupted(model, path, { durable: false, signal: context.signal });
        return path;
      };
      const file = await written(subject.file, 'head');
      const base = subject.base ? await written(subject.base, 'base') : null;
      if (file === null || (subject.base && base === null)) {
        close();
        return null;
      }
      held.push({ ...subject, file, base });
    }
    const source = await LengthSource.open(original, lengths, context);
    return {
      subjects: held,
      dataset: (from) => source.dataset(from),
      close: async () => {
        await source.close();
        close();
      },
    };
  } catch {
    close();
    throwIfInterrupted(context.signal);
    // A variant that doesn't open says so where it is compared.
    return null;
  }
}
