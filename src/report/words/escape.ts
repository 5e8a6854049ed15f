/** Untrusted text made harmless: names, reasons and notes come from pull requests, other tools and other people's machines. */

/** Code points kept of one untrusted string unless told otherwise. */
const DEFAULT_LENGTH = 300;
/** Four combining marks on one character are kept; more is a flood that paints over other rows. */
const COMBINING_FLOOD = /(\p{M}{4})\p{M}+/gu;

/** Line and paragraph breaks, tabs and other space: one space. */
const BREAKS = /[\s\u0085]+/gu;
/** Direction overrides and isolates, zero-width and other invisible characters, tags, variation selectors. */
const INVISIBLE =
  /\u034F|[\u00AD\u061C\u115F\u1160\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB\u{E0000}-\u{E00FF}]|[\uFE00-\uFE0F]|[\u{E0100}-\u{E01EF}]/gu;
/** C0 and C1 controls (escape sequences begin with one), lone surrogates, private use, non-characters. */
const CONTROL = /[\p{Cc}\p{Cs}\p{Co}\uFFFE\uFFFF]/gu;

const ZERO_WIDTH_SPACE = '\u200B';
const REPLACEMENT = '\uFFFD';
/** Shown for a name that has nothing to show. */
const BLANK = '(blank)';

/**
 * One line of visible text: breaks become spaces, controls `\uFFFD`, invisible and direction-changing characters go, length is
 * capped at `length` code points (an ellipsis marks the cut). Safe for a terminal; for Markdown, XML or HTML escape further.
 */
export function plainText(text: string, length = DEFAULT_LENGTH): string {
  const visible = text
    .slice(0, length * 8)
    .replace(BREAKS, ' ')
    .replace(INVISIBLE, '')
    .replace(CONTROL, REPLACEMENT)
    .replace(COMBINING_FLOOD, '$1')
    .replace(/ +/g, ' ')
    .trim();
  const points = [...visible];
  return points.length <= length && text.length <= length * 8
    ? visible
    : `${points.slice(0, length - 1).join('')}…`;
}

/** What Markdown, GitHub or HTML could read as markup. As entities none of it can be structure, in any context we write. */
const MARKUP = /[\\`*_~[\]|<>&#@$]/g;

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`;
}

/**
 * Text for GitHub Markdown that shows exactly `plainText(text)`: in a table cell, a list item, a paragraph or raw HTML.
 * Markup characters, the backslash among them, become numeric entities (a backslash escape would show inside HTML blocks).
 * GitHub looks for mentions, references and addresses in the rendered text, after entities are resolved: a zero-width
 * space takes those apart.
 */
export function markdownText(text: string, length?: number): string {
  const broken = (plainText(text, length) || BLANK)
    .replace(/@(?=\S)/g, `@${ZERO_WIDTH_SPACE}`)
    .replace(/#(?=\w)/g, `#${ZERO_WIDTH_SPACE}`)
    .replace(/\bGH-(?=\d)/gi, (match) => match + ZERO_WIDTH_SPACE)
    .replace(/:(?=\/\/)/g, `${ZERO_WIDTH_SPACE}:`)
    .replace(/\b(mailto|xmpp|tel|javascript|data):/gi, `$1${ZERO_WIDTH_SPACE}:`)
    .replace(/www(?=\.)/gi, (match) => match + ZERO_WIDTH_SPACE);
  return broken
    .replace(MARKUP, entity)
    .replace(/^[-+=:]/, entity)
    .replace(/^(\d+)([.)])(?=\s|$)/, (_, digits: string, mark: string) => digits + entity(mark));
}

/** An identifier in monospace: HTML, because a code span needs fences longer than any the text may hold, and splits at pipes. */
export function markdownCode(text: string, length?: number): string {
  return `<code>${markdownText(text, length)}</code>`;
}

/** Sentences that may hold `code` in backticks, as notes and reasons do: text and code are each made harmless by themselves. */
export function markdownSentences(text: string, length?: number): string {
  return codeParts(text, length, { text: markdownText, code: markdownCode });
}

/** The same for HTML. */
export function htmlSentences(text: string, length?: number): string {
  return codeParts(text, length, {
    text: xmlText,
    code: (part) => `<code>${xmlText(part, part.length)}</code>`,
  });
}

/** Between a pair of backticks stands code; one without its pair is a letter like others. */
function codeParts(
  text: string,
  length: number | undefined,
  write: Record<'text' | 'code', (part: string, length: number) => string>,
): string {
  return plainText(text, length)
    .split(/`([^`]+)`/)
    .map((part, at) => {
      if (at % 2 === 1) return write.code(part, part.length);
      const [, before = '', inner = '', after = ''] = /^( ?)(.*?)( ?)$/.exec(part) ?? [];
      return inner === '' ? before + after : before + write.text(inner, inner.length) + after;
    })
    .join('');
}

/** A link with our own words to an address that is checked: http or https, nothing that could end the link. null: not a usable address. */
export function markdownLink(words: string, address: string | null | undefined): string | null {
  const url = httpUrl(address);
  return url === null ? null : `[${markdownText(words)}](${url})`;
}

/** `address` normalized when it is http(s) without credentials, with what could end a Markdown link or an attribute encoded; else null. */
export function httpUrl(address: string | null | undefined): string | null {
  if (!address || address.length > 2048 || !URL.canParse(address)) return null;
  const url = new URL(address);
  if ((url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password) return null;
  return url.href.replace(
    /[()<>"'`\\|\s[\]{}^]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** For XML and HTML, text and double- or single-quoted attributes. */
export function xmlText(text: string, length?: number): string {
  return plainText(text, length).replace(/[&<>"']/g, entity);
}

/** Text for a script-free data block in HTML (`<script type="application/json">`): no `<`, so nothing can close the block. */
export function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The hidden marker by which a sticky comment is found again. The key is percent-encoded: it can't end the comment or hold another. */
export function marker(key: string): string {
  return `<!-- quantgate:${encodeURIComponent(plainText(key, 200) || 'default').replaceAll('--', '-%2D')} -->`;
}

/** A name safe as a file name on every system, stable, and distinct for distinct texts (a short hash marks what was replaced). */
export function fileName(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '');
  if (safe === text && safe.length <= 80) return safe;
  return `${safe.slice(0, 60) || 'name'}-${fnv1a(text)}`;
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/), as eight hex digits: enough to keep file names apart. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
