# fish completion: the candidates come from the program itself
function __assay_complete
    set -l words (commandline -opc) (commandline -ct)
    assay complete --word (math (count $words) - 1) -- $words[2..-1] 2>/dev/null
end
complete -c assay -a '(__assay_complete)'
