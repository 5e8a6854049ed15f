/** The base's version of one model of the head: its file, its recipe, and the files that the recipe names. */
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { BaselineConfig, Config, ModelConfig, VariantConfig } from '../../config/config.js';
import { sha256OfFile } from '../../system/files/file-hash.js';
import type { BaseModel } from '../../variants/base-models.js';
import { type BaselinePlace, shownBaseline, takeBaseline } from './baseline.js';
import { isTracked, type JudgingConfig } from './configuration.js';
import type { BaseTree, ExtractedModel } from './tree.js';
import { problemOf } from './unreadable.js';

const COMMIT_IT = 'Commit it, with Git LFS where it is large: what is not in git has no base.';
const GIVE_IT_A_BASE =
  'Commit it, with Git LFS where it is large, or name a `baseline` in quantgate.yml: what is not in git has no base.';

export interface FindModelContext {
  /** The base's commit, and the head's. */
  tree: BaseTree;
  headTree: BaseTree;
  /** The head's configuration, and the base's. */
  head: Config;
  base: JudgingConfig;
  /** Where a baseline from outside git may lie, and is copied to. */
  place: BaselinePlace;
}

/** By the baseline in the base's configuration; else by the model's name there, by path, by what git calls a rename. Never throws. */
export async function findModel(model: ModelConfig, context: FindModelContext): Promise<BaseModel> {
  const { tree, headTree, base, place } = context;
  const shown = tree.shown(model.path);
  try {
    if (base.state === 'unreadable') return unreadable(`${base.cause} ${base.remedy}`);
    const config = base.state === 'read' ? base.config : null;
    const recipe = config?.models.find(({ name }) => name === model.name) ?? null;
    const baseline = counterpart(model, config)?.baseline ?? null;
    if (baseline) return await outside(baseline, { tree, model, recipe, place });
    const path = await locate(tree, recipe?.path ?? null, model.path);
    if (path) return await inside(path, { tree, model, recipe });
    const renamed = config && renamedWithBaseline(model, context.head, config);
    if (renamed) return unreadable(renamed);
    if (model.baseline) {
      return {
        status: 'missing',
        reason: `${shown} is new: the base's configuration has no baseline of it. That of this revision counts once it is there.`,
      };
    }
    if (await isTracked(headTree, model.path)) {
      return { status: 'missing', reason: `${shown} is new: the base has no such model.` };
    }
    const rule = await headTree.ignoredBy(model.path);
    const why = rule === null ? '' : ` (${rule} ignores it)`;
    return unreadable(`${shown} is not in git, neither at the base nor here${why}. ${GIVE_IT_A_BASE}`);
  } catch (error) {
    const { cause, remedy } = problemOf(error, GIVE_IT_A_BASE);
    return unreadable(`The base's ${shown} can't be used: ${cause} ${remedy}`);
  }
}

/** The model of another revision that this one is: of its name, else of its path. */
export function counterpart(
  { name, path }: Pick<ModelConfig, 'name' | 'path'>,
  config: Pick<Config, 'models'> | null,
): ModelConfig | null {
  const models = config?.models ?? [];
  return models.find((one) => one.name === name) ?? models.find((one) => one.path === path) ?? null;
}

/** No git follows the names of files that it doesn't have: a baseline that nobody claims may be this model's. null: there is none. */
function renamedWithBaseline(model: ModelConfig, head: Config, base: Config): string | null {
  if (counterpart(model, base)) return null;
  const left = base.models
    .filter((one) => one.baseline && !counterpart(one, head))
    .map(({ name }) => `'${name}'`);
  if (left.length === 0) return null;
  return `'${model.name}' is not in the base's configuration, whose ${left.join(', ')} with a baseline ${left.length > 1 ? 'are' : 'is'} not in this one: whether that is the same model under another name can't be told. Keep its name or its path, or add and remove models in two pull requests.`;
}

function unreadable(reason: string): BaseModel {
  return { status: 'unreadable', reason };
}

async function locate(tree: BaseTree, recipe: string | null, head: string): Promise<string | null> {
  for (const candidate of recipe === null ? [head] : [recipe, head]) {
    const found = await tree.find(candidate);
    if (found) return found;
  }
  return await tree.renamedFrom(head);
}

interface Subject {
  tree: BaseTree;
  model: ModelConfig;
  /** The base's recipe; null: the head's holds for both. */
  recipe: ModelConfig | null;
}

async function inside(path: string, subject: Subject): Promise<BaseModel> {
  const { tree, model } = subject;
  const renamedFrom = tree.repositoryPaths(model.path).includes(path) ? null : path;
  return await found(await tree.extractModel(path), subject, { renamedFrom });
}

async function outside(
  baseline: BaselineConfig,
  { place, ...subject }: Subject & { place: BaselinePlace },
): Promise<BaseModel> {
  const taken = await takeBaseline(baseline, place);
  return await found(taken, subject, {
    baseline: `${shownBaseline(baseline, place)}, SHA-256 ${baseline.sha256.slice(0, 16)}`,
  });
}

async function found(
  { file, beside }: ExtractedModel,
  { tree, model, recipe }: Subject,
  { renamedFrom = null, baseline = null }: { renamedFrom?: string | null; baseline?: string | null },
): Promise<BaseModel> {
  const sameRecipe = recipe === null || isDeepStrictEqual(recipeOf(recipe), recipeOf(model));
  // A command would run in this checkout, not in the base's: it can't make the base's variant.
  const recipes = (recipe ?? model).variants.filter(({ kind }) => kind !== 'command');
  const { variants, missing } = await variantsAt(tree, recipes);
  return {
    status: 'found',
    model: { ...(recipe ?? model), path: file, variants, baseline: null },
    // Without a recipe of its own the base knows no variants: what is missing is new.
    unreadable: recipe === null ? {} : missing,
    unchanged: sameRecipe && (await sameFiles(file, model.path, beside)),
    renamedFrom,
    baseline,
  };
}

/** What is made of a model and how, wherever it lies and whatever it is compared with. */
function recipeOf(model: ModelConfig): ModelConfig {
  return { ...model, path: '', baseline: null };
}

/** Files that a recipe names (plans, models made elsewhere) come from the base too; the head's in their place would be compared with themselves. */
async function variantsAt(
  tree: BaseTree,
  recipes: readonly VariantConfig[],
): Promise<{ variants: VariantConfig[]; missing: Record<string, string> }> {
  const variants: VariantConfig[] = [];
  const missing: Record<string, string> = {};
  for (const recipe of recipes) {
    const named = recipe.kind === 'file' ? recipe.file : recipe.kind === 'quantize' ? recipe.plan : null;
    if (named === null) {
      variants.push(recipe);
      continue;
    }
    try {
      const path = await tree.find(named);
      if (path === null) throw new Error(`git has no ${tree.shown(named)} there`);
      if (recipe.kind === 'file') variants.push({ ...recipe, file: (await tree.extractModel(path)).file });
      if (recipe.kind === 'quantize') variants.push({ ...recipe, plan: await tree.extract(path) });
    } catch (error) {
      const { cause, remedy } = problemOf(error, COMMIT_IT);
      missing[recipe.name] = `The base's '${recipe.name}' can't be made: ${cause} ${remedy}`;
    }
  }
  return { variants, missing };
}

/** By content: the model and what lies beside it. */
async function sameFiles(base: string, head: string, beside: readonly string[]): Promise<boolean> {
  const pairs = [
    [base, head],
    ...beside.map((name) => [join(dirname(base), name), join(dirname(head), name)]),
  ];
  for (const [one, other] of pairs) {
    const hash = await hashOf(one!);
    if (hash === null || hash !== (await hashOf(other!))) return false;
  }
  return true;
}

async function hashOf(path: string): Promise<string | null> {
  return await sha256OfFile(path).catch(() => null);
}
