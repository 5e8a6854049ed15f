import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import {
  CALIBRATORS,
  DATA_FORMATS,
  FILE_NAMES,
  FILTERS,
  INPUT_PRESETS,
  METHODS,
  OBJECTIVES,
  PRESETS,
  PROVIDERS,
  ROUNDINGS,
  TARGETS,
} from '../../src/config/choices.js';

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

  it.each(
    Object.entries({
      METHODS,
      PRESETS,
      TARGETS,
      CALIBRATORS,
      ROUNDINGS,
      OBJECTIVES,
      FILE_NAMES,
      DATA_FORMATS,
      FILTERS,
      INPUT_PRESETS,
      PROVIDERS,
    }),
  )('takes for %s what the command line takes', (_, words) => {
    const schema = readFileSync(new URL('../../quantgate.schema.json', import.meta.url), 'utf8');
    const lists = [...schema.matchAll(/"enum": (\[[^\]]*\])/g)].map(
      (match) => JSON.parse(match[1]!) as unknown,
    );
    expect(lists).toContainEqual([...words]);
  });
});
