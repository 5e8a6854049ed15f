/**
 * Where a bubble's label can stand: beside its own bubble, nearer to it than to any other, over nothing; else farther away, with a line to its
 * bubble.
 */

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
  /** From the bubble to a label that isn't beside it. */
  leader: Leader | null;
}

export interface Leader {
  from: Point;
  to: Point;
}

interface Point {
  x: number;
  y: number;
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
  /** What a label rather doesn't cross: whiskers. */
  lines?: readonly Rectangle[];
  /** Whether a label may stand away from its bubble: of many bubbles the lines would be a tangle. */
  leaders?: boolean;
}

/** How far from its bubble a label may stand, the nearest first. */
const APART = Array.from({ length: 16 }, (_, step) => 6 * (step + 1));

/** null: there is no such place. */
export function placeLabel(own: Circle, width: number, around: Surroundings): LabelPlace | null {
  const { circles, lines = [] } = around;
  const places = candidates(own, width).filter(({ box }) => {
    const near = distance(box, own);
    return (
      isFree(box, around) &&
      circles.every((other) => other === own || distance(box, other) > Math.max(near - ROUNDING, CLEARANCE))
    );
  });
  return (
    places.find(({ box }) => !lines.some((line) => overlap(box, line))) ??
    places[0] ??
    (around.leaders ? placeApart(own, width, around) : null)
  );
}

function placeApart(own: Circle, width: number, around: Surroundings): LabelPlace | null {
  for (const apart of APART) {
    for (const place of candidatesApart({ ...own, radius: own.radius + apart }, width)) {
      const { box } = place;
      if (!isFree(box, around) || around.circles.some((other) => distance(box, other) <= CLEARANCE)) continue;
      const leader = leaderTo(box, own);
      if (!around.taken.some((other) => crosses(leader, other))) return { ...place, leader };
    }
  }
  return null;
}

function isFree(box: Rectangle, { area, taken }: Surroundings): boolean {
  const inside =
    box.left >= area.left && box.right <= area.right && box.top >= area.top && box.bottom <= area.bottom;
  return inside && !taken.some((other) => overlap(box, other));
}

/** To the label's nearest edge, from the bubble's. */
function leaderTo(box: Rectangle, { x, y, radius }: Circle): Leader {
  const to = { x: clamp(x, box.left, box.right), y: clamp(y, box.top, box.bottom) };
  const length = Math.hypot(to.x - x, to.y - y);
  return { from: { x: x + ((to.x - x) / length) * radius, y: y + ((to.y - y) / length) * radius }, to };
}

/** Steps along a leader at which it is looked for under labels: no label is as low as the longest step. */
const STEPS = 16;

function crosses({ from, to }: Leader, box: Rectangle): boolean {
  return Array.from({ length: STEPS + 1 }, (_, step) => step / STEPS).some((share) => {
    const [x, y] = [from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share];
    return x > box.left && x < box.right && y > box.top && y < box.bottom;
  });
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
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

/** Beside others that stand at the same bubbles, too. */
function candidatesApart(around: Circle, width: number): LabelPlace[] {
  const { x, y, radius } = around;
  const [reach, middle] = [radius + GAP, (ASCENT - DESCENT) / 2];
  const beside = [-28, 28, -44, 44].flatMap((rise) => [
    placeAt(x + reach, y + middle + rise, 'start', width),
    placeAt(x - reach, y + middle + rise, 'end', width),
  ]);
  return [...candidates(around, width), ...beside];
}

function placeAt(x: number, baseline: number, anchor: LabelPlace['anchor'], width: number): LabelPlace {
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  const box = { left, right: left + width, top: baseline - ASCENT, bottom: baseline + DESCENT };
  return { x, baseline, anchor, box, leader: null };
}

export function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** From the circle's edge; negative where they overlap. */
function distance({ left, right, top, bottom }: Rectangle, { x, y, radius }: Circle): number {
  const dx = Math.max(left - x, 0, x - right);
  const dy = Math.max(top - y, 0, y - bottom);
  return Math.hypot(dx, dy) - radius;
}
