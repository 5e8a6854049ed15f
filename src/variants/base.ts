/** The base revision's variants, built with the base's own recipe, to be measured beside the head's. */
import { join } from 'node:path';
import type { ModelConfig } from '../config/config.js';
import { messageOf, UserError } from '../errors.js';
import { type Note, ORIGINAL } from '../terms/measurement.js';
import type { UnreadableBase } from '../terms/unreadable-base.js';
import type { BaseFiles, Variant } from '../terms/variant.js';
import type { BaseModel, BaseModels } from './base-models.js';
import { type MakeVariantsRequest, makeVariants } from './make.js';

export type MakeBaseRequest = Omit<MakeVariantsRequest, 'model'> & {
  head: ModelConfig;
  base: BaseModels | null;
};

export interface MadeBase {
  /** null: there is nothing to measure beside the head's. */
  files: BaseFiles | null;
  notes: Note[];
  /** What should be compared with the base and can't be. Of a variant that was made it counts only where its measuring gave no figure. */
  unreadable: UnreadableBase[];
}

/** Builds the base's variants that the head has too. A base that can't be built is told and counts, but never ends the run. */
export async function makeBaseVariants(request: MakeBaseRequest): Promise<MadeBase> {
  const { head, base, ...making } = request;
  if (base === null) return { files: null, notes: [], unreadable: [] };
  const found = base.models[head.name] ?? { status: 'missing', reason: `${head.name} is not in the base.` };
  if (found.status !== 'found') return withoutModel(head.name, found);
  const shared = found.model.variants.filter(({ name }) =>
    head.variants.some((variant) => variant.name === name),
  );
  const variants = new Map<string, Variant[]>();
  const unreadable: UnreadableBase[] = [];
  const lacking = (variant: string, reason: string) =>
    void unreadable.push({ model: head.name, variant, reason });
  for (const { name } of head.variants) {
    if (found.unreadable[name] !== undefined) lacking(name, found.unreadable[name]);
  }
  for (const config of shared) {
    try {
      const made = await makeVariants({
        ...making,
        model: { ...found.model, name: head.name, variants: [config] },
        directory: join(request.directory, base.sha.slice(0, 12)),
      });
      variants.set(config.name, made);
      lacking(config.name, noFigure(config.name, made));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      lacking(config.name, `The base's '${config.name}' can't be built: ${messageOf(error)}`);
    }
  }
  const notes = [
    ...baselineNote(head.name, found),
    ...unreadable
      .filter(({ variant }) => !variants.has(variant!))
      .map(({ variant, reason }) =>
        note({ code: 'base.failed', message: reason, model: head.name, variant }),
      ),
    ...unshared(head, found),
  ];
  return { files: { original: found.model.path, variants }, notes, unreadable };
}

function baselineNote(model: string, { baseline }: Extract<BaseModel, { status: 'found' }>): Note[] {
  if (baseline === null) return [];
  const message = `Compared with the baseline that the base's configuration names: ${baseline}.`;
  return [note({ code: 'base.baseline', message, model, variant: null })];
}

function withoutModel(model: string, { status, reason }: Exclude<BaseModel, { status: 'found' }>): MadeBase {
  const missing = status === 'missing';
  const code = missing ? 'base.missing' : 'base.unreadable';
  const told = note({ code, message: reason, model, variant: null });
  return { files: null, notes: [told], unreadable: missing ? [] : [{ model, variant: null, reason }] };
}

/** Why a variant of the base that was made may have no figure beside the head's. */
function noFigure(name: string, made: readonly Variant[]): string {
  const failed = made.find(({ report }) => report.status === 'failed');
  if (failed) return `The base's '${name}' could not be made: ${failed.report.reason ?? 'no reason given'}`;
  const targets = [...new Set(made.map(({ report }) => report.target).filter((one) => one !== null))];
  const where = targets.length > 0 ? ` (made for ${targets.join(', ')})` : '';
  return `The base's '${name}'${where} gave no such figure in this run.`;
}

/** Variants of the head that the base can't have. */
function unshared(head: ModelConfig, found: Extract<BaseModel, { status: 'found' }>): Note[] {
  return head.variants
    .filter(({ name }) => name !== ORIGINAL && found.unreadable[name] === undefined)
    .filter(({ name }) => !found.model.variants.some((variant) => variant.name === name))
    .map(({ name, kind }) => {
      const message =
        kind === 'command'
          ? `'${name}' is made by a command, which can't be run for the base: there is nothing to compare with.`
          : `'${name}' is new: the base has no such variant to compare with.`;
      return note({ code: 'base.new-variant', message, model: head.name, variant: name });
    });
}

function note(told: Omit<Note, 'level'>): Note {
  return { level: 'info', ...told };
}
