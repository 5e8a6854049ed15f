import { describe, expect, it } from 'vitest';
import { candidates } from '../../../src/report/panels/candidates.js';
import { distributions } from '../../../src/report/panels/distributions.js';
import { keptFloat } from '../../../src/report/panels/kept-float.js';
import { layers } from '../../../src/report/panels/layers.js';
import { operators } from '../../../src/report/panels/operators.js';
import type { PanelContext, PanelOf } from '../../../src/report/panels/panel.js';
import { sizes } from '../../../src/report/panels/sizes.js';
import { placeNamer, reportRows } from '../../../src/report/rows/rows.js';
import type { Report } from '../../../src/terms/report.js';
import { INSIDE } from '../inside-report.js';
import { PASSING } from '../sample-reports.js';

function contextOf(report: Report): PanelContext {
  const rows = reportRows(report);
  return {
    report,
    rows,
    places: placeNamer(
      rows.map(({ place }) => place),
      report,
    ),
  };
}

const shown = (panelOf: PanelOf, report = INSIDE) =>
  panelOf(report.models[0]!, contextOf(report))?.parts ?? null;

describe('the panels about a model', () => {
  it.each([distributions, candidates, operators, layers, sizes, keptFloat])(
    'leave out what nobody measured (%o)',
    (panelOf) => {
      expect(shown(panelOf, PASSING)).toBeNull();
    },
  );

  it('show the runs of the original beside those of each variant', () => {
    const [part] = shown(distributions)!;
    expect(part!.table.rows.map(([name, p50, launches]) => [name, p50, launches])).toEqual([
      ['original', '12.81 ms', '8'],
      ['int8', '5.260 ms', '8'],
    ]);
  });

  it('count an operator and its quantized and fused forms as one, what changed most first', () => {
    const [part] = shown(operators)!;
    expect(part!.table.rows.map((row) => [...row.slice(0, 3), row[5]])).toEqual([
      ['Conv', '11.2 ms', '4.61 ms', '49 → 49, 49 reduced'],
      ['Add', '900 µs', '310 µs', '10 → 10, 10 reduced'],
      ['Gemm', '210 µs', '220 µs', '1 → 1'],
      ['Softmax', '10.0 µs', '10.0 µs', '1 → 1'],
      ['all', '12.3 ms', '5.15 ms', '61 → 61, 59 reduced'],
    ]);
  });

  it('say nothing about time by operator on a GPU, where the profile has only the host’s share', () => {
    const onGpu = INSIDE.measurements.map((item) =>
      item.metric.startsWith('placement') ? { ...item, provider: 'cuda' } : item,
    );
    expect(shown(operators, { ...INSIDE, measurements: onGpu })).toBeNull();
  });

  it('tell which candidates of auto are on the frontier, and which break a limit', () => {
    const [part] = shown(candidates)!;
    expect(part!.table.rows.map(([name, , , , place]) => [name, place])).toEqual([
      ['1. int8-static', 'chosen, on the frontier'],
      ['2. int8-dynamic', ''],
      ['3. int8-weights', 'on the frontier'],
      ['4. int8-static, weights folded', ''],
      ['5. int4-weights', 'breaks cosine 0.981 < 0.99'],
    ]);
  });

  it('list the layers that lose most with what they became, and not those that lose nothing of note', () => {
    const [part] = shown(layers)!;
    expect(part!.table.rows).toEqual([['1. /blocks.21/Conv', 'Conv', 'float', '33.8 dB', '9.3 dB']]);
    expect(part!.chart).toContain('>1</text>');
  });

  it('show bytes by type and by layer before and after', () => {
    const [part] = shown(sizes)!;
    expect(part!.table.rows.slice(0, 4)).toEqual([
      ['float32', '18.5 MB', '400 kB', '0.022×'],
      ['int8', '0 B', '4.60 MB', '–'],
      ['int64', '0 B', '64 B', '–'],
      ['/stem/Conv', '4.00 MB', '1.04 MB', '0.26×'],
    ]);
    // Too small to be seen as a bar.
    expect(part!.chart).not.toContain('int64');
  });

  it('say what stayed float, why, and what it costs', () => {
    const [part] = shown(keptFloat)!;
    expect(part!.table.rows).toEqual([
      [
        '5 Gemm',
        'not faster as INT8 here',
        '/head/Gemm, /head/Gemm_1, /head/Gemm_2 and 2 more',
        '1.00 MB',
        '220 µs, 4.3%',
      ],
      ['1 Softmax', 'has no 8-bit kernel', '/Softmax', '–', '10.0 µs, 0.2%'],
    ]);
  });
});
