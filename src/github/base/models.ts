/** The base's version of one model of the head: its file, its recipe, and the files that the recipe names. */
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ModelConfig, VariantConfig } from '../../config/config.js';
import { sha256OfFile } from '../../system/file-hash.js';
import type { BaseModel } from '../../variants/base-models.js';
import { isTracked, type JudgingConfig } from './configuration.js';
import type { BaseTree } from './tree.js';
import { problemOf } from './unreadable.js';

const COMMIT_IT = 'Commit it, with Git LFS where it is large: what is not in git has no base.';

/** By the model's name in the base's configuration, else by path, else by what git calls a rename. Never throws. */
export async function findModel(
  { tree, head: headTree }: { tree: BaseTree; head: BaseTree },
  head: ModelConfig,
  config: JudgingConfig,
): Promise<BaseModel> {
  const shown = tree.shown(head.path);
  try {
    if (config.state === 'unreadable') return unreadable(`${config.cause} ${config.remedy}`);
    const recipe =
      config.state === 'read' ? (config.config.models.find(({ name }) => name === head.name) ?? null) : null;
    const path = await locate(tree, recipe?.path ?? null, head.path);
    if (path) return await extract(tree, { path, head, recipe });
    if (await isTracked(headTree, head.path)) {
      return { status: 'missing', reason: `${shown} is new: the base has no such model.` };
    }
    const rule = await headTree.ignoredBy(head.path);
    const why = rule === null ? '' : ` (${rule} ignores it)`;
    return unreadable(`${shown} is not in git, neither at the base nor here${why}. ${COMMIT_IT}`);
  } catch (error) {
    const { cause, remedy } = problemOf(error, COMMIT_IT);
    return unreadable(`The base's ${shown} can't be used: ${cause} ${remedy}`);
  }
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

async function extract(
  tree: BaseTree,
  { path, head, recipe }: { path: string; head: ModelConfig; recipe: ModelConfig | null },
): Promise<BaseModel> {
  const { file, beside } = await tree.extractModel(path);
  const sameRecipe = recipe === null || isDeepStrictEqual({ ...recipe, path: '' }, { ...head, path: '' });
  // A command would run in this checkout, not in the base's: it can't make the base's variant.
  const recipes = (recipe ?? head).variants.filter(({ kind }) => kind !== 'command');
  const { variants, missing } = await variantsAt(tree, recipes);
  return {
    status: 'found',
    model: { ...(recipe ?? head), path: file, variants },
    // Without a recipe of its own the base knows no variants: what is missing is new.
    unreadable: recipe === null ? {} : missing,
    unchanged: sameRecipe && (await sameFiles(file, head.path, beside)),
    renamedFrom: tree.repositoryPaths(head.path).includes(path) ? null : path,
  };
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
