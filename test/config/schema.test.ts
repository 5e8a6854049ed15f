import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';

describe('the published schemas', () => {
  // The program compiles them without looking: that is done here.
  it.each(['quantgate.schema.json', 'quantgate-report.schema.json'])(
    '%s keeps to its meta-schema',
    (name) => {
      const schema = JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')) as object;
      const ajv = new Ajv({ strict: false });
      expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
    },
  );
});
