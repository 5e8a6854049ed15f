/** GitHub's published OpenAPI description (npm @octokit/openapi): which requests there are, and what is wrong with one. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';

/** Products that have a description of their own: github.com and the oldest Enterprise Server that GitHub still describes. */
export type Product = 'api.github.com' | 'ghes-3.17';

export interface Operation {
  /** `METHOD /repos/{owner}/…` */
  name: string;
  /** Of the path, decoded. */
  parameters: Record<string, string>;
  /** What GitHub's description says against this request; null: nothing. */
  problem(query: Record<string, string>, body: unknown): string | null;
}

type Json = Record<string, unknown>;
interface Described {
  parameters?: Json[];
  requestBody?: { required?: boolean; content?: Record<string, { schema?: Json }> };
}
type Paths = Record<string, Record<string, Described>>;

const ajv = new Ajv({ strict: false, validateFormats: false, coerceTypes: false });
const ajvOfText = new Ajv({ strict: false, validateFormats: false, coerceTypes: true });
const descriptions = new Map<Product, Description>();

/** Reads the description once per process. */
export function apiDescription(product: Product = 'api.github.com'): Description {
  const description = descriptions.get(product) ?? new Description(product);
  descriptions.set(product, description);
  return description;
}

export class Description {
  readonly #spec: { paths: Paths };
  readonly #patterns: { path: string; pattern: RegExp; names: string[] }[];
  readonly #checks = new Map<string, ValidateFunction>();

  constructor(product: Product) {
    const file = createRequire(import.meta.url).resolve(`@octokit/openapi/generated/${product}.json`);
    this.#spec = JSON.parse(readFileSync(file, 'utf8'));
    // Where a literal and a placeholder both fit, the literal is meant.
    this.#patterns = Object.keys(this.#spec.paths)
      .map(patternOf)
      .sort((a, b) => a.names.length - b.names.length);
  }

  /** null: GitHub has no such request. */
  find(method: string, path: string): Operation | null {
    for (const { path: template, pattern, names } of this.#patterns) {
      const match = pattern.exec(path);
      const described = match && this.#spec.paths[template]![method.toLowerCase()];
      if (!described) continue;
      const name = `${method} ${template}`;
      const values = match.slice(1).map(decodeURIComponent);
      return {
        name,
        parameters: Object.fromEntries(names.map((one, index) => [one, values[index]!])),
        problem: (query, body) => this.#problem(name, described, { query, body }),
      };
    }
    return null;
  }

  #problem(
    name: string,
    { parameters = [], requestBody }: Described,
    { query, body }: { query: Record<string, string>; body: unknown },
  ): string | null {
    const known = new Map(
      parameters
        .map((one) => this.#resolved(one) as Json)
        .filter((one) => one.in === 'query')
        .map((one) => [one.name as string, one]),
    );
    for (const [key, value] of Object.entries(query)) {
      const parameter = known.get(key);
      if (!parameter) return `unknown query parameter ${key}`;
      // Ajv may coerce only what lies in an object.
      const check = this.#check(`${name} ${key}`, ajvOfText, () => ({
        type: 'object',
        properties: { value: parameter.schema as object },
      }));
      if (!check({ value })) return `query parameter ${key}: ${ajvOfText.errorsText(check.errors)}`;
    }
    const schema = requestBody?.content?.['application/json']?.schema;
    if (!schema) return body === null ? null : 'a body where none is described';
    if (body === null && !requestBody?.required) return null;
    const check = this.#check(name, ajv, () => this.#resolved(schema) as Json);
    return check(body ?? {}) ? null : ajv.errorsText(check.errors);
  }

  #check(key: string, compiler: Ajv, schema: () => Json): ValidateFunction {
    const check = this.#checks.get(key) ?? compiler.compile(schema());
    this.#checks.set(key, check);
    return check;
  }

  /** With every `$ref` replaced by what it names. */
  #resolved(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((one) => this.#resolved(one));
    if (typeof node !== 'object' || node === null) return node;
    const { $ref } = node as { $ref?: unknown };
    if (typeof $ref === 'string') {
      const steps = $ref.slice('#/'.length).split('/');
      return this.#resolved(steps.reduce<unknown>((at, step) => (at as Json)[step], this.#spec));
    }
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, this.#resolved(value)]));
  }
}

/** Refs and paths hold slashes: octokit encodes them, GitHub takes them either way. */
function patternOf(path: string): { path: string; pattern: RegExp; names: string[] } {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const source = path
    .replace(/[.+*?^$()|[\]\\]/g, '\\$&')
    .replace(/\{(\w+)\}/g, (_, name) => (name === 'ref' || name === 'path' ? '(.+)' : '([^/]+)'));
  return { path, pattern: new RegExp(`^${source}$`), names };
}
