/** Texts as samples: tokenized all at once, when it is known which ones are read. */
import type { DataConfig, TextConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { shownPath } from '../../system/files/shown-path.js';
import type { Binding } from '../samples/binding.js';
import { sha256 } from '../samples/byte-range.js';
import type { Source } from '../samples/source.js';
import type { TextRows } from './text-rows.js';
import { fedTokens, fixedLength, idsBinding, tokenValues } from './token-feeds.js';
import type { EncodeOptions, Encoding, TextInput, TokenizerFacts } from './tokenizer/encoding.js';
import { tokenize } from './tokenizer/tokenize.js';

export interface TokenSourceOptions {
  data: DataConfig & { text: TextConfig };
  bindings: readonly Binding[];
  rows: TextRows;
}

export const PLAIN: EncodeOptions = {
  maxLength: null,
  beyond: 'cut',
  overlap: 0,
  specialTokens: true,
  offsets: false,
};

/** Throws UserError for a model that takes no tokens; `settle` throws for a tokenizer that can't be used and for ids that the model has no place for. */
export function tokenSource({ data, bindings, rows }: TokenSourceOptions): Source {
  const { tokenizer, tokenizerConfig, maxLength } = data.text;
  const length = fixedLength(bindings, data.path);
  if (length !== null && maxLength !== null && maxLength > length) {
    throw new UserError(
      'data.token-length',
      `max-length is ${maxLength}, but the model takes rows of ${length} tokens. Set it to ${length} or less, or remove it.`,
    );
  }
  const encodings = new Map<number, Encoding>();
  const warnings: string[] = [...(rows.warnings ?? [])];
  const labelWarnings: string[] = [...(rows.labelWarnings ?? [])];
  let facts: TokenizerFacts | null = null;

  async function settle(order: Uint32Array): Promise<void> {
    const lacking = rows.lacking?.(new Set(order));
    if (lacking) labelWarnings.push(lacking);
    const indices = [...order].filter((index) => !encodings.has(index));
    const done = await tokenize({
      tokenizer,
      tokenizerConfig,
      texts: indices.map((index) => rows.input(index)),
      options(known) {
        const plain = { ...PLAIN, maxLength: smallest(maxLength, length, known.maxLength) };
        return { ...plain, ...rows.encode?.(plain) };
      },
    });
    facts = done.facts;
    for (const [at, index] of indices.entries()) encodings.set(index, done.encodings[at]!);
    assertBatch(done.encodings, {
      binding: idsBinding(bindings, data.path),
      idOf: (at) => rows.id(indices[at]!),
    });
    assertVocabulary(done.encodings, idsBinding(bindings, data.path), tokenizer);
    assertRoom({ facts, tokenizer, options: done.options });
    warnings.push(...oddities(done.encodings, { facts, tokenizer, options: done.options }));
  }

  return {
    description: rows.description,
    length: rows.length,
    labelled: rows.labelled,
    classes: rows.classes,
    ...(rows.classIndices ? { classIndices: rows.classIndices } : {}),
    ...(rows.classNames ? { classNames: rows.classNames } : {}),
    warnings,
    labelWarnings,
    settle,
    id: rows.id,
    text: (index) => textOf(rows.input(index)),
    classOf(index) {
      const label = rows.label(index);
      return typeof label === 'number' ? label : null;
    },
    hash: async (index) => sha256(Buffer.from(JSON.stringify(rows.input(index)))),
    async read(index) {
      const encoding = encodings.get(index)!;
      const layout = { facts: facts!, length };
      const values = tokenValues(encoding, bindings, layout);
      const sample = { values, label: rows.label(index) };
      if (!rows.annotation) return sample;
      return { ...sample, annotation: rows.annotation(index, fedTokens(encoding.rows, layout)) };
    },
  };
}

/** A pair is two texts with a bar between them. */
function textOf(input: TextInput): string {
  return 'words' in input ? input.words.join(' ') : input.join(' | ');
}

export function smallest(...limits: readonly (number | null)[]): number | null {
  const given = limits.filter((limit) => limit !== null);
  return given.length === 0 ? null : Math.min(...given);
}

/** Throws UserError for a document in more windows than the model takes at once. */
function assertBatch(
  encodings: readonly Encoding[],
  { binding, idOf }: { binding: Binding; idOf: (at: number) => string },
): void {
  const batch = binding.shape?.[0];
  if (typeof batch !== 'number' || batch < 1) return;
  const long = encodings.findIndex(({ rows }) => rows.length > batch);
  if (long < 0) return;
  throw new UserError(
    'data.token-length',
    `${idOf(long)} comes in ${encodings[long]!.rows.length} windows, but the model's batch is fixed at ${batch}: export it with a dynamic batch axis, or take longer rows (\`max-length\`).`,
  );
}

/** Throws UserError for a token that the model has no row in its table for. */
export function assertVocabulary(
  encodings: readonly Encoding[],
  { input, lookups = [] }: Binding,
  tokenizer: string,
): void {
  if (lookups.length === 0) return;
  const entries = Math.min(...lookups.map(({ rows }) => rows));
  const highest = encodings.reduce(
    (most, { rows }) => rows.reduce((found, { ids }) => ids.reduce((a, b) => Math.max(a, b), found), most),
    -1,
  );
  if (highest < entries) return;
  throw new UserError(
    'data.tokenizer-mismatch',
    `The tokenizer ${shownPath(tokenizer)} gives token ${highest}, but the vocabulary that the model's input '${input}' looks up has ${entries} ids and ends at ${entries - 1}: ` +
      "it is another model's tokenizer.",
  );
}

interface Told {
  facts: TokenizerFacts;
  tokenizer: string;
  options: EncodeOptions;
}

/** Throws UserError for rows that the tokenizer's own tokens fill. */
export function assertRoom({ facts, tokenizer, options }: Told): void {
  const { maxLength, specialTokens } = options;
  if (maxLength === null || !specialTokens || maxLength > facts.added) return;
  throw new UserError(
    'data.token-length',
    `Rows of ${maxLength} tokens leave no room for a text: the tokenizer ${shownPath(tokenizer)} adds ${facts.added} of its own. Correct \`max-length\`.`,
  );
}

export function oddities(encodings: readonly Encoding[], { facts, tokenizer, options }: Told): string[] {
  const found: string[] = [];
  const cut = encodings.filter((encoding) => encoding.cut > 0).length;
  if (cut > 0)
    found.push(
      `${cut} of ${encodings.length} texts are longer than ${options.maxLength} tokens: they are cut.`,
    );
  if (options.specialTokens && facts.notAdded.length > 0) {
    const tokens = facts.notAdded.join(' and ');
    found.push(
      `The tokenizer ${shownPath(tokenizer)} has ${tokens}, but adds them to no text: if the model was trained with them, its tokenizer.json lacks its \`post_processor\`.`,
    );
  }
  return found;
}
