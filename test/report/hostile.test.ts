import fc from 'fast-check';
import type { Nodes, Root } from 'mdast';
import { describe, expect, it } from 'vitest';
import { renderBadges } from '../../src/report/badges/badge.js';
import { renderMarkdown } from '../../src/report/markdown/markdown.js';
import { renderTerminal } from '../../src/report/terminal/terminal.js';
import { plainText } from '../../src/report/words/escape.js';
import type { Report } from '../../src/terms/report.js';
import { allNodes, htmlTags, parseGfm, shownText, tables } from './gfm.js';
import { check, model, PASSING, report, variant } from './sample-reports.js';

const LINKS = {
  run: 'https://github.com/octo-org/vision/actions/runs/1',
  thresholds: 'https://github.com/octo-org/vision/blob/main/quantgate.yml',
};
/** Tags the renderer writes itself. */
const OWN_TAGS = /^<\/?(sub|code|b|details|summary)>$|^<br>$|^<!-- quantgate:[\w%.!~*'()-]+ -->$/;

const HOSTILE_TEXTS = [
  'a|b',
  'a\\|b',
  'a\\\\|b',
  '\\',
  '\\\\',
  '|',
  '||||',
  '`|`',
  '``|``',
  '`',
  '```',
  '~~~',
  '```\ncode\n```',
  '**bold**',
  '__bold__',
  '*',
  '_',
  '~~gone~~',
  '[x](https://evil.example)',
  '![x](https://evil.example/x.png)',
  '[x]: https://evil.example',
  '[^1]',
  '[^1]: note',
  '<https://evil.example>',
  '<a@b.example>',
  'https://evil.example',
  'http://evil.example/a_b(c)',
  'www.evil.example',
  'WWW.EVIL.EXAMPLE',
  'mail me@evil.example now',
  'mailto:me@evil.example',
  'xmpp:me@evil.example/x',
  'ftp://evil.example',
  '@octocat',
  '@octo-org/team',
  'x@octocat',
  '(@octocat)',
  '\\@octocat',
  '&#64;octocat',
  '&commat;octocat',
  '&#x40;octocat',
  '#1',
  'GH-1',
  'octo/repo#1',
  'octo/repo@4f2c9e6',
  '&#35;1',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details>',
  '</summary></details><h1>x</h1>',
  '<!-- x -->',
  '<!-- quantgate:key -->',
  '-->',
  '<br>',
  '</td></tr></table>',
  '<',
  '>',
  '> quote',
  '&lt;b&gt;',
  '&amp;',
  '&',
  '&#0;',
  '# heading',
  '- item',
  '+ item',
  '1. item',
  '1) item',
  '---',
  '===',
  '| - |',
  '| a | b |\n| - | - |\n| c | d |',
  'line\nbreak',
  'line\r\nbreak',
  'a\n\nb',
  'a\u2028b',
  'a\u0085b',
  '\t\ttab',
  '    code',
  'a\u0000b',
  '\u001b[31mred\u001b[0m',
  '\u001b]8;;https://evil.example\u0007x',
  '\u202Egnp.exe',
  'a\u200Bb',
  'a\u2066b\u2069',
  '\uFEFFx',
  'a\u00ADb',
  '\uD800',
  'x\uDC00y',
  'e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301',
  'مرحبا',
  '测试',
  '👩‍👩‍👧',
  '$x^2$',
  '$$x$$',
  ':tada:',
  '- [ ] task',
  '- [x] task',
  '{{x}}',
  '$' + '{x}',
  '%0A::error::x',
  '::error::x',
  '<svg onload=alert(1)>',
  '<details open>',
  '<p align=center>',
  'javascript:alert(1)',
  'data:text/html,x',
  '\u0061\u0300|',
  '"quoted"',
  "'quoted'",
  '=1+1',
  '__proto__',
  'constructor',
  ' ',
  '\n',
  '\u200B',
  'x'.repeat(200),
  '|'.repeat(200),
  '`'.repeat(200),
  '<'.repeat(200),
  '@a '.repeat(60),
  '\\'.repeat(199),
] as const;

/** A report with one of `texts`, in turn, wherever a fork can put one. */
function attackedBy(...texts: [string, ...string[]]): Report {
  let turn = 0;
  const next = () => texts[turn++ % texts.length]!;
  const name = next();
  const variantName = `${next()} `;
  return report({
    verdict: 'fail',
    tool: { name: 'quantgate', version: next() },
    models: [
      model(name, {
        path: next(),
        task: next(),
        evaluation: { description: next(), samples: 1 },
        calibration: { description: next(), samples: 1 },
        variants: [
          variant('original', { method: 'original' }),
          variant(variantName, {
            method: next(),
            preset: next(),
            file: next(),
            provenance: { [next()]: next() },
          }),
        ],
      }),
    ],
    measurements: PASSING.measurements.slice(0, 6).map((item, index) => ({
      ...item,
      model: name,
      variant: item.variant === 'original' ? 'original' : variantName,
      provider: item.provider === null ? null : texts[0],
      base: index % 2 === 0 ? null : { value: 1, ratio: null, note: next() },
      reason: next(),
    })),
    checks: [
      check('latency.p50', 'max-ratio', 0.8, 0.9, {
        model: name,
        variant: variantName,
        check: next(),
        verdict: 'fail',
        reason: next(),
        line: 3,
      }),
    ],
    notes: [{ level: 'warn', code: 'noise.load', message: next(), model: name, variant: next() }],
    thresholds: { file: next(), from: 'base', changed: true },
    environment: {
      ...PASSING.environment,
      cpu: next(),
      os: next(),
      container: next(),
      cpuFeatures: [next()],
      gpu: [{ name: next(), driver: next(), memoryBytes: null }],
    },
  });
}

/** GitHub looks for these in the text after rendering; in this parser's tree that is the text nodes' values. */
const ACTIVE_TEXT = [
  /(?<![\p{L}\p{N}_`])@[a-z0-9]/iu,
  /(?<!\w)#\d/,
  /\bGH-\d/i,
  /[\p{L}\d]:\/\//u,
  /\bwww\./i,
  /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u,
];

function shape(root: Root): unknown {
  const main = tables(root)[0]!;
  return {
    blocks: root.children.map((node) => node.type).filter((type) => type !== 'html'),
    headings: allNodes(root).filter((node) => node.type === 'heading').length,
    tables: tables(root).map((table) => table.children.map((row) => row.children.length)),
    mainRows: main.children.length,
  };
}

function assertHarmless(...texts: [string, ...string[]]): void {
  const attacked = attackedBy(...texts);
  const root = parseGfm(renderMarkdown(attacked, { marker: texts[0], links: LINKS }));
  const nodes = allNodes(root);
  // Same rows, columns and blocks as with a name that needs no escaping.
  expect(shape(root)).toEqual(EXPECTED_SHAPE);
  expect(htmlTags(root).filter((tag) => !OWN_TAGS.test(tag))).toEqual([]);
  const FORBIDDEN = [
    'image',
    'imageReference',
    'linkReference',
    'definition',
    'footnoteReference',
    'footnoteDefinition',
    'code',
    'inlineCode',
    'delete',
    'emphasis',
    'thematicBreak',
  ];
  expect(nodes.filter((node) => FORBIDDEN.includes(node.type))).toEqual([]);
  const links = nodes.flatMap((node) => (node.type === 'link' ? [node.url] : []));
  expect(links.filter((url) => url !== LINKS.run && url !== `${LINKS.thresholds}#L3`)).toEqual([]);
  const shown = nodes.flatMap((node: Nodes) => (node.type === 'text' ? [node.value] : []));
  for (const pattern of ACTIVE_TEXT) {
    expect(shown.filter((value) => pattern.test(value.replaceAll('\n', ' ')))).toEqual([]);
  }
  // And the name is shown as it is, but for the invisible spaces that take mentions apart.
  const name = shownText(tables(root)[0]!.children[1]!.children[0]!).replaceAll('\u200B', '');
  expect(name).toContain(plainText(attacked.models[0]!.variants[1]!.name, 80) || '(blank)');
}

const EXPECTED_SHAPE = shape(
  parseGfm(renderMarkdown(attackedBy('plain'), { marker: 'plain', links: LINKS })),
);

describe('hostile names and texts in Markdown', () => {
  it.each(HOSTILE_TEXTS.map((text) => [JSON.stringify(text.slice(0, 40)), text]))(
    '%s stays text',
    (_, text) => {
      assertHarmless(text);
    },
  );

  it('any combination of markup characters stays text (400 of them, ten to a report)', () => {
    const piece = fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS.map((text) => text.slice(0, 30))),
      fc.string({ maxLength: 6 }),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(
        '|',
        '\\',
        '`',
        '\n',
        '@',
        '#',
        '<',
        '>',
        '[',
        ']',
        '(',
        ')',
        '*',
        '_',
        '~',
        '&',
        '!',
        '-',
        '.',
        ':',
        '/',
      ),
    );
    const text = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 10, maxLength: 10 }), (texts) => {
        assertHarmless(...(texts as [string, ...string[]]));
      }),
      { numRuns: 40, seed: 20261123 },
    );
  });
});

describe('hostile names and texts elsewhere', () => {
  it('cannot send control characters to a terminal', () => {
    for (const text of HOSTILE_TEXTS) {
      const terminal = renderTerminal(attackedBy(text)).replaceAll('\n', '');
      expect(terminal).not.toMatch(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u);
    }
  });

  it('give badge file names that are safe on every system and distinct', () => {
    for (const text of HOSTILE_TEXTS) {
      const names = renderBadges(attackedBy(text)).map((badge) => badge.name);
      for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._~-]{0,120}$/);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('give badges whose SVG has no markup of theirs', () => {
    for (const text of HOSTILE_TEXTS) {
      for (const { svg } of renderBadges(attackedBy(text)))
        expect(svg).not.toMatch(/<(script|img|a|foreignObject)\b/i);
    }
  });
});
