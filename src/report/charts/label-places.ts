/** Where a bubble's label can stand: beside its own bubble, nearer to it than to any other, over nothing. */

export interface Circle {
  x: number;
  y: number;
  radius: number;
}

export interface Rectangle {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface LabelPlace {
  x: number;
  baseline: number;
  anchor: 'start' | 'middle' | 'end';
  box: Rectangle;
}

/** Of a line of letters 13 high, above and below its baseline. */
const ASCENT = 13;
const DESCENT = 4;
/** Between a bubble and its label. */
const GAP = 5;
/** Between a label and what isn't its own. */
const CLEARANCE = 2;
/** Bubbles at the same place are equally near. */
const ROUNDING = 0.01;

export interface Surroundings {
  area: Rectangle;
  taken: readonly Rectangle[];
  /** All, the label's own among them. */
  circles: readonly Circle[];
}

/** null: there is no such place. */
export function placeLabel(
  own: Circle,
  width: number,
  { area, taken, circles }: Surroundings,
): LabelPlace | null {
  for (const place of candidates(own, width)) {
    const { box } = place;
    if (box.left < area.left || box.right > area.right || box.top < area.top || box.bottom > area.bottom)
      continue;
    if (taken.some((other) => overlap(box, other))) continue;
    const near = distance(box, own);
    if (
      circles.every((other) => other === own || distance(box, other) > Math.max(near - ROUNDING, CLEARANCE))
    )
      return place;
  }
  return null;
}

function candidates({ x, y, radius }: Circle, width: number): LabelPlace[] {
  const reach = radius + GAP;
  const slant = radius * Math.SQRT1_2 + GAP;
  const above = -DESCENT;
  const middle = (ASCENT - DESCENT) / 2;
  const below = ASCENT;
  return [
    placeAt(x + reach, y + middle, 'start', width),
    placeAt(x - reach, y + middle, 'end', width),
    placeAt(x, y - reach + above, 'middle', width),
    placeAt(x, y + reach + below, 'middle', width),
    placeAt(x + slant, y - slant + above, 'start', width),
    placeAt(x + slant, y + slant + below, 'start', width),
    placeAt(x - slant, y - slant + above, 'end', width),
    placeAt(x - slant, y + slant + below, 'end', width),
    placeAt(x - radius, y - reach + above, 'start', width),
    placeAt(x - radius, y + reach + below, 'start', width),
    placeAt(x + radius, y - reach + above, 'end', width),
    placeAt(x + radius, y + reach + below, 'end', width),
  ];
}

function placeAt(x: number, baseline: number, anchor: LabelPlace['anchor'], width: number): LabelPlace {
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  const box = { left, right: left + width, top: baseline - ASCENT, bottom: baseline + DESCENT };
  return { x, baseline, anchor, box };
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** From the circle's edge; negative where they overlap. */
function distance({ left, right, top, bottom }: Rectangle, { x, y, radius }: Circle): number {
  const dx = Math.max(left - x, 0, x - right);
  const dy = Math.max(top - y, 0, y - bottom);
  return Math.hypot(dx, dy) - radius;
}
