import { describe, expect, it } from 'vitest';
import { sqnrCurve } from '../../../src/report/charts/curve.js';
import { distributionChart } from '../../../src/report/charts/distribution.js';
import { placeLabel } from '../../../src/report/charts/label-places.js';
import { pairBars } from '../../../src/report/charts/pairs.js';

const wide = (svg: string) => svg.slice(0, svg.indexOf('</svg>'));

describe('bars before and after', () => {
  it('write every name in full that there is room for', () => {
    const names = Array.from(
      { length: 20 },
      (_, at) => `Quantize${'abcdefghijklmnopqrstuvwxyz'.slice(0, at)}`,
    );
    for (const name of names) {
      const lines = [name, 'QuantizeLinear', 'Add'].map((one) => ({ name: one, before: 1, after: 2 }));
      expect(pairBars('time', lines, 'ms')).not.toContain('…');
    }
  });
});

describe('the spread of runs', () => {
  /** A launch whose median is `median`, and whose slowest quarter takes `slow` times as long. */
  const subject = (name: string, median: number, slow: number) => ({
    name,
    tone: 'quiet' as const,
    value: median,
    distribution: {
      launches: [{ runs: 80, percentiles: [0.95, 0.97, 1, slow, slow * 2].map((factor) => factor * median) }],
      histogram: { from: median * 0.9, to: median * slow, counts: [9, 3, 1], slower: 2 },
    },
  });
  const placesOf = (svg: string) =>
    [...wide(svg).matchAll(/class="stated" d="M([\d.]+) /g)].map(([, x]) => Number(x));

  it('keeps medians apart whatever the tail is', () => {
    const [original, int8] = placesOf(
      distributionChart('t', [subject('original', 1, 20), subject('int8', 0.6, 20)], 'ms'),
    );
    expect(original! - int8!).toBeGreaterThan(100);
  });

  it('shows the whole of it where there is no tail', () => {
    const svg = distributionChart('t', [subject('original', 1, 1.05)], 'ms');
    const [, end] = /class="quartiles" d="M[\d.]+ [\d.]+H([\d.]+)"/.exec(wide(svg))!;
    expect(Number(end)).toBeLessThan(896);
  });
});

describe('the error along the graph', () => {
  it('has a number at every layer that it marks, none over another or over a dot', () => {
    const tensors = Array.from({ length: 60 }, (_, at) => ({
      at,
      node: `n${at}`,
      operator: 'Conv',
      sqnr: 50 - at / 2,
      loss: 3,
      became: null,
    }));
    const worst = [20, 21, 22, 24, 40, 41, 58, 59].map((at) => tensors[at]!);
    const svg = wide(sqnrCurve({ title: 't', tensors, compared: 60, worst }));
    const numbers = [...svg.matchAll(/class="value halo middle" x="([\d.]+)" y="([\d.]+)">(\d)</g)].map(
      ([, x, y, text]) => ({ x: Number(x), y: Number(y), text }),
    );
    expect(numbers.map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    const dots = [...svg.matchAll(/class="loser" cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => ({
      x: Number(x),
      y: Number(y) + 4,
    }));
    for (const [at, one] of numbers.entries()) {
      const others = [...numbers.slice(at + 1), ...dots];
      const near = others.filter(({ x, y }) => Math.abs(x - one.x) < 9 && Math.abs(y - one.y) < 10);
      expect({ one, near }).toEqual({ one, near: [] });
    }
  });
});

describe('the place of a label', () => {
  const area = { left: 0, right: 400, top: 0, bottom: 300 };
  const own = { x: 200, y: 150, radius: 8 };

  it('is beside its bubble, and rather not over a whisker', () => {
    const free = placeLabel(own, 60, { area, taken: [], circles: [own] });
    expect(free).toMatchObject({ anchor: 'start', leader: null });
    const lines = [{ left: 180, right: 230, top: 150, bottom: 151 }];
    const place = placeLabel(own, 60, { area, taken: [], circles: [own], lines })!;
    expect(place.box.bottom <= 150 || place.box.top >= 151 || place.box.left >= 230).toBe(true);
  });

  it('is led to where a larger circle holds the bubble, and nowhere without leaders', () => {
    const circles = [own, { ...own, radius: 26 }];
    expect(placeLabel(own, 60, { area, taken: [], circles })).toBeNull();
    const led = placeLabel(own, 60, { area, taken: [], circles, leaders: true })!;
    const { from, to } = led.leader!;
    expect(Math.hypot(from.x - own.x, from.y - own.y)).toBeCloseTo(own.radius);
    expect(Math.hypot(to.x - own.x, to.y - own.y)).toBeGreaterThan(26);
  });
});
