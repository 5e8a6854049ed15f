import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { renderBadges } from '../../../src/report/badges/badge.js';
import { badgeSnippets } from '../../../src/report/badges/snippets.js';
import { allNodes, parseGfm } from '../gfm.js';
import { model, report, SAMPLES, variant } from '../sample-reports.js';

describe('badges', () => {
  it('are one for the whole and four per variant, under stable names', () => {
    expect(renderBadges(SAMPLES.passing).map((badge) => badge.name)).toEqual([
      'quantgate',
      'classifier-int8-verdict',
      'classifier-int8-size',
      'classifier-int8-accuracy',
      'classifier-int8-latency',
    ]);
  });

  it('open the history page when their picture is clicked, and nothing that is no address', () => {
    const svgs = (link: string) => renderBadges(SAMPLES.passing, { link }).map(({ svg }) => svg);
    for (const svg of svgs('https://o.github.io/r/?a=1&b="2"')) {
      expect(XMLValidator.validate(svg)).toBe(true);
      expect(svg).toContain('https://o.github.io/r/?a=1&amp;b=%222%22');
    }
    expect(svgs('javascript:alert(1)')).toEqual(renderBadges(SAMPLES.passing).map(({ svg }) => svg));
  });

  it('have the fields that the endpoint badge asks for', () => {
    for (const sample of Object.values(SAMPLES)) {
      for (const { endpoint, svg } of renderBadges(sample)) {
        expect(endpoint).toMatchObject({ schemaVersion: 1, color: expect.stringMatching(/^[a-z]+$/) });
        expect(endpoint.label.length * endpoint.message.length).toBeGreaterThan(0);
        expect(XMLValidator.validate(svg)).toBe(true);
      }
    }
  });

  it('never share a name, not even on a file system that ignores case', () => {
    const twins = report({
      models: [
        model('a', { variants: [variant('b-c')] }),
        model('a-b', { variants: [variant('c')] }),
        model('A', { variants: [variant('B-c', { status: 'failed' })] }),
      ],
      checks: SAMPLES.passing.checks.flatMap((check) => [
        { ...check, model: 'a', variant: 'b-c' },
        { ...check, model: 'a-b', variant: 'c' },
      ]),
    });
    const names = renderBadges(twins).map((badge) => badge.name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
  });

  it('come with README lines that show exactly one picture each', () => {
    for (const style of ['svg', 'endpoint'] as const) {
      for (const sample of [SAMPLES.passing, SAMPLES.hostile]) {
        const badges = renderBadges(sample);
        const lines = badgeSnippets(badges, {
          base: 'https://raw.githubusercontent.com/octo-org/vision/quantgate-data/badges/',
          link: 'https://github.com/octo-org/vision/actions',
          style,
        });
        expect(lines).toHaveLength(badges.length);
        for (const line of lines) {
          const nodes = allNodes(parseGfm(line)).map((node) => node.type);
          expect(nodes).toEqual(['root', 'paragraph', 'link', 'image']);
        }
      }
    }
  });
});
