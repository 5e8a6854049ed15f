/** Axes of two inputs that have one name: a file has to take them of unlike lengths where the original does. */
import { UserError } from '../../errors.js';
import { timingFeeds } from '../../measure/subject/inputs.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import { modelInputs } from '../../onnx/query/interface.js';
import type { QuantizeNote } from '../../quantize/method/result.js';
import type { RunContext } from '../../runtime/context.js';
import { WorkerError } from '../../runtime/worker/connection.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import { blamed } from './blamed.js';
import { Trials } from './trials.js';
import { LEVELS } from './verify-file.js';

/** Not 1, which is broadcast. */
const LENGTHS = [5, 9] as const;
/** Ways to part the inputs that are tried for one name: each may cost a run of the original. */
const MOST_PARTS = 12;

/** ONNX Runtime lays tensors whose sizes have the same names into the same memory: whether it comes to that depends on the nodes between,
 *  which are others in the file. Made-up inputs of like lengths, or data that happen to have them, don't show it.
 *  @returns a note where the original takes unlike lengths and the file does not: a warning where
 *  that is at the level in use. @throws Interrupted, MachineError. */
export async function unlikeLengthsNotes({
  original,
  file,
  context,
}: {
  original: string;
  file: string;
  context: RunContext;
}): Promise<QuantizeNote[]> {
  const inputs = modelInputs(readModelOutline(original));
  const names = sharedNames(inputs);
  if (names.length === 0) return [];
  const trials = new Trials(context);
  try {
    await trials.open(original, 'all');
    for (const name of names) {
      const feeds = await takenOf(unlikeFeeds(inputs, name), trials);
      if (feeds === null) continue;
      const fault = await faultOf(file, feeds, trials);
      if (fault !== null) return [noteOf(name, feeds, inputs, fault)];
      await trials.open(original, 'all');
    }
    return [];
  } catch (error) {
    // Values that can't be made up, a process that died of them: nothing is known.
    if (error instanceof UserError || error instanceof WorkerError) return [];
    throw error;
  } finally {
    await trials.close();
  }
}

/** The first of these that the open model takes. */
async function takenOf(candidates: Iterable<Feeds>, trials: Trials): Promise<Feeds | null> {
  for (const feeds of candidates) if ((await trials.refusal(feeds)) === null) return feeds;
  return null;
}

/** At which level the file does not take them, the one in use first, and why; null: it does at each. */
async function faultOf(file: string, feeds: Feeds, trials: Trials): Promise<Fault | null> {
  for (const level of LEVELS.toReversed()) {
    await trials.open(file, level);
    const error = await trials.refusal(feeds);
    if (error instanceof UserError && error.code === 'model.shared-axis') return { level, error };
  }
  return null;
}

interface Fault {
  level: string;
  error: Error;
}

function noteOf(
  name: string,
  feeds: Feeds,
  inputs: readonly ValueMeta[],
  { level, error }: Fault,
): QuantizeNote {
  const lengths = withAxis(inputs, name).map(
    ({ name: input, shape }) => `${feeds[input]!.dims[shape!.indexOf(name)]} in ${input}`,
  );
  const blame = blamed(error);
  const where = blame && 'node' in blame ? `: ONNX Runtime stops at '${blame.node}'` : '';
  const isInUse = level === LEVELS.at(-1);
  const asked = isInUse ? '' : ` at optimization level '${level}'`;
  return {
    level: isInUse ? 'warn' : 'info',
    code: 'quantize.shared-axis',
    message: `The file runs only where the axes called '${name}' are equally long, and the original also where they are not (${lengths.join(', ')})${where}${asked}. If they can differ, export the model with a name for each.`,
  };
}

const withAxis = (inputs: readonly ValueMeta[], name: string) =>
  inputs.filter(({ shape }) => shape?.includes(name));

/** Names that axes of more than one input have. */
function sharedNames(inputs: readonly ValueMeta[]): string[] {
  const names = new Set(inputs.flatMap(({ shape }) => shape ?? []));
  return [...names].filter(
    (name): name is string => typeof name === 'string' && name !== '' && withAxis(inputs, name).length > 1,
  );
}

/** Made-up values with the axes of a name in two lengths: those of one side (an encoder's inputs, a decoder's) are usually declared
 *  one after the other. */
function* unlikeFeeds(inputs: readonly ValueMeta[], name: string): Iterable<Feeds> {
  const having = withAxis(inputs, name).map((input) => input.name);
  const parts = having.slice(1).map((_, index) => having.slice(0, index + 1));
  if (having.length > 2) parts.push(...having.slice(1, -1).map((one) => [one]));
  for (const part of parts.slice(0, MOST_PARTS)) {
    const of = (input: ValueMeta) => ({ [name]: LENGTHS[part.includes(input.name) ? 0 : 1] });
    const made = inputs.map((input) => timingFeeds([input], { batch: 1, shapes: of(input), sample: null }));
    yield Object.assign({}, ...made) as Feeds;
  }
}
