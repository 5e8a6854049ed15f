/** What a panel about one model is made of: plain text and figures, and charts; the page lays it out. */
import type { Measurement } from '../../terms/measurement.js';
import type { ModelReport, Report } from '../../terms/report.js';
import type { Facts } from '../details/detail-facts.js';
import type { Place, Row } from '../rows/rows.js';

export interface Panel {
  title: string;
  /** How to read it. */
  text: string;
  parts: PanelPart[];
}

export interface PanelPart {
  /** Which variant or place it is about; '' where there is one. Untrusted. */
  name: string;
  /** SVG; '' where the table says it all. */
  chart: string;
  /** The same in figures; shown at once where there is no chart. */
  table: Facts;
}

export interface PanelContext {
  report: Report;
  rows: readonly Row[];
  /** Words for a place; what goes without saying is left out. */
  places: (place: Place) => string[];
}

/** null: nothing is known of it. */
export type PanelOf = (model: ModelReport, context: PanelContext) => Panel | null;

const PLACE_KEYS = ['provider', 'batch', 'threads', 'concurrency', 'environment'] as const;

export function samePlace(one: Place, other: Place): boolean {
  return PLACE_KEYS.every((key) => (one[key] ?? null) === (other[key] ?? null));
}

/** Measurements of one metric of a model by place, in their order. */
export function byPlace(
  model: ModelReport,
  { report }: PanelContext,
  metric: string,
): { place: Place; items: Measurement[] }[] {
  const groups: { place: Place; items: Measurement[] }[] = [];
  for (const item of report.measurements) {
    if (item.model !== model.name || item.metric !== metric) continue;
    const group = groups.find(({ place }) => samePlace(place, item));
    if (group) group.items.push(item);
    else groups.push({ place: item, items: [item] });
  }
  return groups;
}

/** `cuda, batch 8`; '' where nothing needs to be said. */
export function placeName(place: Place, { places }: PanelContext): string {
  return places(place).join(', ');
}
