/** The completion script for zsh. */
import type { Offer, OfferedCommand, OfferedOption, Offers } from './offer.js';

export function zshScript({ commands, options }: Offers): string {
  return `#compdef quantgate
# quantgate completion for zsh: eval "$(quantgate completion zsh)"
_quantgate() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}" command="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$word" in
      ${commands.map(({ name }) => name).join('|')}) command="$word"; break ;;
    esac
  done
  case "$command $previous" in
${[{ name: '', options }, ...commands].flatMap(valueCases).join('\n')}
  esac
  case "$command" in
${commands.map(commandCase).join('\n')}
    *) ${described('command', [...commands, ...options])} ;;
  esac
}
compdef _quantgate quantgate
`;
}

/** Of a command, or without a name of what may stand before it. */
function valueCases(command: Pick<OfferedCommand, 'name' | 'options'>): string[] {
  return command.options.flatMap(({ name, value }) =>
    value === null ? [] : [`    "${command.name} ${name}") ${complete(value)}; return ;;`],
  );
}

function commandCase({ name, options, arguments: offer }: OfferedCommand): string {
  return `    ${name})
      if [[ "$current" == -* ]]; then ${described('option', options)}
      else ${complete(offer)}; fi ;;`;
}

function described(what: string, entries: readonly (OfferedCommand | OfferedOption)[]): string {
  const list = entries.map(({ name, description }) =>
    quoted(`${name.replaceAll(':', '\\:')}:${description}`),
  );
  return `local -a offered=(${list.join(' ')}); _describe -o ${what} offered`;
}

function complete(offer: Offer): string {
  if (offer.kind === 'words') return `compadd -- ${offer.words.map(quoted).join(' ')}`;
  return offer.kind === 'files' ? '_files' : ':';
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
