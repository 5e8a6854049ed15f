import { describe, expect, it } from 'vitest';
import { htmlSentences, markdownSentences } from '../../src/report/words/escape.js';

const BOTH = [markdownSentences, htmlSentences] as const;

/** What is left of markup once entities, which are never any, and our own tags are gone. */
const markup = (written: string) => written.replace(/&#\d+;|<\/?code>/g, '');

describe('sentences of notes', () => {
  it.each(BOTH)('show code in backticks as code, with the spaces around it (%o)', (write) => {
    expect(write('Set `max-drop` or `fetch-depth: 0` here.')).toBe(
      'Set <code>max-drop</code> or <code>fetch-depth: 0</code> here.',
    );
    expect(write('`a``b` (`c`)')).toBe('<code>a</code><code>b</code> (<code>c</code>)');
  });

  it('leave a backtick without its pair as it is', () => {
    expect(markdownSentences('a ` b')).toBe('a &#96; b');
    expect(htmlSentences('a ` b')).toBe('a ` b');
    expect(htmlSentences('a `bc` d', 5)).toBe('a `b…');
  });

  it.each(['`<img src=x>`', '`a|b`', '`[a](b)`', '`</code><script>`', '`&amp;`'])(
    'keep what stands in code harmless: %s',
    (text) => {
      expect(markup(markdownSentences(text))).not.toMatch(/[<>|&*_[\]]/);
      expect(markup(htmlSentences(text))).not.toMatch(/[<>&"]/);
    },
  );

  it('mention nobody and refer to nothing, inside of code or beside it', () => {
    for (const text of ['`@octocat`', '@`octocat`', '`a`@octocat', '`GH-12`', '`https://evil.example`']) {
      expect(markup(markdownSentences(text))).not.toMatch(/@|GH-\d|https:/);
      // A reference is looked for in the rendered text: something stands between its mark and its name.
      expect(markdownSentences(text)).not.toMatch(/&#64;\w|&#35;\d/);
    }
  });
});
