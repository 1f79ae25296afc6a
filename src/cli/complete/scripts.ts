// What a shell has to be told so that it asks vopipe what may be typed.

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Where nothing is found, shells offer files. */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: String.raw`# vopipe in bash: eval "$(vopipe completion bash)", or this file in /etc/bash_completion.d
_vopipe() {
  local IFS=$'\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" __complete bash "\${COMP_LINE:0:COMP_POINT}" "\${COMP_WORDS[COMP_CWORD]}" 2>/dev/null))
}
complete -o default -o nospace -F _vopipe vopipe
`.replaceAll('\\$', '$'),
  zsh: String.raw`#compdef vopipe
# vopipe in zsh: eval "$(vopipe completion zsh)" after compinit, or this file as _vopipe in a folder of $fpath
_vopipe() {
  local -a found values shown goes goesShown
  local line value about
  found=("\${(@f)$("\${(Q)words[1]}" __complete zsh "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  for line in $found; do
    value="\${line%%$'\t'*}"
    about="\${line#*$'\t'}"
    if [[ "$value" == +* ]]; then goes+=("\${value#+}"); goesShown+=("\${value#+}  $about"); else values+=("\${value# }"); shown+=("\${value# }  $about"); fi
  done
  if (( $#values + $#goes == 0 )); then _files; return; fi
  (( $#values )) && compadd -l -d shown -- $values
  (( $#goes )) && compadd -S '' -l -d goesShown -- $goes
  return 0
}
if [[ "$funcstack[1]" == _vopipe ]]; then _vopipe "$@"; else compdef _vopipe vopipe; fi
`.replaceAll('\\$', '$'),
  fish: String.raw`# vopipe in fish: vopipe completion fish > ~/.config/fish/completions/vopipe.fish
function __vopipe_complete
  set -l words (commandline -opc)
  set -l found ($words[1] __complete fish $words[2..-1] (commandline -ct | string unescape) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c vopipe -f -a '(__vopipe_complete)'
`,
};
