/** What the search says of its choice. */
import type { Objective } from '../config/choices.js';
import type { QuantizeNote } from '../quantize/method/result.js';
import { type Candidate, describe, isTooSlow } from './candidates/candidate.js';
import type { SearchResult } from './candidates/search-request.js';
import { brokenRatios, type Limits } from './judging/limits.js';

/** Of a plain method's file that was chosen, and of none. */
const NO_BETTER: Readonly<Record<Objective, string>> = {
  latency: ' Nothing tried within the limits is surely faster: the file is what this method makes by itself.',
  size: ' Nothing tried within the limits is smaller: the file is what this method makes by itself.',
};
/** Of one that nothing was tried besides: 4 bits that keep the limits. */
const ALONE = ' No other method was tried: none makes a smaller file.';
const NOTHING: Readonly<Record<Objective, string>> = {
  latency: 'nothing tried is faster, or as fast and smaller, within the limits',
  size: 'nothing tried is smaller within the limits',
};

/** Of a choice that was made beside other work. */
const BUSY = ' Other processes kept this machine busy: times are CPU times of runs on one thread.';

/** What was chosen, why nothing else was, and what there was no time for. */
export function choiceNotes(
  { winner, tried, refused, leftRough, untried, onBusyMachine }: SearchResult,
  { objective, limits }: { objective: Objective; limits: Limits },
): QuantizeNote[] {
  const preference = { objective, limits };
  const tooSlow = (candidate: Candidate) => (isTooSlow(candidate, preference) ? '; too slow' : '');
  const others = tried
    .filter((candidate) => candidate !== winner)
    .map((candidate) => `${candidate.name} (${describe(candidate)}${tooSlow(candidate)})`);
  const rest = [...others, ...refused.map(({ name, reason }) => `${name} (${reason})`)];
  const against = rest.length > 0 ? ` Tried besides: ${rest.join('; ')}.` : '';
  const short = [
    ...(leftRough.length > 0 ? [`${listed(leftRough)} only looked at roughly`] : []),
    ...(untried.length > 0 ? [`${listed(untried)} not tried`] : []),
  ];
  const unfinished =
    short.length > 0
      ? ` For lack of time ${short.join(', and ')}: a larger \`budget\` gives ${leftRough.length + untried.length > 1 ? 'them' : 'it'} time.`
      : '';
  const over = winner ? brokenRatios(limits, winner) : [];
  const isOver = over.length > 0;
  const broken = isOver ? ` It breaks thresholds (${over.join(', ')}): nothing tried keeps all.` : '';
  const noBetter = objective === 'size' && rest.length === 0 ? ALONE : NO_BETTER[objective];
  const busy = onBusyMachine ? BUSY : '';
  const message = winner
    ? `auto chose ${winner.name}: ${describe(winner)}.${broken}${winner.isPlain && short.length === 0 && !isOver ? noBetter : ''}${unfinished}${busy}${against}`
    : `auto left the model float: ${NOTHING[objective]}.${unfinished}${busy}${against}`;
  return [
    {
      level: isOver ? 'warn' : 'info',
      code: winner ? 'quantize.auto-plan' : 'quantize.nothing-pays',
      message,
    },
  ];
}

/** 'a and b were'; candidates of several methods have an 'and' of their own. */
function listed(names: readonly string[]): string {
  const separator = names.some((name) => name.includes(' and ')) ? ', ' : ' and ';
  return `${names.join(separator)} ${names.length > 1 ? 'were' : 'was'}`;
}
