/** The base revision's variants, built with the base's own recipe, to be measured beside the head's. */
import { join } from 'node:path';
import type { ModelConfig } from '../config/config.js';
import { messageOf, UserError } from '../errors.js';
import { type Note, ORIGINAL } from '../terms/measurement.js';
import type { BaseFiles, Variant } from '../terms/variant.js';
import type { BaseModels } from './base-models.js';
import { type MakeVariantsRequest, makeVariants } from './make.js';

export type MakeBaseRequest = Omit<MakeVariantsRequest, 'model'> & {
  head: ModelConfig;
  base: BaseModels | null;
};

/** Builds the base's variants that the head has too. A base that can't be built is a note, never the end of the run. */
export async function makeBaseVariants(
  request: MakeBaseRequest,
): Promise<{ files: BaseFiles | null; notes: Note[] }> {
  const { head, base, ...making } = request;
  if (base === null) return { files: null, notes: [] };
  const note = (code: string, message: string, variant: string | null = null): Note => ({
    level: 'info',
    code,
    message,
    model: head.name,
    variant,
  });
  const found = base.models[head.name];
  if (!found || found.status === 'missing') {
    return {
      files: null,
      notes: [note('base.missing', found?.reason ?? `${head.name} is not in the base.`)],
    };
  }
  const shared = found.model.variants.filter(({ name }) =>
    head.variants.some((variant) => variant.name === name),
  );
  const variants = new Map<string, Variant[]>();
  const notes: Note[] = [];
  for (const config of shared) {
    try {
      const made = await makeVariants({
        ...making,
        model: { ...found.model, name: head.name, variants: [config] },
        directory: join(request.directory, base.sha.slice(0, 12)),
      });
      variants.set(config.name, made);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      notes.push(note('base.failed', `The base's variant can't be built: ${messageOf(error)}`, config.name));
    }
  }
  for (const { name } of head.variants) {
    if (name !== ORIGINAL && !shared.some((variant) => variant.name === name)) {
      notes.push(
        note('base.new-variant', `'${name}' is new: the base has no such variant to compare with.`, name),
      );
    }
  }
  return { files: { original: found.model.path, variants }, notes };
}
