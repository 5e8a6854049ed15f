/** An esbuild plugin: every schema-validator.ts becomes the code that Ajv generates for its schema, so that no run compiles it. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

export const precompiledSchemas = {
  name: 'precompiled-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /\/schema-validator\.ts$/ }, async ({ path }) => ({
      contents: await validatorSource(path),
      resolveDir: dirname(path),
      loader: 'js',
    }));
  },
};

/** Source of an ES module with the exports that callers of the schema-validator.ts at `path` use. */
export async function validatorSource(path) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    stdin: {
      contents: [
        "import standalone from 'ajv/dist/standalone/index.js';",
        `import { ajv, schemaValidator } from ${JSON.stringify(path)};`,
        'export const source = standalone.default(ajv, schemaValidator());',
      ].join('\n'),
      resolveDir: root,
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`;
  const { source } = await import(url);
  return `${source}\nexport const schemaValidator = () => validate;\n`;
}
