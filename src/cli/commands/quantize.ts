/** quantgate quantize: one model in, a smaller one out. */
import type { Calibrator, FileNames, Method, Objective, Preset, Target } from '../../config/choices.js';
import type { QuantizeConfig } from '../../config/config.js';
import { EXIT } from '../../errors.js';
import { quantize } from '../../library/quantize.js';
import { formatValue } from '../../report/words/format.js';
import { callOptions } from '../context/call.js';
import type { CliContext } from '../context/context.js';
import { type DataFlags, dataOptions } from '../options/data-options.js';

interface QuantizeFlags extends Omit<DataFlags, 'path' | 'limit'> {
  out: string;
  method?: Method;
  preset?: Preset;
  calibration?: string;
  calibrationLimit?: number;
  calibrator?: Calibrator;
  percentile?: number;
  target?: Target;
  objective?: Objective;
  budget?: string;
  plan?: string;
  include?: string[];
  exclude?: string[];
  blockSize?: number;
  rounding?: NonNullable<QuantizeConfig['rounding']>;
  files?: FileNames;
  minSqnr?: string;
  maxSize?: string;
  rest?: 'float16';
  config?: string;
  model?: string;
  variant?: string;
  /** false with --no-verify and --no-repair. */
  verify: boolean;
  repair: boolean;
}

export async function quantizeCommand(
  context: CliContext,
  model: string,
  flags: QuantizeFlags,
): Promise<number> {
  const { out, method, preset, target, calibrator, percentile, include, exclude, blockSize, plan, files } =
    flags;
  const { config, model: name, variant, verify, rounding, objective, budget, minSqnr, maxSize, rest } = flags;
  const result = await quantize(model, {
    ...callOptions(context),
    ...{ out, method, preset, target, calibrator, percentile, include, exclude, blockSize, plan, files },
    ...{ rounding, objective, budget, minSqnr, maxSize, rest },
    calibration: dataOptions({ ...flags, path: flags.calibration, limit: flags.calibrationLimit }),
    ...{ config, model: name, variant, verify },
    repair: flags.repair ? undefined : false,
  });
  context.print(result, () => {
    const { original, quantized: after } = result.sizeBytes;
    const { quantized, float } = result.groups;
    const { neededRuntime } = result.provenance;
    const needs = neededRuntime === undefined ? '' : `, runs from ONNX Runtime ${neededRuntime} on`;
    return `${result.file}: ${result.method} for ${result.target}, ${formatValue(original, 'bytes')} → ${formatValue(after, 'bytes')} (${(after / original).toFixed(2)}×), ${quantized} groups quantized, ${float} kept float${needs}${verify ? '' : ', not checked (--no-verify)'}`;
  });
  return EXIT.pass;
}
