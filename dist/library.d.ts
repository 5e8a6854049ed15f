/** How models are timed: the keys of `benchmark:` in quantgate.yml, in camelCase. */
export interface BenchOptions extends CallOptions {
    /** Execution provider; default cpu. */
    provider?: string | undefined;
    /** Batch size, or several; default 1. */
    batch?: number | readonly number[] | undefined;
    /** Processes at once, or several numbers of them; default 1. */
    concurrency?: number | readonly number[] | undefined;
    /** Time to spend, with its unit; default '30s'. */
    budget?: string | undefined;
    /** Half-width of the ratio's interval at which timing ends early: '1%'. */
    precision?: number | string | undefined;
    /** Number of the GPU. */
    device?: number | undefined;
    /** Values of symbolic input dimensions: { sequence: 128 }. */
    shapes?: Readonly<Record<string, number>> | undefined;
}
/** Figures of several models; those of the first are what the others are compared with. */
export interface Benched {
    /** Name of the first model. */
    reference: string;
    /** In bytes, with external data, by the models' names. */
    sizes: Record<string, number>;
    /** `variant` is the model's name. */
    measurements: Measurement[];
    notes: Note[];
}
/** A bound with its unit: 0.8, '0.5pp', '25 MiB', '5%'. */
export type Bound = number | string;
export type Calibrator = (typeof CALIBRATORS)[number];
/** Options of every call. */
export interface CallOptions {
    /** Threads that ONNX Runtime computes an operator with; default: one per core. */
    threads?: number | undefined;
    /** Folder of the onnxruntime-node package to use; default: one in a node_modules above, else it is fetched into the cache at first use. */
    onnxruntimePath?: string | undefined;
    /** Aborted, the call ends with Interrupted, and nothing half-written stays. */
    signal?: AbortSignal | undefined;
    /** Hears how far a long step is; a step ends with `done === total`. */
    onProgress?: ((progress: Progress) => void) | undefined;
    /** Hears what a person at a terminal would read: steps, warnings, details. What matters for the result is in its `notes`, too. */
    onMessage?: ((message: Message) => void) | undefined;
}
/** One check: all its conditions must hold. The keys of a check in quantgate.yml, in camelCase. */
export interface CheckOptions {
    max?: Bound | undefined;
    min?: Bound | undefined;
    /** variant ÷ original. */
    maxRatio?: Bound | undefined;
    minRatio?: Bound | undefined;
    /** original − variant. */
    maxDrop?: Bound | undefined;
    /** Over the same variant built from the base. */
    maxRegression?: Bound | {
        ratio: Bound;
        slack?: Bound;
    } | undefined;
    /** Bounds on the original itself. */
    original?: {
        max?: Bound;
        min?: Bound;
    } | undefined;
    minSamples?: number | undefined;
    /** Accuracy: the whole interval must hold. */
    confident?: boolean | undefined;
    ignoreOps?: string | readonly string[] | undefined;
    /** What it counts as; default error. */
    level?: Level | undefined;
    /** Where it holds; default: everywhere. */
    where?: {
        model?: string | readonly string[];
        variant?: string | readonly string[];
        provider?: string | readonly string[];
        batch?: number | readonly number[];
        threads?: number | readonly number[];
        concurrency?: number | readonly number[];
    } | undefined;
}
export interface CheckResult extends Coordinates {
    /** Check.id */
    check: string;
    metric: string;
    condition: Condition;
    unit: Unit;
    /** How much the result counts: the check's level, for skipped and inconclusive results at most what `on-skipped`,
     *  `on-missing-base` and `on-inconclusive` say. */
    level: Level;
    /** The bound, in the unit of `observed`: metric unit, or a ratio for *-ratio and max-regression (1.05 = 5 % worse:
     *  head ÷ base, and base ÷ head where higher is better, so that the observed ratio must always stay below). */
    bound: number;
    slack: number | null;
    observed: number | null;
    interval: Interval | null;
    /** A failed check of level warn has verdict `warn`; of level info, `pass` never hides it: `warn` too. */
    verdict: Verdict;
    /** One sentence: why skipped, invalid, inconclusive (and how much longer it would take), waived by whom until when. */
    reason: string | null;
    line: number | null;
}
/** Exit code 2, with every problem of the file and its line (annotations are made of them); its code is the first problem's. */
export declare class ConfigError extends UserError {
    readonly file: string | null;
    readonly problems: readonly Problem[];
    constructor(file: string | null, problems: readonly Problem[]);
}
export type DataFormat = (typeof DATA_FORMATS)[number];
/** Samples, and how they become the model's inputs: the keys of `data:` and of its sources in quantgate.yml, in camelCase. Paths are relative to
 *  the working directory. */
export interface DataOptions {
    /** File or folder; needed unless a config names the data. */
    path?: string | undefined;
    /** Default: guessed from the path. */
    format?: DataFormat | undefined;
    /** At most this many samples. */
    limit?: number | undefined;
    /** Of the fixed shuffle; default 0. */
    seed?: number | undefined;
    /** Name of the array or column with the labels. */
    labels?: string | undefined;
    /** Folder of the images that the data name. */
    images?: string | undefined;
    /** Folder of PNG files with one class index per pixel. */
    masks?: string | undefined;
    /** Value of a mask's pixels without a class. */
    ignore?: number | undefined;
    /** How names of classes become indices. */
    classOrder?: 'index' | 'name' | 'number' | undefined;
    /** Names of the model's classes, in their order. */
    classNames?: readonly string[] | undefined;
    /** Preprocessing of the model's only input, or of all. */
    input?: InputOptions | undefined;
    /** Preprocessing by the name of the model's input. */
    inputs?: Readonly<Record<string, InputOptions>> | undefined;
    /** A tokenizer.json, for texts. */
    tokenizer?: string | undefined;
    /** Tokens of a text at most. */
    maxLength?: number | undefined;
    /** Column of the text, or the two of a pair. */
    text?: string | readonly string[] | undefined;
    /** Of one set of samples so many calibrate, and the others evaluate: `quantize` takes the first, `evaluate` the others. */
    split?: {
        calibration: number;
    } | undefined;
    /** How recordings become the model's input. */
    audio?: {
        features?: NonNullable<AudioConfig['features']>;
        samplingRate?: number;
    } | undefined;
}
/** What one operator became. */
export interface Decision {
    /** Node name, or its first output where it has none. */
    node: string;
    opType: string;
    /** What the runtime will run: 'QLinearConv', 'MatMulNBits', 'float16', 'float', … */
    became: string;
    /** Why it stayed float; null when it didn't. */
    reason: string | null;
}
export type ErrorCode = 'accuracy.output-shape' | 'accuracy.unknown-output' | 'accuracy.classes-differ' | 'accuracy.decoder' | 'accuracy.keys' | 'accuracy.wrong-data' | 'accuracy.too-many-samples' | 'accuracy.original-unusable' | 'evaluator.not-found' | 'evaluator.failed' | 'evaluator.result' | 'evaluator.outputs' | 'config.not-found' | 'config.unreadable' | 'config.syntax' | 'config.unknown-key' | 'config.missing-key' | 'config.invalid-value' | 'config.quantity' | 'config.ambiguous-percent' | 'config.conflict' | 'config.duplicate-name' | 'config.no-match' | 'config.impossible-check' | 'config.waiver' | 'data.not-found' | 'data.unknown-format' | 'data.wrong-format' | 'data.malformed' | 'data.record' | 'data.array' | 'data.empty' | 'data.no-column' | 'data.counts-differ' | 'data.files-missing' | 'data.unknown-class' | 'data.boxes' | 'data.ambiguous' | 'data.option-unused' | 'data.no-labels' | 'data.label-shape' | 'data.mask-size' | 'data.overlap' | 'data.split' | 'data.undecodable' | 'data.nan' | 'data.refused-by-model' | 'data.binding' | 'data.input-type' | 'data.input-shape' | 'data.ids-out-of-range' | 'data.batch' | 'data.preprocessing' | 'data.preprocessor-file' | 'data.needs-tokenizer' | 'data.tokenizer-file' | 'data.tokenizer-mismatch' | 'data.token-length' | 'data.cache-shape' | 'data.text-columns' | 'data.audio-features' | 'model.not-found' | 'model.not-onnx' | 'model.too-large' | 'model.damaged' | 'model.invalid' | 'model.external-data-missing' | 'model.external-data-outside' | 'model.opset' | 'model.unknown-operators' | 'model.refused' | 'model.no-tensor-output' | 'model.no-inputs' | 'model.input-not-tensor' | 'model.element-type' | 'model.fixed-batch' | 'model.unknown-dimension' | 'model.shared-axis' | 'quantize.needs-calibration' | 'quantize.plan-invalid' | 'quantize.plan-other-model' | 'quantize.method-not-for-target' | 'quantize.invalid-option' | 'quantize.not-finite' | 'quantize.file-invalid' | 'variant.file-missing' | 'command.not-allowed' | 'command.not-started' | 'command.failed' | 'command.no-output' | 'report.unreadable' | 'report.invalid' | 'report.other-version' | 'report.none' | 'report.too-much' | 'report.not-two' | 'report.same' | 'report.other-models' | 'report.foreign' | 'github.input' | 'github.event' | 'github.token' | 'github.api' | 'github.output' | 'github.fork-outside' | 'runtime.not-found' | 'runtime.not-loaded' | 'runtime.unsupported-system' | 'runtime.fetch-failed' | 'runtime.hash-mismatch' | 'runtime.out-of-memory' | 'runtime.profile' | 'runtime.worker' | 'runtime.threads' | 'browser.missing' | 'browser.not-started' | 'browser.page' | 'measure.original-failed' | 'measure.shapes' | 'measure.memory' | 'provider.not-opened' | 'provider.driver-too-old' | 'provider.wrong-results' | 'tensorrt.no-trtexec' | 'tensorrt.trtexec-failed' | 'tensorrt.engine-refused' | 'machine.no-room' | 'machine.no-locale' | 'machine.no-program' | 'machine.no-sharp' | 'machine.incomplete-installation' | 'machine.internal' | 'file.not-writable' | 'file.unreadable' | 'file.outside' | 'file.lfs-pointer' | 'usage.command-line' | 'usage.invalid-value' | 'usage.needs-config' | 'usage.needs-data' | 'usage.needs-tokenizer' | 'usage.nothing-to-score' | 'usage.unknown-name' | 'usage.choose-model' | 'usage.choose-cuda' | 'usage.output-conflict' | 'usage.nothing-opens-it' | 'usage.unknown-code';
export interface EvaluateOptions extends CallOptions, TaskOptions {
    /** Samples to score: a path, or more about them. Needed unless a config names them. */
    data?: string | DataOptions | undefined;
    /** Execution provider; default cpu. */
    provider?: string | undefined;
    /** Also where the error enters, tensor by tensor. Default false. */
    layers?: boolean | undefined;
    /** Path of a quantgate.yml: what the options above leave open is taken from it. */
    config?: string | undefined;
    /** Name of the model in the config. Default: the one with the first file, or the only one. */
    model?: string | undefined;
}
/** Figures of several models; those of the first are what the others are compared with. */
export interface Evaluated {
    /** Name of the first model. */
    reference: string;
    /** What the data are, in words. */
    data: string;
    samples: number;
    /** `variant` is the model's name. */
    measurements: Measurement[];
    /** By the models' names, without the first; only with `layers`. */
    layers?: Record<string, LayerFidelity[]>;
    /** Why the first model's accuracy shows nothing, no better than chance for one, and what to do; null: it does. The level is the config's `on-chance`. */
    originalInDoubt: {
        level: Level;
        message: string;
        remedy: string | null;
    } | null;
    notes: Note[];
}
/** A sample as the module sees it, with the model's outputs. */
export interface EvaluatedSample {
    id: string;
    label: number | Tensor | null;
    /** Beside or instead of a label: boxes, text. */
    annotation?: Annotation;
    /** Where the image lies in what the model sees; absent where there is none. */
    placement?: Placement;
    feeds: Feeds;
    outputs: Feeds;
}
/** Scores one model. Each number becomes the metric `accuracy.<name>`; names are lower-case letters, digits and dashes. */
export type Evaluator = (context: EvaluatorContext) => Readonly<Record<string, Score>> | Promise<Readonly<Record<string, Score>>>;
/** What a module's `evaluate` is called with (docs/configuration.md). */
export interface EvaluatorContext {
    /** Absolute path of the model file. */
    model: string;
    /** One inference: tensors { type, dims, data } by input name in, by output name out. */
    run(feeds: Feeds, outputs?: readonly string[]): Promise<Feeds>;
    /** The evaluation data, preprocessed and run through the model. */
    samples(): AsyncIterable<EvaluatedSample>;
    /** The figures of the built-in tasks, sample by sample. */
    metrics: typeof EVALUATOR_METRICS;
    /** From outputs to answers. */
    decode: typeof EVALUATOR_DECODERS;
}
export interface EvaluatorOptions {
    /** Path of an ES module with a function `evaluate` (type Evaluator). */
    module?: string | undefined;
    /** A program and its arguments; `{model}` and `{outputs}` in them are filled in. */
    command?: readonly string[] | undefined;
    /** For all its numbers, or by their names; default true. */
    higherIsBetter?: boolean | Readonly<Record<string, boolean>> | undefined;
    /** Time it may take, with its unit. */
    timeout?: string | undefined;
}
/** Tensors by input (or output) name. */
export type Feeds = Record<string, Tensor>;
/** Preprocessing of a model's input: the keys of `input:` in quantgate.yml. */
export type InputOptions = RawInput;
export interface InspectOptions extends Omit<CallOptions, 'threads'> {
    /** Also what each method would make of the model: opens ONNX Runtime. Default false. */
    plan?: boolean | undefined;
}
export interface Inspection {
    file: string;
    /** The file and its external data. */
    sizeBytes: number;
    irVersion: number;
    /** '' is the domain of ONNX itself. */
    opsets: {
        domain: string;
        version: number;
    }[];
    producer: string;
    functions: number;
    inputs: InspectedValue[];
    outputs: InspectedValue[];
    /** Nodes by operator, most frequent first; those of subgraphs included, constants not. */
    operators: {
        opType: string;
        domain: string;
        count: number;
    }[];
    /** Values of all weights, as size.parameters counts them. */
    parameters: number;
    /** By element type, largest first. */
    weights: {
        type: string;
        tensors: number;
        elements: number;
        bytes: number;
    }[];
    /** The largest weights. */
    largest: InspectedTensor[];
    metadata: Record<string, string>;
    /** One per method; null unless a runtime was given. */
    plan: MethodPlan[] | null;
}
/** Interrupted by the user or the runner (SIGINT, SIGTERM). Exit code 130. */
export declare class Interrupted extends Error {
    readonly name = "Interrupted";
}
/** Either `thresholds` or a `config` that has them; the others are the keys of quantgate.yml in camelCase. */
export interface JudgeOptions {
    /** Checks by metric, or lists of them: { 'latency.p50': { maxRatio: 0.8 } }. */
    thresholds?: Readonly<Record<string, CheckOptions | readonly CheckOptions[]>> | undefined;
    /** One-sided confidence per bound; default 0.95. */
    confidence?: number | string | undefined;
    onInconclusive?: Level | undefined;
    onMissingBase?: Level | undefined;
    onSkipped?: Level | undefined;
    onChance?: Level | undefined;
    onUnchanged?: Level | undefined;
    /** Checks that may fail until a day (ISO date), with the reason. */
    waivers?: readonly {
        check: string;
        reason: string;
        until: string;
    }[] | undefined;
    /** Path of a quantgate.yml to take all of this from. */
    config?: string | undefined;
}
export interface Judged {
    /** fail: a check of level error failed; warn: one of level warn. */
    verdict: OverallVerdict;
    checks: CheckResult[];
}
/** One tensor that both models have. */
export interface LayerFidelity {
    tensor: string;
    /** The node of the original that makes it. */
    operator: string;
    node: string;
    /** Of a rescaled tensor: after undoing the factors. */
    sqnr: number;
    /** Each channel is the original's times a factor that later operators undo, as equalization leaves it. */
    rescaled: boolean;
    /** Lowest SQNR among the nearest compared tensors it is computed from, less its own, in dB: what is lost on the way. null: there are none. */
    loss: number | null;
}
/** How much it weighs that a check does not hold: `error` fails the build, `warn` and `info` only say so, `off` leaves it out. */
export type Level = 'error' | 'warn' | 'info' | 'off';
/** The machine could not do it: runtime missing, provider failed, out of memory. Exit code 3. */
export declare class MachineError extends CodedError {
    readonly name = "MachineError";
    /** The same error in other words. */
    withMessage(message: string): MachineError;
}
/** What `bench` and `evaluate` give, or a report. `sizes` are judged as `size.file`. */
export type Measured = {
    measurements: readonly Measurement[];
    reference?: string;
    sizes?: Readonly<Record<string, number>>;
} | Report;
export interface Measurement extends Coordinates {
    metric: string;
    unit: Unit;
    status: 'ok' | 'skipped' | 'invalid';
    /** Why it is skipped or invalid; of status ok: why its interval is unbounded. */
    reason: string | null;
    /** null unless status is ok. */
    value: number | null;
    interval: Interval | null;
    /** Samples behind the value: runs, images, … */
    n: number | null;
    /** variant ÷ original, same provider, same run. */
    ratio: Estimate | null;
    /** original − variant, signed so that positive is worse. */
    drop: Paired | null;
    /** The same variant built from the base branch, measured in this run: value, and head ÷ base. */
    base: {
        value: number;
        ratio: Estimate | null;
        note: string | null;
    } | null;
    /** Metric-specific facts for the report's details (placement per provider and operator, worst layers, …). */
    details?: Record<string, unknown>;
    /** Of a latency, in its unit; absent: single runs weren't kept. */
    distribution?: Distribution;
    /** Of an accuracy: samples where this variant lost most; only where the configuration asks for them. */
    worst?: WorstSample[];
}
/** A line for people. */
export interface Message {
    level: 'debug' | 'info' | 'warn';
    text: string;
}
export type Method = (typeof METHODS)[number];
/** What becomes of the model: the keys of a variant in quantgate.yml, in camelCase. What is left out is the method's own choice. */
export interface MethodOptions {
    /** Default: the config's, else int8-static. */
    method?: Method | undefined;
    /** Options that reproduce another system. */
    preset?: Preset | undefined;
    /** What kind of machine the file is for. Default: the config's first provider's, else this machine's CPU. */
    target?: Target | undefined;
    /** How ranges are found. */
    calibrator?: Calibrator | undefined;
    /** For the percentile calibrator, such as 99.99. */
    percentile?: number | undefined;
    /** Only these: names of nodes, operator types, or patterns with `*`. */
    include?: string | readonly string[] | undefined;
    /** Not these. */
    exclude?: string | readonly string[] | undefined;
    /** Types by node. */
    overrides?: Readonly<Record<string, OverrideConfig>> | undefined;
    /** Block size of weight-only methods. */
    blockSize?: number | undefined;
    symmetric?: boolean | undefined;
    perChannel?: boolean | undefined;
    /** Weight scales that can't saturate on CPUs without VNNI. */
    saturationSafe?: boolean | undefined;
    biasCorrection?: boolean | undefined;
    equalization?: boolean | undefined;
    smoothQuant?: boolean | undefined;
    rounding?: 'nearest' | 'adaptive' | 'gptq' | undefined;
    /** For `int4-weights`: layers get 8 bits until the outputs' SQNR is this: '20 dB', or a number of decibels. */
    minSqnr?: string | number | undefined;
    /** For `int4-weights`: layers get 8 bits as long as the file is no larger: '30 MB', or '0.2x' of the original. */
    maxSize?: string | undefined;
    /** For `int4-weights`: 'float16' makes half of what is not in 4 or 8 bits. */
    rest?: 'float16' | undefined;
    /** What `auto` is to gain. */
    objective?: Objective | undefined;
    /** Time that `auto` may take: '60s'. */
    budget?: string | undefined;
    /** Path of a plan to reproduce. */
    plan?: string | undefined;
    /** false: layers that lose most are quantized all the same. Default true. */
    repair?: boolean | undefined;
    /** Whose names the file gets: `out` is the folder that holds `onnx/`, and the method decides on the file in it (`onnx/model_q4.onnx`). */
    files?: FileNames | undefined;
}
/** What a method would do with the model on a CPU, with its defaults. */
export interface MethodPlan {
    method: Method;
    /** Why the method gives nothing; null when it does. */
    refused: string | null;
    quantized: number;
    float: number;
    /** Changes by exact rewrite that come first. */
    rewrites: Record<string, number>;
    /** One per operator. For int8-static as its operator would be without calibration data: ranges may still refuse some. */
    decisions: Decision[];
}
/** Something the reader of the report should know, with what to do about it. */
export interface Note {
    level: 'info' | 'warn';
    /** Of the one list (`terms/codes/`): `noise.load`, `quantize.not-fused`, … */
    code: NoteCode;
    message: string;
    model: string | null;
    variant: string | null;
}
/** Verdict of the whole run: the worst of its checks by level; exit code 1 only for `fail`. */
export type OverallVerdict = 'pass' | 'warn' | 'fail';
export interface OverrideConfig {
    activation?: 'uint8' | 'int8' | 'float32' | 'float16';
    weight?: 'int8' | 'uint8' | 'int4' | 'float32' | 'float16';
    symmetric?: boolean;
    perChannel?: boolean;
}
export type Preset = (typeof PRESETS)[number];
export interface Problem {
    /** 1-based; null when the config came from no file. */
    line: number | null;
    /** `models[0].data.evaluation`; empty for the document itself. */
    path: string;
    code: ErrorCode;
    message: string;
}
/** How far a step is. */
export interface Progress {
    /** What is done, for people: `latency of resnet50 on cpu`. */
    step: string;
    done: number;
    /** It may grow while the step goes on. */
    total: number;
}
export interface QuantizeOptions extends CallOptions, MethodOptions {
    /** Path of the file to write; its name ends in .onnx. With `files` a folder. */
    out: string;
    /** Samples that ranges are taken from: a path, more about them, or tensors by input name, one set a sample. int8-static needs them. */
    calibration?: string | DataOptions | readonly Feeds[] | undefined;
    /** false: the file is not opened, run and compared with the original. Default true. */
    verify?: boolean | undefined;
    /** Path of a quantgate.yml: what the options above leave open is taken from it. */
    config?: string | undefined;
    /** Name of the model in the config. Default: the one with this file, or the only one. */
    model?: string | undefined;
    /** Name of the variant in the config. Default: without a `method` its first one. */
    variant?: string | undefined;
}
/** A quantized file, what became of each operator, and what was proved. */
export interface Quantized extends VerifiedResult {
    /** With external data. */
    sizeBytes: {
        original: number;
        quantized: number;
    };
    durationMs: number;
}
/** What a run gives; `report.verdict` is fail when a check of level error failed. */
export interface Ran {
    report: Report;
    /** Absolute paths. */
    files: ReportFiles;
}
export interface RenderOptions {
    format: ReportFormat;
}
export interface Report {
    schemaVersion: 1;
    tool: {
        name: 'quantgate';
        version: string;
    };
    /** ISO 8601, UTC. */
    startedAt: string;
    durationMs: number;
    verdict: OverallVerdict;
    environment: Environment;
    models: ModelReport[];
    measurements: Measurement[];
    checks: CheckResult[];
    notes: Note[];
    /** What the thresholds were read from. */
    thresholds: {
        file: string | null;
        from: 'head' | 'base' | 'arguments';
        changed: boolean;
        /** Commit of the file that judged. Absent: unknown. */
        sha?: string | null;
    };
    /** Absent outside GitHub. */
    source: SourceRevision | null;
    /** Only in a report merged from several machines: each of them once; `environment` is the first. */
    environments?: Environment[];
}
export type ReportFormat = 'markdown' | 'html' | 'junit' | 'json';
export interface RunOptions extends CallOptions {
    /** Path of the configuration; default quantgate.yml. */
    config?: string | undefined;
    /** Git revision to compare with (max-regression); default: none. */
    base?: string | undefined;
    /** Folder for the report, badges and models; default quantgate-out. */
    out?: string | undefined;
    /** Samples that the report shows of each variant, those where it lost most: 0 to 20; default: as the configuration says. */
    reportSamples?: number | undefined;
}
/** A number; or one number per sample, which is compared in pairs; or what `metrics.ratio` and `metrics.sum` give. */
export type Score = number | readonly (number | boolean)[] | Float32Array | Float64Array | ReducedRows;
export type Target = (typeof TARGETS)[number];
export type Task = (typeof TASKS)[number];
/** What the models do: the keys of a model in quantgate.yml, in camelCase. */
export interface TaskOptions {
    /** Default: the config's, else none, where only fidelity is measured. */
    task?: Task | undefined;
    /** Name of the output that is scored; default: the only, or first, tensor output. */
    output?: string | undefined;
    /** Names of outputs by what they hold (`boxes`, `scores`, …). */
    outputs?: Readonly<Record<string, string>> | undefined;
    /** How a detector's or recognizer's outputs are read: `yolov8`, … */
    decoder?: string | undefined;
    /** Path of a file with the symbols of a recognizer's classes, one per line. */
    keys?: string | undefined;
    /** Added to every label to get the index of its class in the output. */
    labelOffset?: number | undefined;
    /** For task custom, which it stands for: a module or a command that scores the models. */
    evaluator?: EvaluatorOptions | undefined;
}
export interface Tensor {
    type: ElementType;
    /** Row-major shape; [] is a scalar. */
    dims: readonly number[];
    data: TensorData;
}
/** What the user gave is wrong: config, model, data, arguments. Exit code 2. */
export declare class UserError extends CodedError {
    readonly name = "UserError";
    /** The same error in other words: a place in front, another path. */
    withMessage(message: string): UserError;
}
/** invalid: the variant crashed, hung or gave NaN; counts as fail. */
export type Verdict = 'pass' | 'fail' | 'warn' | 'inconclusive' | 'skipped' | 'waived' | 'invalid';
/** What was proved of a quantized file before it was called made. */
export interface Verification {
    /** full: opened, run and compared. partly: some of it can't be done here. none: nothing was. `reason` says why. */
    state: 'full' | 'partly' | 'none';
    reason: string | null;
    /** Optimization levels at which ONNX Runtime opened the file and ran it. */
    levels: string[];
    /** Samples compared with the original; 0: none. */
    samples: number;
    /** Lowest SQNR of an output against the original's, in dB; null: not compared, or no output is floating-point. */
    sqnr: number | null;
    /** What that is at least on other samples like these, in dB, judged by the spread between them (one-sided, 95 %); only of four samples and more, and not where a
     *  loop feeds back what the model chooses. */
    bound?: number;
    /** The weights were fitted to the calibration data that these samples are of: others may fare worse, and no bound is stated. */
    fitted?: true;
    /** Share of the elements of whole-number and true-or-false outputs that equal the original's, 0 to 1; only where no output is floating-point. */
    equal?: number;
    /** Below this SQNR, in dB, the method promises nothing; null: it states none. */
    floor: number | null;
    /** Layers that lose most, worst first: only below the floor. */
    worst: {
        node: string;
        operator: string /** In dB. */;
        loss: number;
    }[];
    /** Layers that were left as they were to reach the floor. */
    repaired: string[];
}
/**
 * Times the ONNX models (paths), each in processes of its own, side by side; the first is the reference. A model that crashes or is refused
 * gets measurements of status `invalid`.
 *
 * @throws UserError for models or options that don't fit; MachineError when the provider can't be opened or the first model crashes;
 * Interrupted.
 */
export declare function bench(models: string | readonly string[], options?: BenchOptions): Promise<Benched>;
/**
 * The function itself, with its types checked. A module that runs where quantgate is in no node_modules (in the action, as a rule) takes the type
 * alone: `import type { Evaluator } from 'quantgate'`, or in JavaScript a comment, `@type {import('quantgate').Evaluator}`.
 */
export declare function defineEvaluator(evaluate: Evaluator): Evaluator;
/**
 * Scores the ONNX models (paths) on the same samples; the first is the reference. A model that fails gets measurements of status `invalid`.
 *
 * @throws UserError for models, data or options that don't fit; MachineError when the provider can't be opened or the first model crashes;
 * Interrupted.
 */
export declare function evaluate(models: string | readonly string[], options?: EvaluateOptions): Promise<Evaluated>;
/**
 * Reads the ONNX model at `model` (a path). Without `plan` it needs no runtime.
 *
 * @throws UserError when the file is no model; with `plan` MachineError when the runtime can't be had; Interrupted.
 */
export declare function inspect(model: string, options?: InspectOptions): Promise<Inspection>;
/**
 * One result per condition of every check and measurement it applies to. A check that nothing matches is skipped, with the reason.
 *
 * @throws UserError for thresholds that are none, and for expired waivers.
 */
export declare function judge(measured: Measured | readonly Measured[], options: JudgeOptions): Promise<Judged>;
/** Several reports as one; a single one stays as it is. @throws UserError for what is no report. */
export declare function mergeReports(reports: Report | readonly Report[]): Report;
/**
 * Quantizes the ONNX model at `model` (a path) into the file `out`, opens and runs both on samples, and compares. The file appears under its
 * name when it is proved; who interrupts keeps what was there.
 *
 * @throws UserError for a model, data or options that don't fit; MachineError when the runtime can't be had or fails; Interrupted.
 */
export declare function quantize(model: string, options: QuantizeOptions): Promise<Quantized>;
/** The report in a quantgate-report.json. @throws UserError for a file that can't be read or is no report. */
export declare function readReport(path: string): Report;
/** A report as text; several are merged first. @throws UserError for what is no report. */
export declare function render(report: Report | readonly Report[], options: RenderOptions): string;
/**
 * Quantizes, measures and judges the models of a configuration and leaves the report in a folder.
 *
 * @throws UserError for a configuration, models or data that don't fit; MachineError when the machine can't do it; Interrupted.
 */
export declare function run(options?: RunOptions): Promise<Ran>;
type Align = 'center' | 'top-left';
type Annotation = 
/** `order`: the image's place among those of the data (COCO: by id), which decides between equal scores of detections. */
{
    kind: 'boxes';
    boxes: readonly Box[];
    order?: number;
}
/** A transcript, or the text in an image. */
 | {
    kind: 'text';
    text: string;
}
/** Part of a document: tokens at positions from … to − 1 are its own, those before give context; and bytes of UTF-8 that its own stand for. */
 | {
    kind: 'window';
    from: number;
    to: number;
    bytes: number;
}
/** A query, with the documents that answer it, by index, and how well. */
 | {
    kind: 'query';
    relevant: readonly (readonly [document: number, grade: number])[];
}
/** One of the documents that queries are answered from. */
 | {
    kind: 'document';
    index: number;
}
/** Tags of words, and of each token fed the index of its word (−1: of none). */
 | {
    kind: 'tags';
    tags: readonly string[];
    words: Int32Array;
}
/**
 * Answers to a question about a document, any of which is right (one that is empty: it has none); of each row of tokens fed, where its tokens lie in the
 * document: beginning and end in UTF-16 code units, −1 for tokens that aren't its.
 */
 | {
    kind: 'answers';
    document: string;
    answers: readonly string[];
    /** Whether the data have questions without an answer. */
    mayHaveNone: boolean;
    offsets: readonly Int32Array[];
};
/** Recordings as a model's input. */
interface AudioConfig {
    /** null: as the input's shape tells. */
    features: 'waveform' | 'normalized' | 'whisper' | 'kaldi' | null;
    /** In Hz; null: 16,000. */
    samplingRate: number | null;
}
/** A way to quantize that method auto tried, as its race on this machine saw it. */
interface AutoCandidate {
    name: string;
    chosen: boolean;
    /** Candidate ÷ original; latency null: it was not raced. */
    sizeRatio: number;
    latencyRatio: number | null;
    /** Of the outputs, in dB; 200 where they are the same. */
    sqnr: number;
    /** Limits that it breaks, in words. */
    broken: string[];
}
/** One object in an image. */
interface Box {
    /** Index of its class, counted from 0 in the order of the data. */
    class: number;
    /** Left, top, right, bottom in pixels of the image as it is stored. */
    corners: readonly [number, number, number, number];
    /** Area in pixels; absent: the box's. COCO has the segmentation's. */
    area?: number;
    /** COCO's `iscrowd`: a region of many; matching it costs nothing and gains nothing. */
    crowd?: boolean;
    /** Pascal VOC's `difficult`: likewise. */
    difficult?: boolean;
}
/** The one that a provider ran in. */
interface BrowserOfRun {
    provider: string;
    /** `Chrome/156.0.8078.108` */
    product: string;
    sandboxed: boolean;
    /** What WebGPU computes on; null: the provider doesn't use it. */
    adapter: {
        name: string;
        software: boolean;
        float16: boolean;
    } | null;
}
/** How ranges are found on samples. */
declare const CALIBRATORS: readonly ['minmax', 'moving-average', 'percentile', 'entropy', 'mse'];
/** An error with a code of the one list (`terms/codes/`), which says cause and cure. */
declare abstract class CodedError extends Error {
    readonly code: ErrorCode;
    constructor(code: ErrorCode, message: string);
}
type Condition = 'max' | 'min' | 'max-ratio' | 'min-ratio' | 'max-drop' | 'max-regression';
/** Where in the measured space a value lies. null: the metric doesn't depend on it (size has no provider). */
interface Coordinates {
    model: string;
    variant: string;
    provider: string | null;
    batch: number | null;
    threads: number | null;
    concurrency: number | null;
    /** `Environment.fingerprint` of the machine that measured it; only in a report merged from several machines. */
    environment?: string;
}
/** Left, top, right, bottom in pixels. */
type Corners = readonly [number, number, number, number];
interface CtcOptions {
    /** Index of the class that stands for no symbol. Default 0. */
    blank?: number;
    /** Frames that count; the rest are padding. Default: all. */
    frames?: number;
}
/** What data can be read as. */
declare const DATA_FORMATS: readonly ['image-folder', 'npz', 'npy', 'onnx-tests', 'jsonl', 'idx', 'csv', 'coco', 'yolo', 'voc', 'text-lines', 'conll', 'squad', 'text', 'beir', 'speech'];
interface Detection {
    /** Index of the class, counted from 0 as the labels are. */
    class: number;
    /** Higher is surer; only the order counts. */
    score: number;
    corners: Corners;
}
/** Figures of boxes, without `accuracy.`. */
type DetectionFigure = 'map' | 'map50' | 'map75' | 'map-small' | 'map-medium' | 'map-large' | 'recall100' | 'ap';
/** How a detector's outputs are read: the keys of a model in quantgate.yml. */
interface DetectorOptions {
    /** yolov5, yolov8, yolox, ssd, detr, rt-detr or boxes. */
    decoder: string;
    /** Names of outputs by what they hold. */
    outputs?: Readonly<Record<string, string>>;
    /** Index of the class that label 0 is. Default 0. */
    labelOffset?: number;
}
/** How single runs spread: what a percentile and its interval leave out. */
interface Distribution {
    /** Fresh processes, in the order they were started: runs counted, and the percentiles 5, 25, 50, 75 and 95 of their times. */
    launches: {
        runs: number;
        percentiles: number[];
    }[];
    /** Runs of all launches by time: bins of equal width from `from` to `to`, and how many outliers were slower. */
    histogram: {
        from: number;
        to: number;
        counts: number[];
        slower: number;
    };
}
declare const EVALUATOR_DECODERS: {
    /** A tensor's values as plain numbers. */
    numbers: (tensor: Tensor) => number[];
    /** Symbols along CTC's greedy path through [1, frames, classes]. */
    ctc: (output: Tensor, options?: CtcOptions) => number[];
    transcript: typeof transcriptOf;
    entities: (tags: readonly string[], scheme?: TagScheme) => Entity[];
    span: typeof bestSpan;
    noAnswer: typeof noAnswerScore;
    /** Documents by falling score. */
    rank: (scores: ArrayLike<number>) => number[];
    nms: typeof nonMaximumSuppression;
    /** A detector's boxes in pixels of what the model saw, NMS applied where the decoder has it. */
    detections: (outputs: Feeds, { decoder, outputs: roles, labelOffset }: DetectorOptions, canvas: Size) => Detection[];
    /** Boxes on what the model saw as boxes on the image as it is stored, through letterbox, resize, crop and pad. */
    onImage: (detections: readonly Detection[], placement: Placement) => Detection[];
    /** Both for a sample: boxes on the image as it is stored, as `metrics.detection` takes them. */
    boxes: (sample: EvaluatedSample, { decoder, outputs: roles, labelOffset }: DetectorOptions) => Detection[];
    /** The class of each pixel: of scores [1, classes, height, width] (or the classes last, or coarser), or of class indices. */
    segments: (output: Tensor, size: Size) => {
        map: ArrayLike<number>;
        classes: number;
    };
};
declare const EVALUATOR_METRICS: {
    editDistance: typeof editDistance;
    /** [edits, words] of one transcript: return them with `ratio`. */
    wordErrors: typeof wordEdits;
    characterErrors: typeof characterEdits;
    exactMatch: typeof exactMatch;
    answerF1: typeof answerF1;
    /** [right, answered, labelled] entities of one sentence. */
    entities: (gold: readonly string[], answer: readonly string[], scheme?: TagScheme) => EntityCounts;
    ndcg: (ranking: ArrayLike<number>, grades: GivenGrades, depth?: number) => number;
    recall: (ranking: ArrayLike<number>, grades: GivenGrades, depth: number) => number;
    reciprocalRank: (ranking: ArrayLike<number>, grades: GivenGrades, depth?: number) => number;
    averagePrecision: (ranking: ArrayLike<number>, grades: GivenGrades) => number;
    /** COCO's or Pascal VOC's figure of boxes in images: map (default), map50, map75, map-small, map-medium, map-large, recall100, ap. */
    detection: (images: readonly FoundInImage[], figure?: DetectionFigure) => ReducedRows;
    /** Counts of one image for `miou`, of class indices pixel by pixel. */
    overlaps: (predicted: ArrayLike<number>, mask: ArrayLike<number>, options: PixelOptions) => number[];
    /** Mean intersection over union, pooled over all images, from a row of `overlaps` each. */
    miou: (rows: readonly (readonly number[])[]) => ReducedRows;
    /** [right, all] pixels of one image: return them with `ratio`. */
    pixels: (predicted: ArrayLike<number>, mask: ArrayLike<number>, options?: Pick<PixelOptions, 'ignore'>) => [number, number];
    /** Macro F1 of class indices, over all samples. */
    f1: (answers: ArrayLike<number>, labels: ArrayLike<number>) => ReducedRows;
    /** Matthews' correlation of class indices, over all samples. */
    mcc: (answers: ArrayLike<number>, labels: ArrayLike<number>) => ReducedRows;
    /** Spearman's rank correlation of two lists, over all samples. */
    spearman: (one: ArrayLike<number>, other: ArrayLike<number>) => ReducedRows;
    /** [loss, tokens] of one sample and its logits [1, tokens, vocabulary]: return them with `perplexity`. */
    tokenLoss: (sample: EvaluatedSample, logits: Tensor) => [number, number];
    perplexity: (rows: readonly (readonly [number, number])[]) => ReducedRows;
    /** The number itself of what the figures of a whole set are returned as. */
    value: ({ values, reduce }: ReducedRows) => number;
    oks: typeof objectKeypointSimilarity;
    /** [right, labelled] keypoints of one object. */
    pck: typeof correctKeypoints;
    /** A figure of the whole set from one row per sample: Σ of the first numbers ÷ Σ of the second. */
    ratio: (values: readonly (readonly [number, number])[]) => ReducedRows;
    /** The sum of one number per sample. */
    sum: (values: ArrayLike<number | boolean>) => ReducedRows;
};
/** Edits, and the length of what should have been said. */
type EditCounts = readonly [edits: number, length: number];
/** ONNX element types that sessions take and give (the names ONNX Runtime's JavaScript API uses). */
type ElementType = 'float32' | 'float64' | 'float16' | 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'bool' | 'string' | 'int4' | 'uint4';
interface Entity {
    type: string;
    /** First word, and the one after the last. */
    start: number;
    end: number;
}
/** Entities that both name, those of the answer, and those that should be named. */
type EntityCounts = readonly [both: number, answered: number, labelled: number];
/** The machine that measured. Reports with different `fingerprint`s must not be compared by latency. */
interface Environment {
    /** Short hash over the fields that decide speed. */
    fingerprint: string;
    /** Its runner's name, for readers; absent outside of GitHub Actions. Names aren't unique, and machines that are alike share a fingerprint. */
    runner?: string;
    os: string;
    arch: string;
    cpu: string;
    cores: number;
    memoryBytes: number;
    /** Instruction sets that decide int8 speed and bits: avx2, avx512, vnni, amx, neon-dot … */
    cpuFeatures: string[];
    node: string;
    onnxruntime: string;
    gpu: {
        name: string;
        driver: string;
        memoryBytes: number | null;
    }[];
    /** Of the providers that ran in one; absent: none did. */
    browsers?: BrowserOfRun[];
    container: string | null;
    /** A/A noise of latency on this machine as a ratio (0.01 = 1 %), when measured. */
    noiseFloor: number | null;
    /** How it was found: a model against its own copy, or from this run's ratios of different models. Absent: a copy. */
    noiseFloorFrom?: 'copy' | 'ratios';
}
/** A value with the interval it is known to. */
interface Estimate {
    value: number;
    interval: Interval | null;
}
/** Programs that look for files by names of their own. */
declare const FILE_NAMES: readonly ['transformers.js'];
/** How images are resized. All but the last are Pillow's, which smooth when they make an image smaller (nearest doesn't). */
declare const FILTERS: readonly ['bilinear', 'bicubic', 'lanczos', 'nearest', 'box', 'opencv-bilinear'];
type FileNames = (typeof FILE_NAMES)[number];
type Filter = (typeof FILTERS)[number];
/** The objects of an image, and what was found in it; corners in pixels of the image as it is stored. */
interface FoundInImage {
    objects: readonly Box[];
    detections: readonly Detection[];
}
/** Grades of documents, as a Map or as an object by index. */
type GivenGrades = ReadonlyMap<number, number> | Record<number, number>;
/** The field's usual preprocessing, sized to the model's input. */
declare const INPUT_PRESETS: readonly ['imagenet', 'imagenet-bicubic', 'clip', 'yolo', 'caffe'];
/** Preprocessing of one model input, applied in the order of the fields (docs/configuration.md). */
interface InputConfig {
    /** Array, column or folder this input reads; default: the input's own name. */
    from: string | null;
    /** What holds where the fields below are null. */
    preset: InputPreset | null;
    /** Absolute path of a preprocessor_config.json (Hugging Face): what holds where the fields below are null. */
    preprocessor: string | null;
    resize: Resize | null;
    /** null: bilinear. */
    filter: Filter | null;
    /** Instead of resize, crop and pad. */
    letterbox: Letterbox | null;
    /** Centre crop, [height, width]. */
    crop: [number, number] | null;
    /** Where half a pixel of the crop's place goes: down, as in NumPy and Hugging Face; absent: to an even number, as in torchvision. */
    cropRounding?: 'down';
    pad: Pad | null;
    channels: 'rgb' | 'bgr' | null;
    /** Divide 8-bit sources by 255, or multiply any by a number; null: divide when the source is 8-bit. */
    scale: boolean | number | null;
    mean: number[] | null;
    std: number[] | null;
    layout: 'NCHW' | 'NHWC' | null;
}
type InputPreset = (typeof INPUT_PRESETS)[number];
interface InspectedTensor extends InspectedValue {
    bytes: number;
}
interface InspectedValue {
    name: string;
    /** 'float32', …; null for sequences, maps and undeclared types. */
    type: string | null;
    /** Symbolic dimensions are strings, unknown ones ''; null when the rank is unknown. */
    shape: (number | string)[] | null;
}
/** Two-sided interval at `confidence`; null bounds are unbounded. */
interface Interval {
    lo: number | null;
    hi: number | null;
    confidence: number;
}
/** Operators of one kind that stayed as they were for one reason. */
interface KeptFloat {
    operator: string;
    reason: string;
    nodes: number;
    /** Names of the first ones. */
    examples: string[];
    /** Of their weights in the original; 0: they have none, or their names are not the original's. */
    weightBytes: number;
}
/** x and y in pixels; of a label also whether it is there: 0 unlabelled, 1 hidden, 2 visible. */
type Keypoint = readonly [x: number, y: number, visibility?: number];
interface LayerError {
    /** Place in the order of computation, from 0 to `compared` − 1. */
    at: number;
    /** Of the original that makes it. */
    node: string;
    operator: string;
    /** In dB; 200 where they are the same. */
    sqnr: number;
    /** Lost on the way from the nearest compared tensors before it, in dB; null: there are none. */
    loss: number | null;
    /** What the operator became (`QLinearConv`, `float` …); null: not known. */
    became: string | null;
}
/** How far each tensor inside a variant is from the original's, along the graph. */
interface LayerErrors {
    /** Samples compared; they were made up where there are no calibration data. */
    samples: number;
    madeUp: boolean;
    /** Tensors that both models have. */
    compared: number;
    /** In the original's order of computation: those that lose most, and of the others as many as a curve needs. */
    tensors: LayerError[];
}
/** Resized to fit into a size, the rest filled. */
interface Letterbox {
    /** [height, width]. */
    size: [number, number];
    /** Level of the rest, 0 … 255: one, or one per channel in the order of the model. */
    fill: number[];
    align: Align;
}
/** The words that quantgate.yml and the command line take for one thing: each list here, and the same in quantgate.schema.json (tested). */
declare const METHODS: readonly ['int8-static', 'int8-dynamic', 'float16', 'int8-weights', 'int4-weights', 'auto'];
interface ModelReport {
    name: string;
    /** Relative to the working directory. */
    path: string;
    task: string;
    sha256: string;
    opset: number | null;
    operators: number;
    parameters: number;
    evaluation: {
        description: string;
        samples: number;
    } | null;
    calibration: {
        description: string;
        samples: number;
    } | null;
    variants: VariantReport[];
    /** What can be shown of the samples that measurements name as `worst`; only where the configuration asks for them. */
    samples?: ShownSample[];
}
interface NmsOptions {
    /** Of two boxes of a class that overlap by more (intersection over union), the better one stays. */
    iou: number;
    /** Boxes that are looked at, best first. */
    candidates: number;
    /** Boxes that stay, of all classes together. */
    most: number;
}
type NoteCode = 'base.baseline' | 'base.missing' | 'base.unreadable' | 'base.failed' | 'base.new-variant' | 'base.revision' | 'baseline.changed' | 'thresholds.changed' | 'thresholds.no-base' | 'thresholds.not-applicable' | 'thresholds.waiver' | 'waive.refused' | 'result.reused' | 'merge.versions' | 'merge.commits' | 'merge.runs' | 'merge.model' | 'merge.variant' | 'merge.conflict' | 'quantize.nothing-pays' | 'quantize.only-weights' | 'quantize.slower' | 'quantize.slower-in-8-bits' | 'quantize.not-fused' | 'quantize.target-without-int8' | 'quantize.slow-on-cpu' | 'quantize.preset-unplanned' | 'quantize.override-not-applied' | 'quantize.ignored-option' | 'quantize.unmatched-pattern' | 'quantize.opset-raised' | 'quantize.adaptive-rounding' | 'quantize.rounding-nearest' | 'quantize.weights-fitted' | 'quantize.mixed-precision' | 'quantize.floor-not-reached' | 'quantize.size-not-reached' | 'quantize.calibration-constant' | 'quantize.weights-unseen' | 'quantize.weights-too-few-samples' | 'quantize.weights-in-8-bits' | 'quantize.half-range' | 'quantize.subgraphs-unseen' | 'quantize.ranges-unseen' | 'quantize.auto-plan' | 'quantize.not-fully-verified' | 'quantize.shared-axis' | 'quantize.repaired' | 'quantize.low-fidelity' | 'quantize.decision-fed-back' | 'quantize.larger' | 'noise.load' | 'noise.steal' | 'noise.quota' | 'noise.governor' | 'noise.frequency' | 'noise.drift' | 'noise.pinned' | 'noise.warm-up' | 'noise.gpu-shared' | 'noise.gpu-throttled' | 'noise.gpu-clocks' | 'noise.gpu-hot' | 'noise.gpu-mig' | 'noise.gpu-persistence' | 'noise.gpu-unseen' | 'latency.budget' | 'latency.binding-floor' | 'latency.outputs' | 'latency.trtexec' | 'accuracy.chance' | 'accuracy.evaluator' | 'fidelity.lengths-held' | 'accuracy.half' | 'accuracy.half-as-float32' | 'fidelity.calibration' | 'fidelity.made-up' | 'data.odd' | 'data.not-normalized' | 'provider.no-int8' | 'provider.software-gpu' | 'provider.not-tensorrt' | 'provider.no-trtexec' | 'tensorrt.engine-not-judged';
/** Values of a tensor. float16, bfloat16 and float8 are held as their bits; bool as 0/1; int4 and uint4 one value per element. */
type NumericArray = Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array;
/** What `auto` makes least. */
declare const OBJECTIVES: readonly ['latency', 'size'];
type Objective = (typeof OBJECTIVES)[number];
type OneOrMore<T> = T | T[];
/** Other systems' options for quantizing. */
declare const PRESETS: readonly ['torch', 'onnxruntime', 'tensorrt'];
/** Filled up without resizing. */
interface Pad {
    /** [height, width]; where the image is larger already it stays. */
    size: [number, number] | null;
    /** Each side to a multiple of this. */
    multiple: number | null;
    /** Levels as in Letterbox; `mean`: what is 0 after normalization. */
    fill: number[] | 'mean';
    align: Align;
}
/** Same samples through both models. */
interface Paired extends Estimate {
    /** Original right, variant wrong. */
    lost: number | null;
    /** Variant right, original wrong. */
    gained: number | null;
    /** McNemar mid-p, one-sided: is there any drop? */
    p: number | null;
    /** Smallest drop this sample can resolve (unit of the metric). */
    resolvable: number | null;
}
/** Of predicted and right classes, pixel by pixel. */
interface PixelOptions {
    /** Classes of the model. */
    classes: number;
    /** Value of the mask's pixels without a class. Default 255; negative ones have none either. */
    ignore?: number;
}
/** Resized, then cut out, then laid on a canvas: letterbox, crop and pad are all of this kind. */
interface Placement {
    /** The image as stored, its EXIF orientation applied. */
    original: Size;
    resized: Size;
    /** The part of the resized image that is kept, in its pixels. */
    window: {
        left: number;
        top: number;
        width: number;
        height: number;
    };
    /** What the model sees. */
    canvas: Size;
    /** The window's corner on the canvas. */
    left: number;
    top: number;
}
/** What the reader of the result should know; the report says of which model and variant. */
type QuantizeNote = Pick<Note, 'level' | 'code' | 'message'>;
interface QuantizeResult {
    file: string;
    method: Method;
    target: Target;
    groups: {
        quantized: number;
        float: number;
    };
    decisions: Decision[];
    notes: QuantizeNote[];
    /** Everything needed to make the same file again. */
    provenance: Record<string, unknown>;
    /** What method auto tried; absent for others. */
    candidates?: AutoCandidate[];
}
interface RawInput {
    from?: string;
    preset?: InputPreset;
    preprocessor?: string;
    resize?: Resize;
    filter?: Filter;
    letterbox?: number | [number, number] | RawLetterbox;
    crop?: number | [number, number];
    pad?: number | [number, number] | RawPad;
    channels?: InputConfig['channels'];
    scale?: boolean | number;
    mean?: OneOrMore<number>;
    std?: OneOrMore<number>;
    layout?: InputConfig['layout'];
}
interface RawLetterbox {
    size: number | [number, number];
    fill?: OneOrMore<number>;
    align?: Align;
}
interface RawPad {
    size?: number | [number, number];
    multiple?: number;
    fill?: OneOrMore<number> | 'mean';
    align?: Align;
}
interface ReducedRows {
    values: readonly (number | boolean | readonly (number | boolean)[])[];
    reduce: Reducer;
}
/**
 * sum: Σ values. ratio: Σ first ÷ Σ second numbers. The others are the built-in tasks' own figures; `metrics` makes their rows: perplexity of [loss, tokens];
 * f1 (macro) and mcc of [answer, label]; spearman of [one, other]; miou of counts per class; COCO's and Pascal VOC's of boxes.
 */
type Reducer = 'sum' | 'ratio' | 'perplexity' | 'f1' | 'mcc' | 'spearman' | 'miou' | DetectionFigure;
/** Absolute paths of what a run leaves behind. */
interface ReportFiles {
    json: string;
    markdown: string;
    html: string;
    junit: string;
    /** Directories. */
    badges: string;
    models: string;
}
/**
 * Shorter side in pixels; longer side; both: the shorter side, unless the longer one would get too long; or the size exactly, [height, width].
 * `multiple`: both sides are cut to a multiple of so many pixels.
 */
type Resize = number | {
    shorter?: number;
    longer?: number;
    multiple?: number;
} | [number, number];
/** What can be shown of a sample. */
interface ShownSample {
    id: string;
    /** At most 200 characters. */
    text?: string;
    /** A JPEG file in base64, at most 128 pixels on the longer side. */
    thumbnail?: string;
}
/** Where an image lies in what the model sees: how coordinates map back to the image as it is stored. */
interface Size {
    width: number;
    height: number;
}
interface SourceRevision {
    repository: string | null;
    /** What the run is about: the head of the pull request, else the commit that started it. */
    sha: string | null;
    /** What was compared with. */
    baseSha: string | null;
    /** Branch, tag or commit that the base was named by. Absent: unknown. */
    baseName?: string | null;
    pullRequest: number | null;
    runUrl: string | null;
    /** The commit that was checked out and measured: for a pull request GitHub's merge of `sha` into the base, as a rule. Absent: unknown. */
    measuredSha?: string | null;
    /** GITHUB_RUN_ID: all jobs of a run share it, a run that is repeated keeps it. */
    runId?: number | null;
    runAttempt?: number;
    /** Whether quantgate.yml or a file that it names differs from the base's. Absent: not known. */
    changed?: boolean;
}
interface Span {
    /** In UTF-16 code units of the document. */
    from: number;
    to: number;
    score: number;
}
/** One window of a document: scores of where an answer begins and ends. */
interface SpanScores {
    /** Per token. */
    start: ArrayLike<number>;
    end: ArrayLike<number>;
    /** Beginning and end of each token in the document, two numbers each; −1 for tokens that aren't the document's. */
    offsets: ArrayLike<number>;
}
/** lenient: IOB1 and IOB2 alike, and an entity may begin with any tag, as CoNLL's evaluation script reads them. */
declare const TAG_SCHEMES: readonly ['lenient', 'iob1', 'iob2', 'bilou'];
/** What a quantized file is for. */
declare const TARGETS: readonly ['cpu', 'arm64', 'cuda', 'tensorrt', 'webgpu', 'wasm'];
/** What a model may do, `none` last: which accuracy metrics there are. */
declare const TASKS: readonly ['classification', 'regression', 'embedding', 'segmentation', 'language-model', 'detection', 'text-classification', 'token-classification', 'question-answering', 'speech-recognition', 'text-recognition', 'retrieval', 'custom', 'none'];
type TagScheme = (typeof TAG_SCHEMES)[number];
/** Values of a tensor: numbers, or texts. */
type TensorData = NumericArray | string[];
/** Base unit in which a metric's values are held everywhere: bytes, milliseconds, fraction of 1, decibel, … */
type Unit = 'bytes' | 'count' | 'ms' | 'per-second' | 'fraction' | 'dB' | 'value';
interface VariantReport {
    name: string;
    /** 'original', the quantization method, 'file' or 'command'. */
    method: string;
    preset: string | null;
    target: string | null;
    /** Relative to the output directory; null when it could not be made. */
    file: string | null;
    sha256: string | null;
    status: 'ok' | 'failed';
    reason: string | null;
    /** What was quantized and what stayed float. */
    groups: {
        quantized: number;
        float: number;
    } | null;
    /** Why it is the original, unchanged; null or absent: it isn't. */
    unchanged?: string | null;
    /** Options, plan and versions: enough to make the same file again. */
    provenance: Record<string, unknown>;
    /** Of a file that was quantized here. */
    verification?: Verification;
    /** Absent: the file was not looked into. */
    weights?: WeightBytes;
    /** What a method that quantizes here left float, the most weights first. */
    keptFloat?: KeptFloat[];
    /** Absent: not taken. */
    layerErrors?: LayerErrors;
    /** Of method auto, in the order tried. */
    candidates?: AutoCandidate[];
}
type VerifiedResult = QuantizeResult & {
    verification: Verification;
};
/** Where the bytes of a file's weights lie. */
interface WeightBytes {
    /** Largest first. Several values in one byte are told: `4-bit in uint8`. */
    types: {
        type: string;
        bytes: number;
    }[];
    /** The original's largest layers, in its order; of a variant those that it still has. */
    layers: {
        node: string;
        operator: string;
        bytes: number;
    }[];
}
/** One sample in one variant's list, the worst first. Texts have at most 200 characters. */
interface WorstSample {
    /** Id of the sample: of `ModelReport.samples` where something can be shown of it. */
    sample: string;
    /** What it should come out as; '' where no words say it. */
    label: string;
    /** What the original answers; '' where the task has no answer per sample. */
    original: string;
    /** What the variant answers. */
    variant: string;
    /** The metric on this sample alone, of original and variant: 1 and 0 where it is right or wrong; null: not defined. */
    figures: [original: number | null, variant: number | null];
    /** Probability that the two give the labelled class; null: the task has none. */
    scores: [original: number | null, variant: number | null];
}
/** F1 of the words that both answers hold, as often as they hold them; of no words on either side, 1 where both have none. */
declare function answerF1(gold: string, answer: string): number;
/** The span of the highest sum of both scores in any window; null: no token belongs to the document. */
declare function bestSpan(windows: readonly SpanScores[], longest?: number): Span | null;
/** Character errors of one transcript. The corpus' rate is Σ edits ÷ Σ length. */
declare function characterEdits(reference: string, hypothesis: string): EditCounts;
/** Keypoints within `threshold` × `size` of their place, and how many are labelled: the share is Σ of the first ÷ Σ of the second. */
declare function correctKeypoints(gold: readonly Keypoint[], found: readonly Keypoint[], { threshold, size }: {
    threshold: number;
    size: number;
}): [correct: number, labelled: number];
/**
 * Levenshtein's distance: fewest insertions, deletions and substitutions that make `one` into `other`, whatever the symbols are (Myers'
 * bit-parallel algorithm, J. ACM 46, 1999).
 */
declare function editDistance<Item>(one: readonly Item[], other: readonly Item[]): number;
/** Whether the answers are the same but for case, punctuation, articles and white space. */
declare function exactMatch(gold: string, answer: string): boolean;
/** Score of giving no answer: both scores of the first token, of the window where that is least likely. */
declare function noAnswerScore(windows: readonly SpanScores[]): number;
/** Best first; equal scores in the order given. */
declare function nonMaximumSuppression(detections: readonly Detection[], options: NmsOptions): Detection[];
/**
 * Mean over the labelled keypoints of exp(−d² ÷ (2 area (2σ)²)): 1 where all are met, NaN where none is labelled. @param area of the object in square pixels.
 * Throws RangeError for more keypoints than `sigmas`.
 */
declare function objectKeypointSimilarity(gold: readonly Keypoint[], found: readonly Keypoint[], { area, sigmas }: {
    area: number;
    sigmas?: readonly number[];
}): number;
/** Symbols joined: `|`, `▁` and `Ġ` are spaces, and tokens in brackets (`<s>`, `[UNK]`) say nothing. */
declare function transcriptOf(symbols: readonly number[], vocabulary: readonly string[]): string;
/** Word errors of one transcript. The corpus' rate is Σ edits ÷ Σ length. */
declare function wordEdits(reference: string, hypothesis: string): EditCounts;
export {};
