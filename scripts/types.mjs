/**
 * The library's types as one file, dist/library.d.ts: what src/library.ts exports and the types that those need, from the declarations that tsc
 * writes. docs/api.md shows the same, so that a change of it is seen in review. Usage: node scripts/types.mjs (rewrites docs/api.md)
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Name of the file in dist/. */
export const TYPES = 'library.d.ts';

/** Writes dist/library.d.ts into `outdir`. */
export function buildTypes(outdir = join(root, 'dist')) {
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, TYPES), libraryTypes());
}

/** The text of dist/library.d.ts. Throws where it would need another package's types, or two types of one name. */
export function libraryTypes() {
  const folder = mkdtempSync(join(tmpdir(), 'quantgate-types-'));
  try {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.types.json'), '--outDir', folder], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return rollUp(join(folder, 'src', 'library.d.ts'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text of docs/api.md. */
export function apiReport(types) {
  return `# The public API

What \`import … from 'quantgate'\` gives, as TypeScript sees it: [library.md](library.md) explains it with examples. This file is made by
\`npm run api\` from \`src/library.ts\`, and a test keeps it so: every change of the API shows here in review.

\`\`\`ts
${types.trim()}
\`\`\`
`;
}

/** One file of the declarations that the entry at this path exports, and of those that they name. */
export function rollUp(entry) {
  const files = new Map();
  const fileAt = (path) => {
    if (!files.has(path)) files.set(path, readDeclarations(path));
    return files.get(path);
  };
  /** Where a name that is visible in a file is declared; null: it's the language's. */
  const declared = (path, name) => {
    const { own, imported } = fileAt(path);
    if (own.has(name)) return { path, name };
    const from = imported.get(name);
    if (from === undefined) return null;
    if (!from.module.startsWith('.'))
      throw new Error(`${name} is ${from.module}'s: the library's types must stand alone.`);
    return declared(resolveModule(path, from.module), from.name);
  };
  /** Keys of an object, as the texts of types: lists of long texts stay out of the public types. */
  const keysIn = ({ path, name }) => fileAt(path).own.get(name).keys;
  const written = new Map();
  const take = ({ path, name }, exported) => {
    const known = written.get(name);
    if (known !== undefined && known.path !== path)
      throw new Error(`Two types are called ${name}: rename one, in ${known.path} or ${path}.`);
    if (known !== undefined) return;
    const entry = { path, exported, text: '' };
    written.set(name, entry);
    const { text, references, keysOf } = fileAt(path).own.get(name);
    if (keysOf !== null) {
      entry.text = text.replace(/=[\s\S]*/, `= ${keysIn(declared(path, keysOf)).join(' | ')};`);
      return;
    }
    const renamed = [];
    for (const reference of references) {
      const from = reference.module === null ? path : resolveModule(path, reference.module);
      const target = declared(from, reference.name);
      if (target === null) continue;
      renamed.push({ ...reference, name: target.name });
      take(target, false);
    }
    entry.text = renamed
      .sort((a, b) => b.start - a.start)
      .reduce((all, { start, end, name: now }) => all.slice(0, start) + now + all.slice(end), text);
  };
  const exports = [...fileAt(entry).exported];
  const targets = exports.map((name) => declared(entry, name));
  for (const target of targets) take(target, true);
  for (const { name } of targets) written.get(name).exported = true;
  const parts = [...written].sort(([a, one], [b, other]) =>
    one.exported === other.exported ? (a < b ? -1 : 1) : one.exported ? -1 : 1,
  );
  const texts = parts.map(([, { text, exported }]) =>
    exported ? text.replace(/^((?:\/\*\*[\s\S]*?\*\/\s*)?)/, '$1export ') : text,
  );
  return `${texts.join('\n')}\nexport {};\n`;
}

function resolveModule(path, module) {
  return resolve(dirname(path), module.replace(/\.js$/, '.d.ts'));
}

/** What a file of declarations declares (own: by name its text and what it refers to), imports and exports. */
function readDeclarations(path) {
  const source = readFileSync(path, 'utf8');
  const { program, comments, errors } = parseSync(relative(root, path), source, { lang: 'dts' });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const own = new Map();
  const imported = new Map();
  const exported = new Set();
  for (const statement of program.body) {
    const { type, source: from, specifiers = [] } = statement;
    if (from !== null && from !== undefined) {
      for (const { local, imported: theirs, exported: ours } of specifiers) {
        const name = (theirs ?? local).name;
        imported.set((ours ?? local).name, { module: from.value, name });
        if (type === 'ExportNamedDeclaration') exported.add(ours.name);
      }
      continue;
    }
    const declaration = type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration === null) continue;
    const name = declaration.id?.name ?? declaration.declarations?.[0]?.id.name;
    if (name === undefined) throw new Error(`${path}: ${type} is not expected in declarations.`);
    if (type === 'ExportNamedDeclaration') exported.add(name);
    const doc = comments.findLast(
      ({ end, type: kind }) =>
        kind === 'Block' && end <= statement.start && source.slice(end, statement.start).trim() === '',
    );
    const comment = doc === undefined ? '' : `${source.slice(doc.start, doc.end)}\n`;
    const shift = comment.length - declaration.start;
    const references = referencesIn(declaration).map(({ start, end, ...rest }) => ({
      ...rest,
      start: start + shift,
      end: end + shift,
    }));
    own.set(name, {
      text: comment + source.slice(declaration.start, declaration.end),
      references,
      keysOf: keyofTypeof(declaration),
      keys: keysOfObject(declaration),
    });
  }
  return { own, imported, exported };
}

/** NAME of `type … = keyof typeof NAME`, else null. */
function keyofTypeof({ type, typeAnnotation: alias }) {
  const isKeys =
    type === 'TSTypeAliasDeclaration' && alias.type === 'TSTypeOperator' && alias.operator === 'keyof';
  return isKeys && alias.typeAnnotation.type === 'TSTypeQuery' ? alias.typeAnnotation.exprName.name : null;
}

/** Keys of `const … : { 'a': …; b: … }`, quoted. */
function keysOfObject({ declarations }) {
  const members = declarations?.[0]?.id.typeAnnotation?.typeAnnotation.members ?? [];
  return members.flatMap(({ key }) => (key === undefined ? [] : [`'${key.value ?? key.name}'`]));
}

/** Names of other declarations, with their places: types, `typeof` values, what is extended, and `import("…").Name`. */
function referencesIn(node) {
  if (Array.isArray(node)) return node.flatMap(referencesIn);
  if (typeof node !== 'object' || node === null || typeof node.type !== 'string') return [];
  const named =
    node.type === 'TSTypeReference'
      ? node.typeName
      : node.type === 'TSTypeQuery'
        ? node.exprName
        : /^(TSInterfaceHeritage|TSClassImplements|TSExpressionWithTypeArguments)$/.test(node.type)
          ? node.expression
          : node.type === 'ClassDeclaration'
            ? node.superClass
            : null;
  const found = [];
  if (named?.type === 'Identifier')
    found.push({ name: named.name, module: null, start: named.start, end: named.end });
  if (node.type === 'TSImportType') {
    const { qualifier, source, argument } = node;
    const module = (source ?? argument?.literal ?? argument).value;
    found.push({ name: qualifier.name, module, start: node.start, end: qualifier.end });
  }
  const inner = Object.entries(node).flatMap(([key, value]) => (key === 'parent' ? [] : referencesIn(value)));
  return [...found, ...inner];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(root, 'docs', 'api.md'), apiReport(libraryTypes()));
}
