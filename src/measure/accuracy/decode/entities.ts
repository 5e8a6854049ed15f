/** Entities that tags of words spell: IOB1, IOB2 and BILOU (Ramshaw and Marcus 1995; Ratinov and Roth, CoNLL 2009). */

/** lenient: IOB1 and IOB2 alike, and an entity may begin with any tag, as CoNLL's evaluation script reads them. */
export const TAG_SCHEMES = ['lenient', 'iob1', 'iob2', 'bilou'] as const;
export type TagScheme = (typeof TAG_SCHEMES)[number];

export interface Entity {
  type: string;
  /** First word, and the one after the last. */
  start: number;
  end: number;
}

interface Tag {
  /** B, I, O; of BILOU also L and U; E and S of IOBES. */
  prefix: string;
  type: string;
}

const OUTSIDE: Tag = { prefix: 'O', type: '_' };

/** `B-PER` and `B_PER`; a tag without a type is an entity of one kind. */
function tagOf(text: string): Tag {
  if (text === 'O' || text === '') return OUTSIDE;
  const parts = /^([BILOUES])(?:[-_](.*))?$/.exec(text);
  // A tag without a prefix names a type: each word is inside of it.
  return parts ? { prefix: parts[1]!, type: parts[2] || '_' } : { prefix: 'I', type: text };
}

/** The scheme that tags are written in, as far as they tell: BILOU has letters of its own. */
export function schemeOf(tags: Iterable<string>): TagScheme {
  for (const tag of tags) if (/^[LU][-_]/.test(tag)) return 'bilou';
  return 'lenient';
}

/** In the order of their words. */
export function entitiesOf(tags: readonly string[], scheme: TagScheme): Entity[] {
  const read = tags.map(tagOf);
  return scheme === 'lenient' ? lenient(read) : strict(read, RULES[scheme]);
}

interface Rules {
  /** Whether an entity begins at the tag. */
  starts(tag: Tag, before: Tag): boolean;
  /** Whether it goes on. */
  continues(tag: Tag, before: Tag): boolean;
  /** Whether it may end before the tag. */
  ends(tag: Tag, before: Tag): boolean;
}

const same = (one: Tag, other: Tag) => one.type === other.type;
const isIn = (letters: string, { prefix }: Tag) => letters.includes(prefix);

const RULES: Record<Exclude<TagScheme, 'lenient'>, Rules> = {
  iob1: {
    starts: (tag, before) =>
      tag.prefix === 'I'
        ? before.prefix !== 'I' || !same(tag, before)
        : tag.prefix === 'B' && isIn('IB', before) && same(tag, before),
    continues: (tag, before) => tag.prefix === 'I' && isIn('BI', before) && same(tag, before),
    ends: (tag, before) => before.prefix === 'I' || tag.prefix !== 'B' || same(tag, before),
  },
  iob2: {
    starts: (tag) => tag.prefix === 'B',
    continues: (tag, before) => tag.prefix === 'I' && isIn('BI', before) && same(tag, before),
    ends: () => true,
  },
  bilou: {
    starts: (tag) => isIn('BU', tag),
    continues: (tag, before) => isIn('IL', tag) && isIn('BI', before) && same(tag, before),
    ends: (_, before) => isIn('UL', before),
  },
};

/** An entity that doesn't end as the scheme wants it is none. */
function strict(tags: readonly Tag[], { starts, continues, ends }: Rules): Entity[] {
  const found: Entity[] = [];
  const at = (index: number) => tags[index] ?? OUTSIDE;
  for (let start = 0; start < tags.length; ) {
    if (!starts(at(start), at(start - 1))) {
      start++;
      continue;
    }
    let end = start + 1;
    while (end < tags.length && continues(at(end), at(end - 1))) end++;
    if (ends(at(end), at(end - 1))) found.push({ type: at(start).type, start, end });
    start = end;
  }
  return found;
}

function lenient(tags: readonly Tag[]): Entity[] {
  const found: Entity[] = [];
  let start: number | null = null;
  let before = OUTSIDE;
  for (let at = 0; at <= tags.length; at++) {
    const tag = tags[at] ?? OUTSIDE;
    const changed = !same(tag, before);
    const fresh = isIn('BS', tag) || isIn('ESO', before) || changed;
    const ended = before.prefix !== 'O' && (isIn('ES', before) || isIn('BSO', tag) || changed);
    if (ended && start !== null) found.push({ type: before.type, start, end: at });
    if (ended) start = null;
    if (tag.prefix !== 'O' && fresh) start = at;
    before = tag;
  }
  return found;
}

/** Entities that both name, those of the answer, and those that should be named. */
export type EntityCounts = readonly [both: number, answered: number, labelled: number];

export function countEntities(
  gold: readonly string[],
  answer: readonly string[],
  scheme: TagScheme,
): EntityCounts {
  const key = ({ type, start, end }: Entity) => `${start} ${end} ${type}`;
  const labelled = new Set(entitiesOf(gold, scheme).map(key));
  const answered = entitiesOf(answer, scheme).map(key);
  return [answered.filter((one) => labelled.has(one)).length, answered.length, labelled.size];
}
