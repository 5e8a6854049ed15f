/** Model → Variants: every variant of a model becomes a file, one per target that the providers need. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Target } from '../config/choices.js';
import type { Check, ModelConfig, VariantConfig } from '../config/config.js';
import type { Dataset } from '../data/samples/dataset.js';
import { throwIfInterrupted, UserError } from '../errors.js';
import { aloneOnGpu } from '../machine/lock.js';
import { layerBytes } from '../measure/weight-bytes.js';
import { readModel } from '../onnx/file/read.js';
import { readModelOutline } from '../onnx/file/read-outline.js';
import type { Decision } from '../quantize/method/result.js';
import type { RunContext } from '../runtime/context.js';
import { sha256OfFile } from '../system/files/file-hash.js';
import { shownPath } from '../system/files/shown-path.js';
import type { Note } from '../terms/measurement.js';
import type { VariantReport } from '../terms/report.js';
import type { Variant } from '../terms/variant.js';
import { quantizeVerified } from '../verify/verified-variant.js';
import { VERSION } from '../version.js';
import { runVariantCommand } from './command.js';
import { keptFloat } from './kept-float.js';
import { layerErrors } from './layer-errors.js';
import { targetOf } from './target.js';
import { unchangedReason } from './unchanged.js';
import { asTransformersReads, variantFile } from './variant-file.js';

export interface MakeVariantsRequest {
  model: ModelConfig;
  /** Of the benchmark block: they decide the targets. */
  providers: readonly string[];
  /** Absolute; the files go to the model's folder there (variant-file.ts). */
  directory: string;
  calibration: Dataset | null;
  context: RunContext;
  /** Number of the GPU to measure on. */
  deviceId?: number | undefined;
  allowCommands: boolean;
  /** Thresholds: they bind what method auto may choose. */
  checks?: readonly Check[];
  /** Where commands run and relative paths point: the config's folder. */
  configDirectory: string;
}

/** Makes all variants of a model. Throws UserError for a variant that can't be made from this input. */
export async function makeVariants(request: MakeVariantsRequest): Promise<Variant[]> {
  const variants: Variant[] = [];
  for (const config of request.model.variants) {
    for (const [target, providers] of targetsOf(config, request.providers)) {
      throwIfInterrupted(request.context.signal);
      variants.push(await makeVariant(request, config, { target, providers }));
    }
  }
  return variants;
}

/** A quantized variant needs one file per target; files made elsewhere are measured as they are on every provider. */
export function targetsOf(config: VariantConfig, providers: readonly string[]): Map<Target | null, string[]> {
  if (config.kind !== 'quantize') return new Map([[null, [...providers]]]);
  if (config.target !== null) return new Map([[config.target, [...providers]]]);
  const targets = new Map<Target | null, string[]>();
  for (const provider of providers) {
    const target = config.preset === 'tensorrt' ? 'tensorrt' : targetOf(provider);
    targets.set(target, [...(targets.get(target) ?? []), provider]);
  }
  return targets;
}

interface Placement {
  target: Target | null;
  providers: string[];
}

async function makeVariant(
  request: MakeVariantsRequest,
  config: VariantConfig,
  { target, providers }: Placement,
): Promise<Variant> {
  const { model, directory } = request;
  const many =
    config.kind === 'quantize' && new Set(request.providers.map((name) => targetOf(name))).size > 1;
  const out = variantFile(directory, model, { variant: config, target: many ? target : null });
  mkdirSync(dirname(out), { recursive: true });
  const report: VariantReport = {
    name: config.name,
    method: config.kind === 'quantize' ? config.method : config.kind,
    preset: config.kind === 'quantize' ? config.preset : null,
    target,
    file: null,
    sha256: null,
    status: 'ok',
    reason: null,
    groups: null,
    provenance: { quantgate: VERSION },
  };
  try {
    const { file, notes, decisions } = await makeFile(config, { request, out, target, report });
    report.file = shownPath(file, dirname(directory));
    report.sha256 = await sha256OfFile(file);
    report.unchanged = await unchangedReason({ model: model.path, file, groups: report.groups, decisions });
    const { calibration, context } = request;
    if (!report.unchanged)
      report.layerErrors = await layerErrors({
        original: model.path,
        file,
        target,
        calibration,
        decisions,
        context,
      });
    return { name: config.name, file, providers, report, notes };
  } catch (error) {
    if (error instanceof UserError) {
      throw error.withMessage(`Variant '${config.name}' of model '${model.name}': ${error.message}`);
    }
    throw error;
  }
}

interface Making {
  request: MakeVariantsRequest;
  /** Path of the file to make. */
  out: string;
  target: Target | null;
  /** Its provenance and groups are filled in. */
  report: VariantReport;
}

interface Made {
  file: string;
  notes: Note[];
  /** Of quantizing; empty for files and commands. */
  decisions: readonly Decision[];
}

async function makeFile(config: VariantConfig, making: Making): Promise<Made> {
  if (config.kind === 'file') return takeFile(config, making);
  if (config.kind === 'command') return await runCommand(config, making);
  return await quantize(config, making);
}

type Kind<K extends VariantConfig['kind']> = Extract<VariantConfig, { kind: K }>;

function takeFile({ file }: Kind<'file'>, { request, report }: Making): Made {
  if (!existsSync(file)) throw new UserError('variant.file-missing', `its file ${file} does not exist.`);
  readModel(file);
  report.provenance = { ...report.provenance, file: shownPath(file, request.configDirectory) };
  return { file, notes: [], decisions: [] };
}

async function runCommand(config: Kind<'command'>, { request, out, report }: Making): Promise<Made> {
  const { model, context } = request;
  if (!request.allowCommands) {
    throw new UserError(
      'command.not-allowed',
      'it is made by a command, and commands are not allowed here (allow-commands).',
    );
  }
  context.log.info(`${model.name}: making ${config.name} with \`${config.command.join(' ')}\``);
  // A folder of its own: an exporter may write external data beside the model, under names the model refers to.
  const folder = dirname(out);
  const temporary = mkdtempSync(join(folder, '.command-'));
  try {
    await runVariantCommand({
      command: config.command,
      model: model.path,
      output: join(temporary, basename(out)),
      directory: request.configDirectory,
      timeoutMs: config.timeoutMs,
      context,
    });
    // Only a model takes the place of the last run's.
    readModel(join(temporary, basename(out)));
    for (const name of readdirSync(temporary)) renameSync(join(temporary, name), join(folder, name));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  report.provenance = { ...report.provenance, command: config.command };
  return { file: out, notes: [], decisions: [] };
}

async function quantize(config: Kind<'quantize'>, { request, out, target, report }: Making): Promise<Made> {
  const { model, context, deviceId } = request;
  const purpose = `${config.method}${target ? `, for ${target}` : ''}`;
  context.log.info(`${model.name}: quantizing ${config.name} (${purpose})`);
  const quantizing = {
    model: model.path,
    out,
    options: config,
    target: target ?? 'cpu',
    calibration: request.calibration,
    verify: true,
    repair: config.repair,
    checks: request.checks ?? [],
    subject: { model: model.name, variant: config.name, scored: model },
    deviceId,
    context,
  };
  // Method auto races its candidates on the target's GPU; the others compute on the CPU.
  const provider = config.method === 'auto' ? quantizing.target : 'cpu';
  const result = await aloneOnGpu({ provider, deviceId, context }, () => quantizeVerified(quantizing));
  if (config.files !== null) asTransformersReads(result.file);
  report.groups = result.groups;
  report.keptFloat = keptFloat(result.decisions, layerBytes(readModelOutline(model.path)));
  if (result.candidates) report.candidates = result.candidates;
  report.verification = result.verification;
  report.provenance = { ...report.provenance, ...result.provenance };
  return {
    file: result.file,
    decisions: result.decisions,
    notes: result.notes.map((note) => ({ ...note, model: model.name, variant: config.name })),
  };
}
