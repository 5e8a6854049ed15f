/** The door of the quantizer: one model file in, a smaller one out, by the method that the options name. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MachineError, messageOf, UserError, writeError } from '../errors.js';
import { partialName, removePartials } from '../system/files/partial-file.js';
import { float16 } from './float16/float16.js';
import { int8Dynamic } from './int8-dynamic/int8-dynamic.js';
import { int8Static } from './int8-static/int8-static.js';
import type { QuantizeRequest } from './method/request.js';
import type { QuantizeResult } from './method/result.js';
import { weightOnly } from './weight-only/weight-only.js';

/** Quantizes one model. The file appears under its name when it has been checked: what is tried and taken back lies in a folder beside
 *  it, and who interrupts keeps what was there.
 *  @throws UserError for a model, data or options that don't fit; MachineError when the runtime fails. */
export async function quantizeModel(request: QuantizeRequest): Promise<QuantizeResult> {
  return await inPlace(request.out, ['.data'], async (out) => await quantizeBy({ ...request, out }));
}

/** Makes a file in a folder beside its place, and puts it there when it is complete; what errors and notes say names the place, not the way.
 *  @param suffixes of the files that go with it: they are there before it. */
export async function inPlace<T extends QuantizeResult>(
  out: string,
  suffixes: readonly string[],
  make: (made: string) => Promise<T>,
): Promise<T> {
  const folder = partialName(out);
  const made = join(folder, basename(out));
  try {
    removePartials(out);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  } catch (error) {
    throw writeError(`Model ${out} can't be written: ${messageOf(error)}.`, error);
  }
  try {
    const result = await make(made);
    for (const suffix of [...suffixes, ''])
      if (existsSync(made + suffix)) renameSync(made + suffix, out + suffix);
    const named = (text: string) => text.replaceAll(made, out);
    const notes = result.notes.map((note) => ({ ...note, message: named(note.message) }));
    return { ...result, file: out, notes };
  } catch (error) {
    const known = error instanceof UserError || error instanceof MachineError;
    throw known ? error.withMessage(error.message.replaceAll(made, out)) : error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function quantizeBy(request: QuantizeRequest): Promise<QuantizeResult> {
  const { method } = request.options;
  switch (method) {
    case 'int8-static':
      return await int8Static(request);
    case 'float16':
      return await float16(request);
    case 'int8-dynamic':
      return await int8Dynamic(request);
    case 'int8-weights':
      return await weightOnly(request, 8);
    case 'int4-weights':
      return await weightOnly(request, 4);
    default:
      throw new UserError(
        'quantize.invalid-option',
        `The method '${method}' is not available in this build.`,
      );
  }
}
