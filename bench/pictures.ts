/**
 * The pictures of the documentation, taken from a real report: the comment as GitHub shows it, light and dark; the page at three widths, dark
 * and printed; the terminal at three widths; a variant's badges. Needs Chromium.
 *
 *   npm run demo && node bench/run.mjs pictures [--report quantgate-out/demo] [--out docs/pictures]
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import sharp from 'sharp';
import { renderTerminal } from '../src/report/terminal/terminal.js';
import { findBrowser } from '../src/runtime/browser/find-browser.js';
import type { Report } from '../src/terms/report.js';
import { Browser, type View } from '../test/report/html/chromium.js';

const { values } = parseArgs({
  options: {
    report: { type: 'string', default: 'quantgate-out/demo' },
    out: { type: 'string', default: 'docs/pictures' },
  },
});

/** Beyond this height a picture of a page is cut: its beginning is what it is for. */
const MAX_HEIGHT = 1_600;
const COLOURS = 128;
/** Below the last line. */
const MARGIN = 12;
/** Of the example's first variant. */
const BADGES = ['verdict', 'size', 'latency', 'accuracy'].map((figure) => [`digits-int8-${figure}`, figure]);

/** As GitHub shows a comment: its font, its colours (Primer's), a border around it. */
function commentPage(markdown: string): string {
  const body = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  return `<!doctype html><meta charset="utf-8"><style>
:root { --text: #1f2328; --border: #d1d9e0; --back: #ffffff; --quiet: #59636e; --head: #f6f8fa; --link: #0969da; }
@media (prefers-color-scheme: dark) { :root { --text: #f0f6fc; --border: #3d444d; --back: #0d1117; --quiet: #9198a1; --head: #151b23; --link: #4493f8; } }
body { margin: 16px; background: var(--back); color: var(--text); font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
article { border: 1px solid var(--border); border-radius: 6px; overflow: hidden; }
header { padding: 8px 16px; background: var(--head); border-bottom: 1px solid var(--border); color: var(--quiet); }
header b { color: var(--text); } section { padding: 4px 16px 8px; } a { color: var(--link); text-decoration: none; }
h1, h2, h3 { font-size: 17px; margin: 12px 0 8px; } table { border-collapse: collapse; margin: 8px 0 16px; }
th, td { border: 1px solid var(--border); padding: 6px 13px; text-align: left; } sub { font-size: 85%; color: var(--quiet); vertical-align: baseline; }
code { background: var(--head); padding: 2px 4px; border-radius: 4px; font-size: 85%; } details { margin: 8px 0; }
</style><article><header><b>github-actions</b> bot commented</header><section>${body}</section></article>`;
}

/** The terminal's escape sequences for colour and weight as HTML. */
function terminalPage(text: string, columns: number): string {
  const colours: Record<string, string> = {
    31: '#ff7b72',
    32: '#7ee787',
    33: '#f2cc60',
    34: '#79c0ff',
    35: '#d2a8ff',
    36: '#a5d6ff',
    90: '#8b949e',
  };
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  let open = 0;
  const body = escaped.replaceAll(
    new RegExp(`${String.fromCharCode(27)}\\[([\\d;]*)m`, 'g'),
    (_, codes: string) => {
      const code = codes.split(';').at(-1)!;
      if (code === '' || code === '0' || code === '39' || code === '22') {
        const end = '</span>'.repeat(code === '39' || code === '22' ? Math.min(open, 1) : open);
        open = code === '39' || code === '22' ? Math.max(0, open - 1) : 0;
        return end;
      }
      open++;
      if (code === '1') return '<span style="font-weight:bold">';
      if (code === '2') return '<span style="opacity:.65">';
      return `<span style="color:${colours[code] ?? 'inherit'}">`;
    },
  );
  return `<!doctype html><meta charset="utf-8"><style>body { margin: 12px; background: #0d1117; color: #e6edf3; }
pre { font: 13px/1.35 "DejaVu Sans Mono", monospace; width: ${columns}ch; margin: 0; }</style><pre>${body}</pre>`;
}

const program = findBrowser();
if (program === null) throw new Error('There is no Chromium: install it, or name it with QUANTGATE_BROWSER.');
mkdirSync(values.out, { recursive: true });
const browser = await Browser.start(program);

async function take(name: string, html: string, view: View): Promise<void> {
  await browser.show(html, view);
  const image = sharp(await browser.picture());
  const { width, height: whole } = await image.metadata();
  // The window is higher than a short text.
  const end = await browser.evaluate<number>('Math.ceil(document.body.getBoundingClientRect().bottom)');
  const height = Math.min(whole, MAX_HEIGHT, end + MARGIN);
  const png = await image
    .extract({ left: 0, top: 0, width, height })
    .png({ palette: true, colours: COLOURS, effort: 10 })
    .toBuffer();
  const file = join(values.out, `${name}.png`);
  writeFileSync(file, png);
  console.log(`${file}: ${width} × ${height}, ${Math.ceil(png.length / 1000)} kB`);
}

try {
  const read = (name: string) => readFileSync(join(values.report, name), 'utf8');
  const comment = commentPage(read('quantgate-report.md'));
  for (const scheme of ['light', 'dark'] as const)
    await take(`comment-${scheme}`, comment, { width: 900, scheme });
  const page = read('quantgate-report.html');
  for (const width of [1440, 768, 360]) await take(`page-${width}`, page, { width });
  await take('page-dark', page, { width: 1440, scheme: 'dark' });
  await take('page-768-dark', page, { width: 768, scheme: 'dark' });
  await take('page-print', page, { width: 800, media: 'print' });
  const report = JSON.parse(read('quantgate-report.json')) as Report;
  for (const columns of [40, 80, 200]) {
    const text = renderTerminal(report, { color: true, width: columns });
    await take(`terminal-${columns}`, terminalPage(text, columns), { width: Math.ceil(columns * 7.83) + 40 });
  }
  for (const [name, figure] of BADGES)
    copyFileSync(join(values.report, 'badges', `${name}.svg`), join(values.out, `badge-${figure}.svg`));
} finally {
  await browser.close();
}
