/** What a variant says beside a plan that says otherwise: the plan is followed, and the note tells. */
import type { QuantizeConfig } from '../../config/config.js';
import type { QuantizeNote } from '../../quantize/method/result.js';
import { kindsOfRounding, type Plan, type PlanStage } from './plan.js';

type Said = Pick<
  QuantizeConfig,
  'target' | 'include' | 'exclude' | 'calibrator' | 'percentile' | 'rounding' | 'biasCorrection'
>;

/** The options that stages say otherwise, as quantgate.yml names them. */
export function overruledBy(plan: Plan, options: Said): string[] {
  const names: string[] = [];
  if (options.target !== null && options.target !== plan.target) names.push('target');
  if (options.include !== null) names.push('include');
  if (options.exclude.length > 0) names.push('exclude');
  const overrules = <K extends keyof PlanStage>(key: K, asked: PlanStage[K] | null): boolean =>
    asked !== null && plan.stages.some((stage) => stage[key] !== undefined && stage[key] !== asked);
  if (overrules('calibrator', options.calibrator)) names.push('calibrator');
  if (overrules('percentile', options.percentile)) names.push('percentile');
  if (overrules('bias-correction', options.biasCorrection)) names.push('bias-correction');
  const { rounding } = options;
  const rounds = ({ method }: PlanStage) => kindsOfRounding(method).some((kind) => kind === rounding);
  if (
    rounding !== null &&
    plan.stages.some((stage) => stage.rounding !== undefined && stage.rounding !== rounding && rounds(stage))
  )
    names.push('rounding');
  return names;
}

export function overruledNotes(plan: Plan, options: Said): QuantizeNote[] {
  const names = overruledBy(plan, options).map((name) => `\`${name}\``);
  if (names.length === 0) return [];
  return [
    {
      level: 'warn',
      code: 'quantize.ignored-option',
      message: `The plan says otherwise, and is followed: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} ignored. Change the plan, or leave it out to search a new one.`,
    },
  ];
}
