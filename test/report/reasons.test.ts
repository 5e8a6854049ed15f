import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/html.js';
import { renderMarkdown } from '../../src/report/markdown/markdown.js';
import { SAMPLES, variant } from './sample-reports.js';

describe('reasons with `code` in backticks', () => {
  const reason = 'set `percentile` | <b> to less';
  const { invalid } = SAMPLES;
  const report = {
    ...invalid,
    models: invalid.models.map((model) => ({
      ...model,
      variants: [...model.variants.slice(0, 2), variant('trt', { status: 'failed', file: null, reason })],
    })),
    measurements: invalid.measurements.map((item) =>
      item.status === 'invalid' ? { ...item, reason } : item,
    ),
  };

  it('are code in the table and in the details of the page', () => {
    const found = renderHtml(report).match(/set <code>percentile<\/code> \| &#60;b&#62; to less/g);
    expect(found).toHaveLength(4);
  });

  it('are code in the table and in the details of the comment', () => {
    const found = renderMarkdown(report).match(/set <code>percentile<\/code> &#124; &#60;b&#62; to less/g);
    expect(found).toHaveLength(4);
  });
});
