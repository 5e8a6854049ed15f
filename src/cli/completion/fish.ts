/** The completion script for fish. */
import type { Offer, OfferedCommand, OfferedOption, Offers } from './offer.js';

export function fishScript({ commands, options }: Offers): string {
  const names = commands.map(({ name }) => name).join(' ');
  const none = `-n ${quoted(`not __fish_seen_subcommand_from ${names}`)}`;
  return `# quantgate completion for fish: quantgate completion fish | source
complete -c quantgate -f
${[
  ...commands.map(
    ({ name, description }) => `complete -c quantgate ${none} -a ${quoted(name)} -d ${quoted(description)}`,
  ),
  ...options.map((option) => `complete -c quantgate ${none} ${optionText(option)}`),
  ...commands.flatMap(commandLines),
].join('\n')}
`;
}

function commandLines({ name, options, arguments: offer }: OfferedCommand): string[] {
  const here = `complete -c quantgate -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
  return [
    ...(offer.kind === 'nothing' ? [] : [`${here} ${valueText(offer)}`]),
    ...options.map((option) => `${here} ${optionText(option)}`),
  ];
}

function optionText({ name, description, value }: OfferedOption): string {
  const takes = value === null ? '' : ` -r ${valueText(value)}`;
  return `-l ${name.replace(/^--/, '')}${takes} -d ${quoted(description)}`;
}

function valueText(offer: Offer): string {
  if (offer.kind === 'files') return '-F';
  return offer.kind === 'words' ? `-f -a ${quoted(offer.words.join(' '))}` : '-f';
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
