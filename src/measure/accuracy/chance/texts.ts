/** The level of chance of texts: what is read elsewhere, nothing at all, and texts of the same shape in other symbols. */
import { characterEdits } from '../decode/edit-distance.js';
import { ofSums } from '../tasks/metric.js';
import { textsOf } from '../tasks/text-recognition.js';
import { byBootstrap, type Skill } from './skill.js';

/** Other samples whose text each one is given, and exchanges of symbols, one after the other. */
const TURNS = 5;

type Texts = ReturnType<typeof textsOf>;

/**
 * Character error rate: 1 less its ratio to chance's. Chance is the best of three: texts of other samples; no text; and the own text with every symbol
 * but white space exchanged for another one, which has the right length and spaces whatever symbols the classes stand for (a key file or
 * vocabulary of another model). A row is that of `recognitionRow`.
 */
export function assessTexts(
  rows: readonly ArrayLike<number>[],
  said: { sample: string; verb: string; suspects: string },
): Skill | null {
  const texts = rows.map(textsOf);
  const levels = [
    {
      chanceIs: `the texts ${said.verb} in other ${said.sample}s`,
      edits: texts.map((_, at) => turnedEdits(texts, at)),
    },
    { chanceIs: 'saying nothing', edits: rows.map((row) => row[1]!) },
    { chanceIs: `the texts ${said.verb}, in other symbols`, edits: exchangedEdits(texts) },
  ];
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const [best] = levels.sort((a, b) => total(a.edits) - total(b.edits)) as [(typeof levels)[0]];
  const counted = rows.map((row, at) => [row[0]!, row[1]!, best.edits[at]!]);
  const skill = ofSums(counted, ([edits = 0, , chance = 0]) => (chance - edits) / chance);
  if (!Number.isFinite(skill(null))) return null;
  const nothing = texts.every(({ read }) => read.trim() === '');
  return {
    value: ofSums(counted, ([edits = 0, length = 0]) => edits / length)(null),
    chance: ofSums(counted, ([, length = 0, chance = 0]) => chance / length)(null),
    ...(nothing || allWrong(rows)
      ? { skill: Math.min(skill(null), nothing ? 0 : 1), upper: 0, p: 1, n: rows.length }
      : byBootstrap(skill, rows.length)),
    chanceIs: best.chanceIs,
    suspects: said.suspects,
    fact: nothing ? `nothing is ${said.verb} in any ${said.sample}` : null,
  };
}

/** Of so many texts with so many symbols, none right and four symbols of five wrong: too few for the bootstrap, and yet no chance of a good model. */
const LOST = { texts: 5, symbols: 20, rate: 0.8 };

function allWrong(rows: readonly ArrayLike<number>[]): boolean {
  const sum = (at: number) => rows.reduce((total, row) => total + row[at]!, 0);
  const [edits, length, exact] = [sum(0), sum(1), sum(2)];
  return rows.length >= LOST.texts && length >= LOST.symbols && exact === 0 && edits > LOST.rate * length;
}

/** Mean of the edits to this sample's text from what is read in the next one, the one after, … */
function turnedEdits(texts: readonly Texts[], at: number): number {
  const turns = Math.min(TURNS, texts.length - 1);
  if (turns === 0) return Array.from(texts[at]!.wanted).length;
  let sum = 0;
  for (let turn = 1; turn <= turns; turn++) {
    sum += characterEdits(texts[at]!.wanted, texts[(at + turn) % texts.length]!.read)[0];
  }
  return sum / turns;
}

/** Mean of the edits of each text after all symbols changed places, in some ways. */
function exchangedEdits(texts: readonly Texts[]): number[] {
  const symbols = [...new Set(texts.flatMap(({ wanted, read }) => Array.from(wanted + read)))]
    .filter((symbol) => symbol.trim() !== '')
    .sort();
  const turns = Math.min(TURNS, symbols.length - 1);
  if (turns <= 0) return texts.map(({ wanted }) => Array.from(wanted).length);
  const ways = Array.from({ length: turns }, (_, turn) => {
    const step = 1 + Math.floor((turn * (symbols.length - 1)) / turns);
    return new Map(symbols.map((symbol, at) => [symbol, symbols[(at + step) % symbols.length]!]));
  });
  return texts.map(({ wanted, read }) => {
    const edits = ways.map(
      (way) => characterEdits(wanted, Array.from(read, (symbol) => way.get(symbol) ?? symbol).join(''))[0],
    );
    return edits.reduce((sum, count) => sum + count, 0) / turns;
  });
}
