/** A fork's configuration may only name files of its own checkout: it must not make the runner read (and describe) others. */
import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import { UserError } from '../../errors.js';

/** Throws UserError for a model, data, variant, plan or evaluator path that lies, or links, outside of `workspace`. */
export function assertConfined(config: Config, workspace: string): void {
  const root = realpathSync(workspace);
  for (const path of pathsOf(config)) {
    const real = existsSync(path) ? realpathSync(path) : resolve(path);
    const inside = relative(root, real);
    if (inside.startsWith('..') || isAbsolute(inside)) {
      throw new UserError(
        `${path} lies outside of the workspace: the configuration of a fork may only name files of its checkout.`,
      );
    }
  }
}

function pathsOf(config: Config): string[] {
  return config.models
    .flatMap((model) => [
      model.path,
      model.data.evaluation?.path,
      model.data.calibration?.path,
      model.evaluator && 'module' in model.evaluator ? model.evaluator.module : null,
      ...model.variants.map((variant) => (variant.kind === 'file' ? variant.file : null)),
      ...model.variants.map((variant) => (variant.kind === 'quantize' ? variant.plan : null)),
    ])
    .filter((path) => typeof path === 'string');
}
