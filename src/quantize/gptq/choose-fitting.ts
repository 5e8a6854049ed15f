/** How weights are rounded: to the nearest codes, or fitted to their layers' outputs, and what is said of it. */
import { lacksCalibration } from '../method/calibration-need.js';
import type { QuantizeRequest } from '../method/request.js';
import type { QuantizeNote } from '../method/result.js';
import { duration, fittingTime, fittingWork, stagesOf } from './fitting-time.js';
import { MOST_ROWS } from './inputs/hessian.js';
import { MOST_INPUTS_PER_ROW } from './inputs/read-inputs.js';
import type { SharedWeight } from './shared-weight.js';
import type { FittedResult } from './staged-fit.js';
import { sentenceOf, type Unfitted } from './why-unfitted.js';

export type FittingChoice =
  | { rounding: 'gptq' | 'adaptive'; dataset: NonNullable<QuantizeRequest['calibration']> }
  | {
      rounding: 'nearest' /** Of a model too large to be fitted unasked. */;
      skippedSeconds: number | null;
      askedBy?: 'gptq' | 'adaptive';
      /** What was asked for where there is no weight to fit, and why there is none. */
      inVain?: { rounding: 'gptq' | 'adaptive'; unfitted: Unfitted };
    };

/** Some minutes on two cores. Of the weights' sizes, and no clock: the same file comes of every machine. */
const MOST_WORK_UNASKED = 300;

/** Fitted where there is calibration data, up to a fixed amount of work; beyond it only when asked for.
 *  @param options `forms` in which each weight is fitted, the rounding where none is asked for, and what says why there are no weights.
 *  @throws UserError for fitted rounding without data. */
export async function chooseFitting(
  weights: readonly SharedWeight[],
  { options, calibration }: Pick<QuantizeRequest, 'options' | 'calibration'>,
  {
    forms = 1,
    byDefault = 'gptq',
    why = () => 'none',
  }: { forms?: number; byDefault?: 'gptq' | 'adaptive'; why?: () => Unfitted | Promise<Unfitted> } = {},
): Promise<FittingChoice> {
  const asked = options.rounding;
  if (asked !== null && asked !== 'nearest' && !calibration) throw lacksCalibration(asked);
  if (asked === 'nearest' || !calibration) return { rounding: 'nearest', skippedSeconds: null };
  if (weights.length === 0) {
    const inVain = asked && { rounding: asked, unfitted: await why() };
    return { rounding: 'nearest', skippedSeconds: null, ...(inVain && { inVain }) };
  }
  if (asked === null && fittingWork(weights) * forms > MOST_WORK_UNASKED) {
    const { total } = fittingTime(stagesOf(weights), { vectors: MOST_ROWS, forms });
    return { rounding: 'nearest', skippedSeconds: Math.round(total), askedBy: byDefault };
  }
  return { rounding: asked ?? byDefault, dataset: calibration };
}

export function fittingNotes(choice: FittingChoice, fitted: FittedResult | null): QuantizeNote[] {
  if (choice.rounding === 'nearest') {
    if (choice.inVain) {
      const message = sentenceOf(choice.inVain.rounding, choice.inVain.unfitted);
      return [{ level: 'info', code: 'quantize.ignored-option', message }];
    }
    if (choice.skippedSeconds === null) return [];
    return [
      {
        level: 'info',
        code: 'quantize.rounding-nearest',
        message: `The weights are rounded to the nearest codes: fitting them to the calibration data would take about ${duration(choice.skippedSeconds)}. Ask for it with \`rounding: ${choice.askedBy}\`.`,
      },
    ];
  }
  return fitted
    ? [...gainNotes(fitted, choice.rounding), ...unseenNotes(fitted), ...tooFewNotes(fitted)]
    : [];
}

function gainNotes({ layers }: FittedResult, rounding: 'gptq' | 'adaptive'): QuantizeNote[] {
  const gains = layers
    .filter(({ nearest, error }) => nearest > 0 && error > 0)
    .map(({ nearest, error }) => 10 * Math.log10(nearest / error))
    .sort((a, b) => a - b);
  if (gains.length === 0) return [];
  const median = gains[Math.floor(gains.length / 2)]!;
  return [
    {
      level: 'info',
      code: 'quantize.weights-fitted',
      message: `The weights are fitted to the calibration data (${rounding === 'gptq' ? 'GPTQ' : 'adaptive rounding'}): on it the layers' outputs are ${median.toFixed(1)} dB nearer to the original's than with weights rounded to the nearest (${gains.length === 1 ? 'one layer' : `median of ${gains.length} layers`}).`,
    },
  ];
}

/** Named in a note. */
const NAMED = 3;

function unseenNotes({ unseen }: FittedResult): QuantizeNote[] {
  if (unseen.length === 0) return [];
  return [
    {
      level: 'warn',
      code: 'quantize.weights-unseen',
      message: `No calibration sample reached ${weights(unseen)} with values that tell anything (all zeros, NaN or beyond float32 do not): rounded to the nearest codes. Give samples that use ${unseen.length === 1 ? 'it' : 'them'}.`,
    },
  ];
}

function tooFewNotes({ tooFew, layers, unseen }: FittedResult): QuantizeNote[] {
  if (tooFew.length === 0) return [];
  const all = layers.length === 0 && unseen.length === 0;
  const which = all
    ? 'All weights that can be fitted are'
    : `${upperFirst(weights(tooFew))} ${tooFew.length === 1 ? 'is' : 'are'}`;
  return [
    {
      level: 'info',
      code: 'quantize.weights-too-few-samples',
      message: `${which} rounded to the nearest codes: the calibration data give the layers too few vectors to fit weights to (less than one for ${MOST_INPUTS_PER_ROW} inputs of a layer).`,
    },
  ];
}

function weights(names: readonly string[]): string {
  const named = names.slice(0, NAMED).map((name) => `'${name}'`);
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `the ${names.length === 1 ? 'weight' : 'weights'} ${named.join(', ')}${more}`;
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
