/** Writes docs/troubleshooting.md from the list of codes (src/terms/codes/). Usage: npm run docs */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const HEAD = `# Troubleshooting

Every error, every note and every check that did not pass has a code. The command line prints it behind an error (\`[data.no-labels]\`), \`quantgate explain CODE\`
tells what stands here, the action puts it into the title of its annotation, and JSON (reports, \`--json\`) has it as \`code\`. Codes are stable: a
released code keeps its meaning.

This page is made from that list by \`npm run docs\`.
`;

/** The page, from the codes as \`EXPLAINED\` lists them. */
export function troubleshootingPage(explained) {
  const areaOf = ({ code }) => code.slice(0, code.indexOf('.'));
  const part = (kind) => {
    const own = explained.filter((entry) => entry.kind === kind);
    return [...new Set(own.map(areaOf))].map((area) =>
      [`### ${area}`, ...own.filter((entry) => areaOf(entry) === area).map(entryText)].join('\n\n'),
    );
  };
  return `${[HEAD.trimEnd(), '## Errors', ...part('error'), '## Notes', ...part('note'), '## Checks', ...part('check')].join('\n\n')}\n`;
}

function entryText({ code, title, cause, cure }) {
  return `#### ${code}\n\n**${title}.** ${cause}\n\n*What to do:* ${cure}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [at('src/terms/codes/codes.ts')],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`;
  writeFileSync(at('docs/troubleshooting.md'), troubleshootingPage((await import(url)).EXPLAINED));
}
