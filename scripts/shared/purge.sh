# shellcheck shell=sh
# Removes what kikod has made in its data and cache directories, and nothing else: model files and what other programs
# keep there stay. The directories belong to the user that kikod runs as and this may run as root, so everything below
# them is left to find, which follows no link there.
kikod_previews='previews/[0-9a-f]{2}/([0-9a-f]{64}|\.[0-9a-f]+\.tmp)'

remove_kikod_data() { # DATA_DIR CACHE_DIR
    remove_matching "$1" '(cache/)?'"$kikod_previews" 'models\.db(-wal|-shm|-journal|\.v[0-9]+\.[^/]*\.bak(\.partial[^/]*)?)?' \
        'backup\.tmp(\.partial[^/]*)?' 'kikod\.(lock|sock)' 'sync/cookie-[0-9]+'
    remove_matching "$2" "$kikod_previews"
    rmdir "$1" "$2" 2>/dev/null || true
}

# Removes the files whose paths below the directory match one of the patterns, and directories of kikod's own that are
# empty then.
remove_matching() ( # DIRECTORY PATTERN...
    [ -d "$1" ] && [ ! -L "$1" ] && cd -P -- "$1" || exit 0
    shift
    IFS='|'
    find . -xdev -mindepth 1 -maxdepth 4 -regextype posix-extended \( \
        ! -type d -regex "\./($*)" \
        -o -type d -empty -regex '\./(sync|cache|(cache/)?previews(/[0-9a-f]{2})?)' \) -delete
)
