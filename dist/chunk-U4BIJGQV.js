import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{EXPLAINED}from"./chunk-RRIQV22Q.js";import{EXIT}from"./chunk-XGHOU567.js";import"./chunk-ZOCXBRH6.js";function bashScript({commands,options}){return`# quantgate completion for bash: eval "$(quantgate completion bash)"
_quantgate() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      ${commands.map(({name})=>name).join("|")}) command="$word"; break ;;
    esac
  done
  case "$command $previous" in
${[{name:"",options},...commands].flatMap(valueCases).join(`
`)}
  esac
  case "$command" in
${commands.map(commandCase).join(`
`)}
    *) COMPREPLY=($(compgen -W "${[...commands,...options].map(({name})=>name).join(" ")}" -- "$current")) ;;
  esac
}
complete -F _quantgate quantgate
`}function valueCases(command){return command.options.flatMap(({name,value})=>value===null?[]:[`    "${command.name} ${name}") ${complete(value)}; return ;;`])}function commandCase({name,options,arguments:offer}){return`    ${name})
      if [[ "$current" == -* ]]; then ${complete(optionNames(options))}
      else ${complete(offer)}; fi ;;`}function optionNames(options){return{kind:"words",words:options.map(({name})=>name)}}function complete(offer){return offer.kind==="words"?`COMPREPLY=($(compgen -W "${offer.words.join(" ")}" -- "$current"))`:offer.kind==="nothing"?":":'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current")'}function fishScript({commands,options}){let names=commands.map(({name})=>name).join(" "),none=`-n ${quoted(`not __fish_seen_subcommand_from ${names}`)}`;return`# quantgate completion for fish: quantgate completion fish | source
complete -c quantgate -f
${[...commands.map(({name,description})=>`complete -c quantgate ${none} -a ${quoted(name)} -d ${quoted(description)}`),...options.map(option=>`complete -c quantgate ${none} ${optionText(option)}`),...commands.flatMap(commandLines)].join(`
`)}
`}function commandLines({name,options,arguments:offer}){let here=`complete -c quantgate -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;return[...offer.kind==="nothing"?[]:[`${here} ${valueText(offer)}`],...options.map(option=>`${here} ${optionText(option)}`)]}function optionText({name,description,value}){let takes=value===null?"":` -r ${valueText(value)}`;return`-l ${name.replace(/^--/,"")}${takes} -d ${quoted(description)}`}function valueText(offer){return offer.kind==="files"?"-F":offer.kind==="words"?`-f -a ${quoted(offer.words.join(" "))}`:"-f"}var quoted=text=>`'${text.replaceAll("\\","\\\\").replaceAll("'","\\'")}'`;function offersOf(program,words={}){let general=program.options.map(offeredOption),names=program.commands.map(command=>command.name()),commands=program.commands.map(command=>({name:command.name(),description:command.description(),options:[...command.options.filter(({hidden})=>!hidden).map(offeredOption),...general,HELP],arguments:argumentsOffer(command,words[command.name()])}));return{options:[...general,HELP],commands:[...commands,{name:"help",description:HELP.description,options:[],arguments:{kind:"words",words:names}}]}}var HELP={name:"--help",description:"display help",value:null};function offeredOption(option){let takesValue=option.required||option.optional;return{name:option.long??option.short??option.flags,description:option.description,value:takesValue?valueOffer(option):null}}function valueOffer({argChoices,flags}){return argChoices?{kind:"words",words:argChoices}:/<(file|dir|path)\b/.test(flags)?{kind:"files"}:{kind:"nothing"}}function argumentsOffer(command,words){if(words)return{kind:"words",words};let[argument]=command.registeredArguments;return argument===void 0?{kind:"nothing"}:argument.argChoices?{kind:"words",words:argument.argChoices}:{kind:"files"}}function zshScript({commands,options}){return`#compdef quantgate
# quantgate completion for zsh: eval "$(quantgate completion zsh)"
_quantgate() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}" command="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$word" in
      ${commands.map(({name})=>name).join("|")}) command="$word"; break ;;
    esac
  done
  case "$command $previous" in
${[{name:"",options},...commands].flatMap(valueCases2).join(`
`)}
  esac
  case "$command" in
${commands.map(commandCase2).join(`
`)}
    *) ${described("command",[...commands,...options])} ;;
  esac
}
compdef _quantgate quantgate
`}function valueCases2(command){return command.options.flatMap(({name,value})=>value===null?[]:[`    "${command.name} ${name}") ${complete2(value)}; return ;;`])}function commandCase2({name,options,arguments:offer}){return`    ${name})
      if [[ "$current" == -* ]]; then ${described("option",options)}
      else ${complete2(offer)}; fi ;;`}function described(what,entries){return`local -a offered=(${entries.map(({name,description})=>quoted2(`${name.replaceAll(":","\\:")}:${description}`)).join(" ")}); _describe -o ${what} offered`}function complete2(offer){return offer.kind==="words"?`compadd -- ${offer.words.map(quoted2).join(" ")}`:offer.kind==="files"?"_files":":"}var quoted2=text=>`'${text.replaceAll("'","'\\''")}'`;var SCRIPTS={bash:bashScript,zsh:zshScript,fish:fishScript};async function completionCommand(context,shell,program){let script=completionScript(shell,program);return context.options.json?context.print({shell,script},()=>script):process.stdout.write(script),EXIT.pass}function completionScript(shell,program){return SCRIPTS[shell](offersOf(program,{explain:EXPLAINED.map(({code})=>code)}))}export{completionCommand,completionScript};
