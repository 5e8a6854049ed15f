/** Guesses for models that read tokens. */
import type { DataSet } from '../find/data-set.js';
import { type Found, nearest } from '../find/find.js';
import { evaluationSets, type Guess, type Guesses, type LookedAt } from './guess.js';
import { listedClasses } from './model-config.js';

/** Orders of so few classes are all tried where nothing names them. */
const FEW = 3;

export function textGuesses(model: LookedAt, found: Found): Guesses {
  const arrays = evaluationSets(found, ['arrays']);
  const sets = evaluationSets(found, ['texts', 'tags', 'questions', 'retrieval', 'documents']);
  const tokenizer = nearest(found.tokenizers, model.path);
  if (tokenizer === null) {
    const missing =
      'its tokenizer: put tokenizer.json (Hugging Face) beside the model; texts in data/val.jsonl';
    return { guesses: arrays.map((set) => onArrays(set)), missing: arrays.length > 0 ? null : missing };
  }
  const guesses = sets.flatMap((set) =>
    guessesOn(set, model, found).map((one) => ({
      ...one,
      data: { ...one.data, tokenizer },
      why: [...one.why, `${tokenizer} makes its tokens`],
    })),
  );
  const missing =
    'texts to score it: data/val.jsonl, { "text": …, "label": … } on each line (docs/data.md has the other tasks)';
  return { guesses, missing: guesses.some(({ task }) => task !== 'none') ? null : missing };
}

/** Token ids made elsewhere. */
function onArrays(set: DataSet): Guess {
  return { task: 'language-model', set, told: true, data: { source: {} }, why: [`arrays in ${set.path}`] };
}

type Rest = Omit<Guess, 'data' | 'set' | 'told'> & { names?: readonly string[] };

function guessesOn(set: DataSet, model: LookedAt, found: Found): Guess[] {
  return restsOn(set, model, found).map(({ names, ...rest }) => ({
    ...rest,
    set,
    told: false,
    data: { source: {}, ...(names ? { 'class-names': names } : {}) },
  }));
}

function restsOn(set: DataSet, model: LookedAt, found: Found): Rest[] {
  const said = model.modelConfig?.architecture;
  const why = said ? [`${model.modelConfig!.path} says ${said}`] : [];
  switch (set.kind) {
    case 'texts':
      return tableGuesses(set, model, { found, why });
    case 'tags':
      return orders(set, model, found).map(({ names, because }) => ({
        task: 'token-classification',
        ...(names ? { names } : {}),
        why: [...why, `tagged words in ${set.path}`, ...because],
      }));
    case 'questions':
      return questionGuesses(set, model, why);
    case 'retrieval':
      return retrievalGuesses(model, [...why, `queries and documents in ${set.path}`]);
    default:
      return languageGuesses(model, [...why, `text in ${set.path}`]);
  }
}

const rankOf = ({ outputs }: LookedAt) => outputs[0]?.shape?.length ?? null;

function tableGuesses(
  set: DataSet,
  model: LookedAt,
  { found, why }: { found: Found; why: string[] },
): Rest[] {
  if (!set.labelled) {
    const language = languageGuesses(model, [...why, `texts in ${set.path}`]);
    if (language.length > 0) return language;
    return [
      ...retrievalGuesses(model, [...why, `pairs of texts in ${set.path}`]),
      { task: 'none', why: [`texts without labels in ${set.path}`] },
    ];
  }
  if (rankOf(model) !== 2) return [];
  return orders(set, model, found).map(({ names, because }) => ({
    task: 'text-classification',
    ...(names ? { names } : {}),
    why: [...why, `texts with labels in ${set.path}`, ...because],
  }));
}

interface ClassOrder {
  /** null: labels are numbers, or the model's own config names them. */
  names: readonly string[] | null;
  because: string[];
}

/** In what order the model's classes may be: as a file says, else each order that there is, or by name. */
function orders(
  { labels, kind }: DataSet,
  { path, modelConfig, outputs }: LookedAt,
  found: Found,
): ClassOrder[] {
  const own = modelConfig?.classNames ?? null;
  if (own !== null) return [{ names: null, because: [`classes as ${modelConfig!.path} names them`] }];
  const classes = outputs[0]?.shape?.at(-1);
  const listed = typeof classes === 'number' ? listedClasses(found, path, classes) : null;
  if (listed !== null && (labels !== null || kind === 'tags'))
    return [{ names: listed.names, because: [`classes as ${listed.path} lists them`] }];
  if (labels === null) return [{ names: null, because: [] }];
  const all = labels.length <= FEW ? permutations(labels) : [labels];
  return all.map((names) => ({ names, because: [`classes in the order ${names.join(', ')}`] }));
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) =>
    permutations(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]),
  );
}

function questionGuesses(set: DataSet, { outputs }: LookedAt, why: string[]): Rest[] {
  const named = (pattern: RegExp) => outputs.find(({ name }) => pattern.test(name))?.name;
  const [start, end] = [named(/start/i), named(/end/i)];
  if (start === undefined || end === undefined) return [];
  return [
    {
      task: 'question-answering',
      outputs: { start, end },
      why: [...why, `questions in ${set.path}`, `outputs ${start} and ${end}`],
    },
  ];
}

function retrievalGuesses(model: LookedAt, why: string[]): Rest[] {
  if (rankOf(model) === 2) return [{ task: 'retrieval', why }];
  return ['mean', 'cls'].map((decoder) => ({
    task: 'retrieval',
    decoder,
    why: [...why, `a vector per token, pooled by ${decoder}`],
  }));
}

function languageGuesses({ outputs }: LookedAt, why: string[]): Rest[] {
  const logits = outputs.find(({ name, shape }) => /logits/i.test(name) && shape?.length === 3);
  return logits === undefined ? [] : [{ task: 'language-model', output: logits.name, why }];
}
