/** A figure over runs as one small line. */
import { px, scale, svg } from './svg.js';

/** Values over runs, oldest first, as one line with a dot at the newest; gaps where a run has none. */
export function trendChart(values: readonly (number | null)[], title: string): string {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return '';
  const x = scale([0, values.length - 1], [4, 176]);
  const lo = Math.min(...known);
  const hi = Math.max(...known);
  const y = (value: number) => (hi > lo ? 32 - ((value - lo) / (hi - lo)) * 24 : 20);
  let path = '';
  values.forEach((value, index) => {
    if (value !== null)
      path += `${path === '' || values[index - 1] === null ? 'M' : 'L'}${px(x.at(index))} ${px(y(value))}`;
  });
  const last = values.findLastIndex((value) => value !== null);
  const dot = `<circle class="dot" cx="${px(x.at(last))}" cy="${px(y(values[last]!))}" r="3"/>`;
  return svg(
    { width: 180, height: 40, title, className: 'spark' },
    `<path class="trend" d="${path}"/>${dot}`,
  );
}
