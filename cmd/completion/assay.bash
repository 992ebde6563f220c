# bash completion: the candidates come from the program itself
_assay() {
    local IFS=$'\n'
    COMPREPLY=($(assay complete --word "$COMP_CWORD" -- "${COMP_WORDS[@]:1}" 2>/dev/null))
    [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _assay assay
