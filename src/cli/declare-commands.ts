/** The commands and their options, in the order in which help lists them; each command's work is in the file of its name. */
import { Argument, Command, Help, InvalidArgumentError, Option } from 'commander';
import {
  CALIBRATORS,
  FILE_NAMES,
  isPercentile,
  METHODS,
  OBJECTIVES,
  PRESETS,
  PROVIDERS,
  ROUNDINGS,
  TARGETS,
} from '../config/choices.js';
import { TASKS } from '../terms/metrics.js';
import { CUDA_CHOICES, FETCHED } from '../terms/provider.js';
import { VERSION } from '../version.js';
import type { CliContext } from './context/context.js';
import { examplesText } from './examples.js';
import { addInputOptions } from './options/data-options.js';
import { parseOutputs, parsePositive, parseShownSamples, parseWhole } from './options/data-values.js';

/** With choices and default, and whether the command needs it. */
function describe(option: Option): string {
  const text = Help.prototype.optionDescription.call(new Help(), option);
  return option.mandatory ? `${text} (required)` : text;
}

/** Takes how a command is loaded: no command pays for what only another needs. */
type Action = <T extends unknown[]>(
  load: () => Promise<(context: CliContext, ...args: T) => Promise<number>>,
) => (...given: unknown[]) => Promise<void>;

/** What an evaluator does is told by a config only. */
const SCORED_TASKS = TASKS.filter((task) => task !== 'custom');

/** Adds a command that takes what all take. */
type AddCommand = (name: string, description: string) => Command;

/** All commands; `action` says what a parsed one does. */
export function buildProgram(action: Action): Command {
  const program = new Command('quantgate')
    .description(
      'Quantize an ONNX model, measure original and quantized on this machine, judge both, and report.',
    )
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(quantgate --help lists the commands)')
    .configureHelp({ showGlobalOptions: true, optionDescription: describe })
    .option('--quiet', 'only results and warnings')
    .option('--verbose', 'more detail on stderr')
    .option('--no-color', 'no colour')
    .option('--threads <n>', 'threads for ONNX Runtime (default: the physical cores)', parsePositive)
    .option('--onnxruntime-path <dir>', 'an onnxruntime-node package to use (default: found or fetched)')
    .addOption(
      new Option('--cuda <version>', 'CUDA to fetch where a provider needs it and the machine lacks it')
        .choices(CUDA_CHOICES)
        .default('auto'),
    );
  const command: AddCommand = (name, description) =>
    program
      .command(name)
      .description(description)
      .exitOverride()
      .allowExcessArguments(false)
      .option('--json', 'one JSON document on stdout and nothing else')
      .addHelpText('after', examplesText(name));
  for (const add of COMMANDS) add(command, action);
  return program;
}

function addRun(command: AddCommand, action: Action): void {
  command('run', 'the whole pipeline: quantize, measure, judge, report')
    .option('--config <file>', 'quantgate.yml', 'quantgate.yml')
    .option('--base <ref>', 'git revision to compare with (default: none)')
    .option('--out <dir>', 'where the report, badges and models go', 'quantgate-out')
    .option('--open', 'open the HTML page when it is done')
    .option(
      '--report-samples <n>',
      "show so many of each variant's worst samples in the report, at most 20 (default: the config's)",
      parseShownSamples,
    )
    .action(action(async () => (await import('./commands/run.js')).runCommand));
}

function addQuantize(command: AddCommand, action: Action): void {
  addInputOptions(quantizeOptions(command('quantize', 'quantize one model'))).action(
    action(async () => (await import('./commands/quantize.js')).quantizeCommand),
  );
}

function quantizeOptions(command: Command): Command {
  return command
    .argument('<model>', 'ONNX file')
    .requiredOption('--out <path>', 'the file to write; with --files the folder that holds onnx/')
    .addOption(new Option('--method <method>', 'how (default: int8-static)').choices(METHODS))
    .addOption(new Option('--preset <preset>', "another system's options").choices(PRESETS))
    .option('--calibration <path>', 'calibration data (default: those of --config)')
    .option('--calibration-limit <n>', 'at most this many samples (default: all)', parsePositive)
    .addOption(
      new Option('--calibrator <name>', "how ranges are found (default: the method's)").choices(CALIBRATORS),
    )
    .option('--percentile <p>', 'for the percentile calibrator (default: 99.99)', percentile)
    .addOption(new Option('--target <target>', 'what the file is for (default: cpu)').choices(TARGETS))
    .addOption(
      new Option('--objective <what>', 'auto: what to make small (default: latency)').choices(OBJECTIVES),
    )
    .option('--budget <time>', 'auto: time the search may take (default: 30s)')
    .option('--plan <file>', 'a plan to reproduce')
    .option('--include <pattern...>', 'only these nodes or operator types (default: all)')
    .option('--exclude <pattern...>', 'not these nodes or operator types')
    .option('--block-size <n>', "of weight-only methods (default: the method's)", parsePositive)
    .addOption(new Option('--rounding <way>', "of weights (default: the method's)").choices(ROUNDINGS))
    .addOption(
      new Option('--files <program>', 'name the file as this program looks for it').choices(FILE_NAMES),
    )
    .option('--min-sqnr <level>', 'int4-weights: 8 bits for layers that lose most, up to this level')
    .option('--max-size <size>', 'int4-weights: 8 bits for layers that lose most, within this size')
    .addOption(
      new Option('--rest <type>', 'int4-weights: what is not in 4 or 8 bits becomes this').choices([
        'float16',
      ]),
    )
    .option('--config <file>', 'take preprocessing and options from a config')
    .option('--model <name>', 'model in the config')
    .option('--variant <name>', 'variant in the config')
    .option('--no-verify', "don't open, run and compare the file")
    .option('--no-repair', "don't leave layers as they are that lose most");
}

function addBench(command: AddCommand, action: Action): void {
  command('bench', 'measure latency and size of models; the first is the reference')
    .argument('<models...>', 'ONNX files')
    .addOption(providerOption())
    .option('--batch <n>', 'batch size', parsePositive, 1)
    .option('--concurrency <n>', 'processes at once', parsePositive, 1)
    .option('--shape <name=n...>', 'value of a symbolic dimension')
    .option('--budget <time>', 'time to spend', '30s')
    .action(action(async () => (await import('./commands/bench.js')).benchCommand));
}

function providerOption(): Option {
  return new Option('--provider <name>', 'execution provider').choices(PROVIDERS).default('cpu');
}

function addEval(command: AddCommand, action: Action): void {
  addInputOptions(
    evalOptions(command('eval', 'accuracy and fidelity of models on data; the first is the reference')),
  ).action(action(async () => (await import('./commands/eval.js')).evalCommand));
}

function evalOptions(command: Command): Command {
  return command
    .argument('<models...>', 'ONNX files')
    .addOption(providerOption())
    .option('--data <path>', 'evaluation data (default: those of --config)')
    .option('--limit <n>', 'at most this many samples (default: all)', parsePositive)
    .addOption(new Option('--task <task>', 'what the model does (default: none)').choices(SCORED_TASKS))
    .option('--output <name>', 'the output that is scored (default: the first)')
    .option(
      '--outputs <role=name...>',
      'outputs of several heads by what they hold: boxes=output0',
      parseOutputs,
    )
    .option('--decoder <name>', "how the outputs become boxes or text (default: the task's)")
    .option('--keys <file>', "symbols of a recognizer's classes, one per line")
    .option('--label-offset <n>', 'index of the output that belongs to label 0 (default: 0)', parseWhole)
    .option('--layers', 'where the error enters, tensor by tensor')
    .option('--config <file>', 'take preprocessing and task from a config')
    .option('--model <name>', 'model in the config');
}

function addInspect(command: AddCommand, action: Action): void {
  command('inspect', 'what a model holds, and what would be quantized')
    .argument('<model>', 'ONNX file')
    .option('--plan', 'what would be quantized and why not')
    .action(action(async () => (await import('./commands/inspect.js')).inspectCommand));
}

function addReport(command: AddCommand, action: Action): void {
  command('report', 'render reports; several merge into one, or two are compared')
    .argument('<reports...>', 'quantgate-report.json files')
    .addOption(
      new Option('--format <format>', 'of the output')
        .choices(['markdown', 'html', 'junit', 'json'])
        .makeOptionMandatory(),
    )
    .option('--compare', 'what changed from the first report to the second')
    .requiredOption('--out <file>', 'where it goes; - for stdout')
    .option('--open', 'open the page (format html)')
    .action(action(async () => (await import('./commands/report.js')).reportCommand));
}

function addBadge(command: AddCommand, action: Action): void {
  command('badge', 'make badges from a report')
    .argument('<report>', 'quantgate-report.json')
    .requiredOption('--out <dir>', 'where endpoint JSON and SVG files go')
    .option('--link <url>', 'what a click on a badge opens: the history page, say')
    .action(action(async () => (await import('./commands/badge.js')).badgeCommand));
}

function addInit(command: AddCommand, action: Action): void {
  command('init', 'write a quantgate.yml that runs, and a workflow, for the models and data found here')
    .option('--force', 'replace files that are there')
    .option('--explain', 'say why each guess, and what was tried')
    .option('--no-measure', "don't run the models: write the guesses, and usual thresholds")
    .option('--budget <time>', 'time to measure latencies of a model', '10s')
    .action(action(async () => (await import('./commands/init.js')).initCommand));
}

function addDoctor(command: AddCommand, action: Action): void {
  command('doctor', 'what this machine can measure, and how noisy it is').action(
    action(async () => (await import('./commands/doctor.js')).doctorCommand),
  );
}

function addFetch(command: AddCommand, action: Action): void {
  command('fetch', 'fetch now what is otherwise fetched at first use, for a machine without network')
    .addArgument(new Argument('[what...]', 'what; default: runtime and images').choices(FETCHED))
    .option('--cache-dir <dir>', "where it is kept; default: the user's cache")
    .action(action(async () => (await import('./commands/fetch.js')).fetchCommand));
}

function addExplain(command: AddCommand, action: Action): void {
  command('explain', 'what the code of an error or a note means; without a code, all of them')
    .argument('[code]', 'code, e.g. data.no-labels')
    .action(action(async () => (await import('./commands/explain.js')).explainCommand));
}

function addCompletion(command: AddCommand, action: Action): void {
  const self = command('completion', 'a script that lets a shell complete commands, options and values');
  self.addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish'])).action(
    action(async () => {
      const { completionCommand } = await import('./commands/completion.js');
      return (context: CliContext, shell: string) => completionCommand(context, shell, self.parent!);
    }),
  );
}

/** In the order in which help lists them. */
const COMMANDS = [
  addRun,
  addQuantize,
  addBench,
  addEval,
  addInspect,
  addReport,
  addBadge,
  addInit,
  addDoctor,
  addFetch,
  addExplain,
  addCompletion,
];

function percentile(text: string): number {
  const value = Number(text);
  if (!isPercentile(value)) throw new InvalidArgumentError('It must be above 50 and at most 100.');
  return value;
}
