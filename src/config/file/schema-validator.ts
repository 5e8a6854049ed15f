/** quantgate.schema.json as a function. The build replaces this file with the code that Ajv makes of the schema
 *  (scripts/precompiled-schemas.mjs): compiling it took longer than reading a config with it. */
import { Ajv, type ValidateFunction } from 'ajv';
import schema from '../../../quantgate.schema.json' with { type: 'json' };

/** Without a look at the meta-schema: the schema is ours, and tested. */
export const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  strictTypes: false,
  strictRequired: false,
  allowMatchingProperties: true,
  validateSchema: false,
  meta: false,
  code: { source: true, esm: true },
});

let compiled: ValidateFunction | undefined;

export function schemaValidator(): ValidateFunction {
  compiled ??= ajv.compile(schema);
  return compiled;
}
