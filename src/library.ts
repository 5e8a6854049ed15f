/** Entry: the library, `import … from 'quantgate'`. docs/library.md shows it, docs/api.md lists it. */

export type { Calibrator, DataFormat, Method, Preset, Target } from './config/choices.js';
export type { OverrideConfig } from './config/config.js';
export { ConfigError, type Problem } from './config/file/problems.js';
export { Interrupted, MachineError, UserError } from './errors.js';
export { type Benched, type BenchOptions, bench } from './library/bench.js';
export type { CallOptions, Message, Progress } from './library/call.js';
export {
  type Evaluated,
  type EvaluateOptions,
  type EvaluatorOptions,
  evaluate,
  type TaskOptions,
} from './library/evaluate.js';
export { defineEvaluator, type Evaluator, type Score } from './library/evaluator.js';
export { type InspectOptions, inspect } from './library/inspect.js';
export {
  type Bound,
  type CheckOptions,
  type Judged,
  type JudgeOptions,
  judge,
  type Measured,
} from './library/judge.js';
export type { DataOptions, InputOptions } from './library/options/data.js';
export { type MethodOptions, type Quantized, type QuantizeOptions, quantize } from './library/quantize.js';
export { readReport } from './library/read-report.js';
export { mergeReports, type RenderOptions, type ReportFormat, render } from './library/render.js';
export { type Ran, type RunOptions, run } from './library/run.js';
export type { EvaluatorContext } from './measure/accuracy/evaluator/process.js';
export type { EvaluatedSample } from './measure/accuracy/evaluator/protocol.js';
export type { LayerFidelity } from './measure/fidelity/layers.js';
export type { Inspection, MethodPlan } from './quantize/inspect.js';
export type { Decision } from './quantize/method/result.js';
export type { Feeds, Tensor } from './tensor/tensor.js';
export type { ErrorCode } from './terms/codes/codes.js';
export type { Level } from './terms/level.js';
export type { Measurement, Note } from './terms/measurement.js';
export type { Task } from './terms/metrics.js';
export type { Report, Verification } from './terms/report.js';
export type { CheckResult, OverallVerdict, Verdict } from './terms/verdict.js';
