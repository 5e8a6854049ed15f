/** A model that chooses the length of what it gives is quantized, and proved, with the lengths that the original chooses: else one rounding that falls
 *  the other way would be all that is seen of a file. */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PLAN_SUFFIX } from '../auto/plan/plan.js';
import { type HeldLength, heldLengths, holdLengths, releaseLengths } from '../onnx/convert/held-lengths.js';
import { readModel } from '../onnx/file/read.js';
import { readModelOutline } from '../onnx/file/read-outline.js';
import { writeModelUnlessInterrupted } from '../onnx/file/write.js';
import { isChanged, leaveFloat } from '../quantize/method/result.js';
import { LengthSource } from '../quantize/observe/held-dataset.js';
import { inferTypes } from '../quantize/prepare/prepare.js';
import { inPlace } from '../quantize/quantize.js';
import { scratchFolder } from '../system/files/scratch.js';
import { COMPANIONS } from './kept-file.js';
import type { VerifiedRequest, VerifiedResult } from './made-file.js';
import { verifyFile } from './proof/verify-file.js';

/** Quantizes by `quantize` the model with its lengths held; null: it chooses none, or there are no samples to choose them for. */
export async function quantizeWithHeldLengths(
  request: VerifiedRequest,
  quantize: (request: VerifiedRequest) => Promise<VerifiedResult>,
): Promise<VerifiedResult | null> {
  const { calibration, context, verify } = request;
  if (!calibration || !verify || lengthsOf(request.model).length === 0) return null;
  const original = readModel(request.model);
  const held = readModel(request.model);
  const lengths = heldLengths(held);
  if (!holdLengths(held, lengths, await inferTypes(original, { context }))) return null;
  const directory = scratchFolder('held');
  const source = await LengthSource.open(request.model, lengths, context);
  try {
    const files = { before: join(directory, 'held.onnx'), after: join(directory, 'quantized.onnx') };
    const { signal } = context;
    await writeModelUnlessInterrupted(held, files.before, { durable: false, signal });
    const asked = {
      ...request,
      model: files.before,
      out: files.after,
      calibration: source.dataset(calibration),
    };
    const result = await quantize(asked);
    return await inPlace(request.out, COMPANIONS, async (out) => {
      if (existsSync(files.after + PLAN_SUFFIX)) copyFileSync(files.after + PLAN_SUFFIX, out + PLAN_SUFFIX);
      if (!result.decisions.some(isChanged)) await leaveFloat({ ...request, out });
      else {
        const made = readModel(files.after);
        releaseLengths(made, lengths, original);
        await writeModelUnlessInterrupted(made, out, { signal });
      }
      // What was proved is the file with other inputs: that this one opens and runs is still to be seen.
      await verifyFile({
        ...{ original: request.model, file: out, target: result.target, floor: null, context },
        ...{ samples: await firstSample(request), representative: true },
      });
      return { ...result, file: out, notes: [...result.notes, heldNote(lengths)] };
    });
  } finally {
    await source.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A file that is no model is told of by whoever reads it next. */
function lengthsOf(file: string): HeldLength[] {
  try {
    return heldLengths(readModelOutline(file));
  } catch {
    return [];
  }
}

async function firstSample({ calibration }: VerifiedRequest) {
  for await (const { feeds } of calibration!.samples()) return [feeds];
  return [];
}

function heldNote(lengths: readonly HeldLength[]) {
  const named = lengths.map(({ tensor }) => `'${tensor}'`).join(', ');
  return {
    level: 'info' as const,
    code: 'fidelity.lengths-held' as const,
    message: `The model chooses how long its outputs are (${named}): the file was compared with the original at the lengths that the original chooses, and the lengths that it chooses itself beside them.`,
  };
}
