/** The completion script for bash. */
import type { Offer, OfferedCommand, OfferedOption, Offers } from './offer.js';

export function bashScript({ commands, options }: Offers): string {
  return `# quantgate completion for bash: eval "$(quantgate completion bash)"
_quantgate() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      ${commands.map(({ name }) => name).join('|')}) command="$word"; break ;;
    esac
  done
  case "$command $previous" in
${[{ name: '', options }, ...commands].flatMap(valueCases).join('\n')}
  esac
  case "$command" in
${commands.map(commandCase).join('\n')}
    *) COMPREPLY=($(compgen -W "${[...commands, ...options].map(({ name }) => name).join(' ')}" -- "$current")) ;;
  esac
}
complete -F _quantgate quantgate
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
      if [[ "$current" == -* ]]; then ${complete(optionNames(options))}
      else ${complete(offer)}; fi ;;`;
}

function optionNames(options: readonly OfferedOption[]): Offer {
  return { kind: 'words', words: options.map(({ name }) => name) };
}

function complete(offer: Offer): string {
  if (offer.kind === 'words') return `COMPREPLY=($(compgen -W "${offer.words.join(' ')}" -- "$current"))`;
  if (offer.kind === 'nothing') return ':';
  return `compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current")`;
}
