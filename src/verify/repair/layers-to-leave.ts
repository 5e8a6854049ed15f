/** Which layers a file should leave as they are, by what each of them does to the outputs. */
import { messageOf, throwIfInterrupted } from '../../errors.js';
import { halfReference } from '../../measure/subject/half-reference.js';
import { makeValue } from '../../onnx/build.js';
import { readModel } from '../../onnx/file/read.js';
import { lowestSqnr } from '../../quantize/method/lowest-sqnr.js';
import { openObserved } from '../../quantize/observe/observed-model.js';
import type { RunContext } from '../../runtime/context.js';
import type { Session } from '../../runtime/runtime.js';
import { freeBuffersOfWork } from '../../system/dropped-buffers.js';
import type { Feeds, Tensor } from '../../tensor/tensor.js';
import { type Affordable, TOO_DEAR } from './search.js';
import { SWITCHES, type SwitchOptions, switchedModel } from './switched-model.js';

export interface RankingRequest extends SwitchOptions {
  original: string;
  file: string;
  samples: readonly Feeds[];
  /** How often the model may be run on all samples. */
  runs: number;
  context: RunContext;
}

/** Neighbouring layers, and what they do to the outputs where all others are left as they are: noise power over signal power. */
interface Segment {
  from: number;
  to: number;
  noise: number;
}

/** Into how many parts the layers are divided at first. */
const PARTS = 8;
/** What is left of a part's noise beside its first half is that of the second, if it is no less than this share of it. */
const SURE_SHARE = 0.2;

/** Weights in 8 bits become floats once, when the model is opened, and nothing of it is fused: the switches lie in between. */
const WEIGHTS_AS_FLOATS = { 'session.disable_quant_qdq': '1' };

/** The original and a file in one session: finds the layers that the outputs can't bear in the reduced type.
 *
 *  Layers are looked at in parts, each alone in the reduced type. The loudest that must be left for the noise to be small enough are halved until they
 *  are single layers: the quiet ones are never looked at one by one. */
export class OutputRanking {
  readonly #session: Session;
  readonly #layers: readonly (readonly string[])[];
  readonly #request: RankingRequest;
  #expected: Feeds[] = [];
  #segments: Segment[] = [];
  #runs: number;
  /** By the layers that are in the reduced type: what is looked for anew is mostly near what was found before. */
  readonly #known = new Map<string, number>();
  /** Of each layer whether it is left by no means. */
  #isDear: readonly boolean[];
  /** Of the file, as the model with switches computes it. */
  #noise = 0;
  /** The runs were used up before all parts that are left were single layers: fewer layers may do. */
  isCutShort = false;

  private constructor(session: Session, layers: readonly (readonly string[])[], request: RankingRequest) {
    this.#session = session;
    this.#layers = layers;
    this.#isDear = layers.map(() => false);
    this.#request = request;
    this.#runs = request.runs;
  }

  /** null: the two can't be computed together. */
  static async open(request: RankingRequest): Promise<OutputRanking | null> {
    const { context } = request;
    // Comparing the layers has ended: its models would lie beside those of the switches.
    freeBuffersOfWork();
    try {
      const opened = await openSwitched(request);
      if (!opened) return null;
      // The session holds its own copy of what the models held.
      freeBuffersOfWork();
      const ranking = new OutputRanking(opened.session, opened.layers, request);
      if (await ranking.#begins()) return ranking;
      await opened.session.release();
    } catch (error) {
      throwIfInterrupted(context.signal);
      context.log.debug(`What each layer does to the outputs could not be seen: ${messageOf(error)}`);
    }
    return null;
  }

  /** Names of the fewest layers that may be left without which the outputs' noise falls by so much, in dB. */
  async layersFor(
    gain: number,
    { isTooMany, isTooDear }: Affordable = ANY,
  ): Promise<string[] | typeof TOO_DEAR> {
    const allowed = this.#noise * 10 ** (-gain / 10);
    this.#isDear = this.#layers.map((layer) => isTooDear(layer));
    // Where all that may be left don't suffice, fewer won't.
    const isDear = (layer: number) => this.#isDear[layer]!;
    if (this.#isDear.includes(true) && (await this.#noiseOf(isDear)) > allowed) return TOO_DEAR;
    if (this.#segments.length === 0) await this.#divide();
    let left = await this.#fewest(allowed, this.#segments.length >> 1);
    while (left.some(isLong) && this.#runs > 0) {
      // Fewer parts left as they are do not suffice, the less so fewer layers.
      if (isTooMany(left.length, this.#layers)) return TOO_DEAR;
      const share = noiseOf(left) / noiseOf(this.#segments);
      for (const segment of left.filter(isLong)) if (this.#runs > 0) await this.#halve(segment);
      left = await this.#fewest(allowed, this.#countOf(share));
    }
    this.isCutShort = left.some(isLong);
    const names = this.#layers.filter((_, layer) => !this.#isDear[layer] && isIn(layer, left)).flat();
    return [...new Set(names)];
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  /** Whether the switches do what they should: all off, they give the original; all on, the file. */
  async #begins(): Promise<boolean> {
    const { samples, file, context } = this.#request;
    for (const feeds of samples)
      this.#expected.push(
        await this.#run(
          feeds,
          this.#leftBut(() => false),
        ),
      );
    this.#noise = await this.#noiseOf(() => true);
    context.log.debug(
      `${file}: ${this.#layers.length} layers, ${(-10 * Math.log10(this.#noise)).toFixed(1)} dB with switches`,
    );
    return this.#noise > 0;
  }

  /** Looks at each of the first parts alone. */
  async #divide(): Promise<void> {
    const count = this.#layers.length;
    const size = Math.max(1, Math.ceil(count / PARTS));
    for (let from = 0; from < count; from += size)
      this.#segments.push(await this.#measured(from, Math.min(count, from + size)));
  }

  /** The fewest parts, loudest first, without which the noise is no more than this.
   *  @param guess how many they may be: looked at first, then what is farther and farther from it. */
  async #fewest(allowed: number, guess: number): Promise<Segment[]> {
    const loudest = this.#loudest();
    let [enough, tooFew, count] = [loudest.length, 0, guess];
    for (let step = 1; enough - tooFew > 1; step *= 2) {
      if (count <= tooFew || count >= enough) count = (enough + tooFew) >> 1;
      const left = loudest.slice(0, count);
      const isEnough = (await this.#noiseWithout(left)) <= allowed;
      if (isEnough) enough = count;
      else tooFew = count;
      count += isEnough ? -step : step;
    }
    return loudest.slice(0, enough);
  }

  #loudest(): Segment[] {
    return this.#segments
      .filter(({ from, to }) => !this.#isDear.slice(from, to).every(Boolean))
      .toSorted((a, b) => b.noise - a.noise);
  }

  /** How many of the loudest parts have this share of the noise. */
  #countOf(share: number): number {
    const loudest = this.#loudest();
    const all = noiseOf(loudest);
    let [count, noise] = [0, 0];
    while (count < loudest.length && noise < share * all) noise += loudest[count++]!.noise;
    return count;
  }

  async #halve(segment: Segment): Promise<void> {
    const { from, to, noise } = segment;
    const middle = (from + to) >> 1;
    const first = await this.#measured(from, middle);
    const rest = noise - first.noise;
    const second =
      rest < SURE_SHARE * noise ? await this.#measured(middle, to) : { from: middle, to, noise: rest };
    this.#segments = this.#segments.flatMap((each) => (each === segment ? [first, second] : each));
  }

  async #measured(from: number, to: number): Promise<Segment> {
    return { from, to, noise: await this.#noiseOf((layer) => layer >= from && layer < to) };
  }

  async #noiseWithout(left: readonly Segment[]): Promise<number> {
    return await this.#noiseOf((layer) => this.#isDear[layer]! || !isIn(layer, left));
  }

  async #noiseOf(isReduced: (layer: number) => boolean): Promise<number> {
    throwIfInterrupted(this.#request.context.signal);
    this.#runs--;
    const left = this.#leftBut(isReduced);
    const key = left.join('');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found: Feeds[] = [];
    for (const feeds of this.#request.samples) found.push(await this.#run(feeds, left));
    const noise = 10 ** (-(lowestSqnr(this.#expected, found) ?? 0) / 10);
    this.#known.set(key, noise);
    return noise;
  }

  #leftBut(isReduced: (layer: number) => boolean): Uint8Array {
    return Uint8Array.from(this.#layers, (_, layer) => (isReduced(layer) ? 0 : 1));
  }

  async #run(feeds: Feeds, data: Uint8Array): Promise<Feeds> {
    const switches: Tensor = { type: 'bool', dims: [data.length], data };
    return await this.#session.run({ ...feeds, [SWITCHES]: switches });
  }
}

/** null: the two can't be computed together. */
async function openSwitched(
  request: RankingRequest,
): Promise<{ session: Session; layers: readonly (readonly string[])[] } | null> {
  const { context } = request;
  const variant = readModel(request.file);
  const reference = await halfReference(variant, context);
  if (reference === 'bodies') return null;
  const switched = switchedModel(readModel(request.original), reference ?? variant, request);
  if (!switched) return null;
  const outputs = switched.model.graph.outputs.map(({ name }) => makeValue(name));
  const observation = { nodes: [], initializers: [], outputs };
  const session = await openObserved(switched.model, observation, {
    context,
    configEntries: WEIGHTS_AS_FLOATS,
  });
  return { session, layers: switched.layers };
}

const ANY: Affordable = { isTooMany: () => false, isTooDear: () => false };

function noiseOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { noise }) => sum + noise, 0);
}

function isLong({ from, to }: Segment): boolean {
  return to - from > 1;
}

function isIn(layer: number, segments: readonly Segment[]): boolean {
  return segments.some(({ from, to }) => layer >= from && layer < to);
}
