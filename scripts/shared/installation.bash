# What an installation of kikod consists of. scripts/install and scripts/uninstall go by this one list, and so does
# scripts/package, which has scripts/install fill its directory.
#
# They set `form` (system, user or staged: a system's for another root directory), `prefix`, `destdir`, and `built`,
# where the programs are.
# shellcheck shell=bash disable=SC2034,SC2154

# Sets the directories of each kind of file, without `destdir`.
set_directories() {
    configuration=/etc/kikod/kikod.yaml
    data=/var/lib/kikod
    cache=/var/cache/kikod
    bin=$prefix/bin
    # systemd, man and the shells look below /usr and /usr/local only.
    local shared=/usr/local
    [ "$prefix" != /usr ] || shared=/usr
    documentation=$shared/share/doc/kikod
    man=$shared/share/man
    bash_completions=$shared/share/bash-completion/completions
    zsh_completions=$shared/share/zsh/site-functions
    fish_completions=$shared/share/fish/vendor_completions.d
    # Debian's zsh keeps site-functions for the administrator.
    [ "$prefix" != /usr ] || zsh_completions=/usr/share/zsh/vendor-completions
    systemd=$shared/lib/systemd
    system_configuration=$shared/lib
    drop_ins=$shared/share/kikod/systemd
    if [ "$form" = user ]; then
        local share=${XDG_DATA_HOME:-$HOME/.local/share} config=${XDG_CONFIG_HOME:-$HOME/.config}
        # kikod itself looks at no other place for it.
        configuration=$HOME/.config/kikod/kikod.yaml
        data=$share/kikod
        cache=${XDG_CACHE_HOME:-$HOME/.cache}/kikod
        documentation=$share/doc/kikod
        man=$share/man
        bash_completions=$share/bash-completion/completions
        zsh_completions=$share/zsh/site-functions
        fish_completions=$share/fish/vendor_completions.d
        systemd=$config/systemd
    fi
}

# Calls ACTION for each file: MODE SOURCE DESTINATION, the mode of a symbolic link being "link", the source relative to
# the repository. The configuration is not among them: it is the user's as soon as it is there.
each_file() { # ACTION
    "$1" 755 "$built/kikod" "$bin/kikod"
    "$1" 755 "$built/kikod-ctl" "$bin/kikod-ctl"

    "$1" 644 "$built/documentation/kikod.8" "$man/man8/kikod.8"
    "$1" 644 "$built/documentation/kikod-ctl.1" "$man/man1/kikod-ctl.1"
    "$1" 644 "$built/documentation/kikod.yaml.5" "$man/man5/kikod.yaml.5"
    # Where `systemctl help` and people look for a service.
    "$1" link kikod.8 "$man/man8/kikod.service.8"
    "$1" 644 README.md "$documentation/README.md"
    "$1" 644 etc/kikod.yaml "$documentation/examples/kikod.yaml"
    local program
    for program in kikod kikod-ctl; do
        "$1" 644 "$built/documentation/bash/$program" "$bash_completions/$program"
        "$1" 644 "$built/documentation/zsh/_$program" "$zsh_completions/_$program"
        "$1" 644 "$built/documentation/fish/$program.fish" "$fish_completions/$program.fish"
    done

    "$1" 644 systemd/user/kikod.service "$systemd/user/kikod.service"
    if [ "$form" != user ]; then
        "$1" 644 systemd/kikod.service "$systemd/system/kikod.service"
        "$1" 644 systemd/kikod.socket "$systemd/system/kikod.socket"
        "$1" 644 systemd/kikod.catalog "$systemd/catalog/kikod.catalog"
        "$1" 644 systemd/kikod.sysusers "$system_configuration/sysusers.d/kikod.conf"
        "$1" 644 systemd/kikod.tmpfiles "$system_configuration/tmpfiles.d/kikod.conf"
    fi
    each_drop_in "$1"
}

# The part of each_file that an older systemd would not understand.
each_drop_in() { # ACTION
    if [ "$form" = staged ]; then
        # Which systemd there will be is not known here: whoever unpacks these files links them (kikod.postinst).
        "$1" 644 systemd/kikod.service.d/10-systemd-254.conf "$drop_ins/system/10-systemd-254.conf"
        "$1" 644 systemd/user/kikod.service.d/10-systemd-254.conf "$drop_ins/user/10-systemd-254.conf"
        return
    fi
    [ "$form" = user ] || "$1" 644 systemd/kikod.service.d/10-systemd-254.conf \
        "$systemd/system/kikod.service.d/10-systemd-254.conf"
    "$1" 644 systemd/user/kikod.service.d/10-systemd-254.conf "$systemd/user/kikod.service.d/10-systemd-254.conf"
}

# Removes what each_file names, and directories that are kikod's own.
remove_file() { # MODE SOURCE DESTINATION
    rm -f -- "$destdir$3"
    local directory=${3%/*}
    while [[ ${directory##*/} =~ ^(kikod|kikod\.service\.d|systemd|examples)$ && $directory = */kikod* ]]; do
        # One that is not empty stays, and so does one that is a link.
        [ ! -d "$destdir$directory" ] || rmdir -- "$destdir$directory" 2>/dev/null || break
        directory=${directory%/*}
    done
}
