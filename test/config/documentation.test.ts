import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import schema from '../../quantgate.schema.json' with { type: 'json' };
import { parseConfig } from '../../src/config/read/load.js';
import { THRESHOLD_PRESETS } from '../../src/config/read/presets.js';
import { EXIT } from '../../src/errors.js';
import { assertApplicable } from '../../src/judge/applicable.js';
import { assertWaiversCurrent } from '../../src/judge/waivers.js';
import { METRICS } from '../../src/terms/metrics.js';
import { schemaKeys } from './schema-keys.js';

const page = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');

/** Values of every `enum` in the schema. */
function schemaWords(node: unknown, words = new Set<string>()): Set<string> {
  if (Array.isArray(node)) for (const item of node) schemaWords(item, words);
  else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      if (key === 'enum') for (const word of value as unknown[]) words.add(String(word));
      schemaWords(value, words);
    }
  }
  return words;
}

describe('docs/configuration.md', () => {
  it('explains every key of the schema', () => {
    const missing = [...schemaKeys(schema)].filter((key) => !page.includes(`\`${key}\``));
    expect(missing).toEqual([]);
  });

  it('names every word that a key may have as its value', () => {
    const missing = [...schemaWords(schema)].filter(
      (word) => !new RegExp(`[\`\\s]${word}[\`,.\\s]`).test(page),
    );
    expect(missing).toEqual([]);
  });

  it('lists every metric with its unit, direction and judging', () => {
    for (const { name, unit, higherIsBetter, judging } of METRICS) {
      expect(page).toContain(
        `| \`${name}\` | ${unit} | ${higherIsBetter ? 'higher' : 'lower'} | ${judging} |`,
      );
    }
  });

  it('names every preset of thresholds and every exit code', () => {
    for (const name of Object.keys(THRESHOLD_PRESETS)) expect(page).toContain(`| \`${name}\` |`);
    for (const code of Object.values(EXIT)) expect(page).toContain(`| ${code} |`);
  });

  const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1]!);
  it.each(examples.map((text, index) => [index + 1, text] as const))(
    'shows an example %d that loads',
    async (_, text) => {
      const config = await parseConfig(text, { file: null, directory: '/project', expand: false });
      expect(config.models.length).toBeGreaterThan(0);
      expect(() => assertApplicable(config)).not.toThrow();
      expect(() => assertWaiversCurrent(config.waivers, '2026-11-23')).not.toThrow();
    },
  );

  it('shows messages that are really given', async () => {
    const wanted = /2 errors in quantgate\.yml:\n(.*?)```/s.exec(page)![1]!;
    const lines = ['version: 1', 'models: [{ path: a.onnx }]', 'thresholds:'];
    while (lines.length < 10) lines.push('');
    lines.push('  latency.p50:', '    maxRatio: 1', '  accuracy.top1:', '    max-drop: 0.5%');
    await expect(
      parseConfig(lines.join('\n'), { file: 'quantgate.yml', directory: '/project', expand: false }),
    ).rejects.toThrow(wanted.trimEnd());
  });
});
