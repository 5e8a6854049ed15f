/** A doubt about the original in sentences: what was seen, what chance is, what would explain it, what to do. */
import { metricDefinition } from '../../../terms/metrics.js';
import type { Standing } from '../../../terms/original-doubt.js';
import type { Renumbering } from './renumbered.js';
import type { Skill } from './skill.js';
import type { Trials } from './trials.js';

export interface Said {
  standing: Standing;
  skill: Skill;
  trials: Trials;
  renumbered: Renumbering | null;
  metric: string;
}

export function doubtWords(said: Said): { message: string; remedy: string | null } {
  const { renumbered, trials } = said;
  const explanation = renumbered?.found ?? trialSentence(said);
  const message = [seen(said), ...(explanation === null ? [] : [explanation])].join(' ');
  const remedy = renumbered?.remedy ?? trials.best?.remedy ?? null;
  return { message, remedy: remedy === null ? without(said) : `${remedy}.` };
}

/** `Top-1 of the original is 0.2 % on 500 samples; chance (…) reaches 0.1 % (p = 0.41).` */
function seen({ standing, skill, metric }: Said): string {
  const { value, chance, p, n, chanceIs, fact, informed = false } = skill;
  const of = metric === 'accuracy.perplexity' ? 'tokens' : 'samples';
  const title = metricDefinition(metric)?.title ?? metric;
  const known = `${title} of the original is ${figure(value, metric)} on ${n} ${n === 1 ? of.slice(0, -1) : of}`;
  if (standing === 'low') return `${known}.`;
  const level = `chance (${chanceIs}) reaches ${figure(chance, metric)}`;
  const more = fact === null ? '' : `, and ${fact}`;
  switch (standing) {
    case 'chance':
      return `${known}; ${level}${probability(p)}${more}. Such a result can't show what quantization changes.`;
    case 'untold':
      return `${known}; ${level}${probability(p)}${more}. So few can't tell the two apart.`;
    case 'hardly':
      return `${known}; ${level}${more}. ${informed ? "The scores behind the answers do tell the classes apart, but the answers can't show what quantization changes." : 'That is better by next to nothing.'}`;
    case 'weak':
      return `${known}; ${level}${more}.`;
  }
}

function trialSentence({ trials: { best }, metric }: Said): string | null {
  if (best === null) return null;
  const { configured } = best;
  const now = configured === null ? '' : `, as configured ${figure(configured.value, metric)}`;
  return `With ${best.words} it is ${figure(best.skill.value, metric)} on the first ${best.skill.n}${now}.`;
}

/** What to do when nothing explains it. */
function without({ standing, skill, trials: { tried } }: Said): string | null {
  const attempts = tried.length === 0 ? '' : `Tried in vain: ${tried.join(', ')}. `;
  switch (standing) {
    case 'chance':
      return `${attempts}Check ${skill.suspects ?? 'labels, preprocessing and `output`'}; if the task is as hard as that, \`on-chance: warn\` says so and lets it pass.`;
    case 'untold':
      return `${attempts}${skill.suspects ? `Check ${skill.suspects}, and evaluate` : 'Evaluate'} more samples.`;
    case 'low':
    case 'hardly':
      return attempts === '' ? null : attempts.trimEnd();
    case 'weak':
      return null;
  }
}

function figure(value: number, metric: string): string {
  const unit = metricDefinition(metric)?.unit;
  return unit === 'fraction' ? `${digits(value * 100)} %` : digits(value);
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** p is told where it is close: 1 is plain from the figures, and 0 is below what can be estimated. */
function probability(p: number): string {
  return p > 0 && p < 0.995 ? ` (p = ${digits(p)})` : '';
}
