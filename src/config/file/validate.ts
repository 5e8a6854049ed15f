/** Checks a document against quantgate.schema.json and says in a sentence what is wrong where. */
import type { ErrorObject } from 'ajv';
import schema from '../../../quantgate.schema.json' with { type: 'json' };
import type { ErrorCode } from '../../terms/codes/codes.js';
import { describeValue } from './describe-value.js';
import { didYouMean } from './nearest.js';
import type { Path, Problems } from './problems.js';
import { schemaValidator } from './schema-validator.js';

/** Adds a problem for everything in `value` that the schema doesn't allow. */
export function validate(value: unknown, problems: Problems): void {
  const check = schemaValidator();
  if (check(value)) return;
  const seen = new Set<string>();
  for (const error of check.errors ?? []) {
    const found = explain(error, value);
    if (!found) continue;
    const key = `${found.path.join('\u0000')}\u0001${found.message}`;
    if (!seen.has(key)) problems.add(found.path, found.code, found.message);
    seen.add(key);
  }
}

interface Found {
  path: Path;
  code: ErrorCode;
  message: string;
}

/** null: only repeats what another error of the same place says (the keyword `if`). */
function explain(error: ErrorObject, root: unknown): Found | null {
  const path = pathOf(error.instancePath, root);
  const at = (message: string, code: ErrorCode = 'config.invalid-value'): Found => ({ path, code, message });
  const { params } = error;
  const parent = (error.parentSchema ?? {}) as Record<string, unknown>;
  switch (error.keyword) {
    case 'if':
      return null;
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      return { path: [...path, key], code: 'config.unknown-key', message: unknownKey(key, error) };
    }
    case 'required':
      return at(
        `'${params.missingProperty}' is missing${missingHint(path, String(params.missingProperty))}`,
        'config.missing-key',
      );
    case 'type':
      return at(`expected ${types(params.type)}, found ${describeValue(error.data)}`);
    case 'const':
      return at(`expected ${JSON.stringify(params.allowedValue)}, found ${describeValue(error.data)}`);
    case 'enum': {
      const allowed = (params.allowedValues as unknown[]).map(String);
      const near = typeof error.data === 'string' ? didYouMean(error.data, allowed) : '';
      return at(`expected one of ${allowed.join(', ')}; found ${describeValue(error.data)}${near}`);
    }
    case 'minimum':
      return at(`expected ${params.limit} or more, found ${describeValue(error.data)}`);
    case 'maximum':
      return at(`expected ${params.limit} or less, found ${describeValue(error.data)}`);
    case 'exclusiveMinimum':
      return at(`expected more than ${params.limit}, found ${describeValue(error.data)}`);
    case 'minItems':
    case 'minProperties':
      return at(
        params.limit === 1
          ? `expected at least one entry, found none`
          : `expected ${params.limit} entries, found fewer`,
      );
    case 'maxItems':
      return at(`expected at most ${params.limit} entries, found more`);
    case 'minLength':
      return at('expected some text, found an empty string');
    case 'maxLength':
      return at(`expected at most ${params.limit} characters, found more`);
    case 'uniqueItems':
      return at(`entries ${params.j} and ${params.i} are the same (counted from 0)`);
    case 'pattern':
      return at(`${patternHint(String(parent.pattern))}; found ${describeValue(error.data)}`);
    default:
      return at(`this value is not allowed here (${error.keyword})`);
  }
}

/** A mapping's key, or `undefined` keys of YAML merges: JSON pointer → path with list indices as numbers. */
function pathOf(pointer: string, root: unknown): Path {
  let value = root;
  return pointer
    .split('/')
    .slice(1)
    .map((raw) => {
      const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(key) : key;
      value = (value as Record<string | number, unknown>)[step];
      return step;
    });
}

function unknownKey(key: string, error: ErrorObject): string {
  const parent = error.parentSchema as { properties?: Record<string, unknown> } | undefined;
  const valid = Object.keys(parent?.properties ?? {}).filter((name) => name !== '$schema');
  const home = elsewhere(key);
  const plural = valid.some((name) => name === `${key}s` || key === `${name}s`);
  const near = home === '' || plural ? didYouMean(key, valid) : '';
  return `unknown key '${key}'${near === '' ? `; ${home}valid here: ${valid.join(', ')}` : near}`;
}

type SchemaNode = { properties?: Record<string, unknown> };

/** Names of definitions whose key this is, for keys written at the wrong level. */
function elsewhere(key: string): string {
  const homes = Object.entries(schema.definitions as Record<string, SchemaNode>)
    .filter(([name, node]) => PLACES[name] !== undefined && Object.hasOwn(node.properties ?? {}, key))
    .map(([name]) => PLACES[name]);
  if (Object.hasOwn(schema.properties, key)) homes.unshift('the top level of the file');
  return homes.length === 0 ? '' : `it belongs to ${homes.join(' or ')}; `;
}

/** Where the mappings of the schema's definitions stand in the file. */
const PLACES: Record<string, string> = {
  model: 'a model',
  evaluator: "a model's 'evaluator'",
  data: "a model's 'data'",
  input: "'data.input' or one of 'data.inputs'",
  fileVariant: "a 'file' variant",
  commandVariant: "a 'command' variant",
  quantizeVariant: 'a variant that quantgate quantizes',
  override: "one of a variant's 'overrides'",
  benchmark: "'benchmark'",
  thresholds: "'thresholds'",
  check: 'a check under its metric',
  where: "a check's 'where'",
  waiver: 'a waiver',
};

function missingHint(path: Path, key: string): string {
  if (path.length === 0 && key === 'version') return "; write 'version: 1'";
  if (path.length === 0 && key === 'models') return "; 'quantgate init' writes a file to start from";
  return '';
}

function patternHint(pattern: string): string {
  if (pattern.includes('{64}')) return 'expected a SHA-256: 64 hexadecimal digits';
  if (pattern.includes('d{4}')) return "expected a date as YYYY-MM-DD (quote it if it isn't read as text)";
  return 'expected a name without / \\ * ? < > : | " or control characters that does not start with a dot';
}

function types(type: unknown): string {
  const names: Record<string, string> = {
    object: 'a mapping (key: value)',
    array: 'a list',
    string: 'text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
  };
  const list = (Array.isArray(type) ? type : [type]).filter((name) => name !== 'null').map((n) => names[n]);
  return list.length > 1 ? `${list.slice(0, -1).join(', ')} or ${list.at(-1)}` : String(list[0]);
}
