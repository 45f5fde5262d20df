# shellcheck shell=bash
# A box: a throw-away Debian with a real systemd as its first process, in namespaces of its own. To be sourced.
#
# It is an overlay on a tree that debootstrap made once for each release, so a boot takes a second and whatever happens
# in the box is gone with it. Needs root, systemd-container and debootstrap. Nothing of it outlives `box_stop`, but for
# the trees in $box_trees.

# Below a directory of root's alone: what lies in it is run as root.
box_trees=${KIKOD_TEST_TREES:-/var/cache/kikod-test-trees}
box_work='' box_leader='' box_cgroup=''

# What the checks use besides systemd. A tree that was made with other packages is made anew.
box_packages=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,e2fsprogs,mount,procps,jq,man-db,strace

# Says why no box can be had here, or nothing.
box_obstacle() {
    local tool
    [ "$(id -u)" = 0 ] || { echo "needs root"; return; }
    for tool in debootstrap systemd-nspawn nsenter; do
        command -v "$tool" >/dev/null || { echo "needs $tool (apt-get install debootstrap systemd-container)"; return; }
    done
    grep -qw overlay /proc/filesystems || { echo "needs a kernel with overlayfs"; return; }
    unshare --mount --pid --fork true 2>/dev/null || echo "needs the right to make namespaces"
}

# Makes the tree of a Debian release (bookworm, trixie) that has what the package needs. Prints its path.
box_tree() { # RELEASE PACKAGE
    local tree=$box_trees/$1 mirror needed simulated
    if [ "$(cat "$tree.packages" 2>/dev/null)" != "$box_packages" ]; then
        echo "making a tree of Debian $1 in $tree, once" >&2
        # shellcheck disable=SC2016 # apt's own variable
        mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | head -n 1)
        rm -rf --one-file-system "$tree" "$tree.packages" || return 1
        mkdir -p "$tree" || return 1
        debootstrap --variant=minbase --include="$box_packages" "$1" "$tree" ${mirror:+"$mirror"} >"$tree.log" 2>&1 || {
            tail -n 5 "$tree.log" >&2
            return 1
        }
        # Nothing runs by itself in the box but what is tested, nothing that a box cannot have.
        local unit
        for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
            systemd-modules-load.service systemd-networkd.service systemd-resolved.service console-getty.service; do
            ln -sf /dev/null "$tree/etc/systemd/system/$unit"
        done
        : >"$tree/etc/machine-id"
        echo "$box_packages" >"$tree.packages"
    fi
    # What apt would install beside the package is there before, since the box has no network.
    cp "$2" "$tree/tmp/package.deb" || return 1
    cp /etc/resolv.conf "$tree/etc/resolv.conf" || return 1
    if [ -z "$(ls "$tree"/var/lib/apt/lists/*Packages* 2>/dev/null)" ]; then
        chroot "$tree" apt-get update >"$tree.log" 2>&1 || { tail -n 5 "$tree.log" >&2; return 1; }
    fi
    simulated=$(LC_ALL=C chroot "$tree" apt-get --simulate --no-install-recommends install /tmp/package.deb) || {
        echo "the package cannot be installed on $1:" >&2
        LC_ALL=C chroot "$tree" apt-get --simulate --no-install-recommends install /tmp/package.deb >&2 || true
        return 1
    }
    needed=$(sed -n '/^Inst kikod /d; s/^Inst \([^ ]*\) .*/\1/p' <<<"$simulated")
    if [ -n "$needed" ]; then
        # The lists of a tree that was made long ago name files that are no longer there.
        chroot "$tree" apt-get update >"$tree.log" 2>&1 || { tail -n 5 "$tree.log" >&2; return 1; }
        # shellcheck disable=SC2086 # a list
        DEBIAN_FRONTEND=noninteractive chroot "$tree" apt-get install --yes --no-install-recommends $needed \
            >>"$tree.log" 2>&1 || { tail -n 5 "$tree.log" >&2; return 1; }
    fi
    rm -f "$tree/tmp/package.deb" "$tree"/var/cache/apt/archives/*.deb
    echo "$tree"
}

# Makes the box of a tree; nothing runs in it yet. What is written into $box_work/root is seen in it. /srv is no
# overlay, so that changes there are told by events.
box_make() { # TREE
    local mounted
    box_work=$(mktemp -d /tmp/kikod-box.XXXXXX)
    mount -t tmpfs -o mode=755 kikod-box "$box_work"
    mkdir "$box_work/upper" "$box_work/work" "$box_work/root" "$box_work/srv"
    mount -t overlay -o "lowerdir=$1,upperdir=$box_work/upper,workdir=$box_work/work" kikod-box "$box_work/root"
    # A group of its own, wherever the second hierarchy is mounted: the box takes it for the root.
    mounted=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
    if [ -z "$mounted" ]; then
        mounted=$box_work/cgroup
        mkdir "$mounted"
        mount -t cgroup2 cgroup2 "$mounted"
    fi
    box_cgroup=$mounted/$(basename "$box_work")
    mkdir "$box_cgroup"
}

# Boots the box and waits until its systemd has started everything.
box_boot() {
    local nspawn
    # The box has the second hierarchy of control groups only, as systemd 256 and later want it, whatever the host has.
    # Nothing of the host's systemd is asked, if there is one.
    (
        echo "$BASHPID" >"$box_cgroup/cgroup.procs"
        exec env SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=no setsid systemd-nspawn --quiet \
            --directory="$box_work/root" --machine="$(basename "$box_work" | tr . -)" --boot --register=no \
            --keep-unit --private-network --console=read-only --capability=all --resolv-conf=off --timezone=off \
            --link-journal=no --notify-ready=yes --bind="$box_work/srv:/srv" </dev/null >"$box_work/console" 2>&1
    ) &
    nspawn=$!
    echo "$nspawn" >"$box_work/nspawn"
    local tries
    for ((tries = 0; tries < 1500; tries++)); do
        box_leader=$(pgrep -P "$nspawn" | head -n 1 || true)
        if [ -n "$box_leader" ]; then
            case "$(box_run systemctl is-system-running --wait 2>/dev/null || true)" in
                running | degraded) return 0 ;;
            esac
        fi
        kill -0 "$nspawn" 2>/dev/null || break
        sleep 0.02
    done
    tail -n 20 "$box_work/console" >&2
    echo "the box does not boot" >&2
    return 1
}

# Runs a command in the box as root.
box_run() {
    nsenter --target "$box_leader" --mount --uts --ipc --net --pid --cgroup -- \
        env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 SYSTEMD_PAGER= SYSTEMD_COLORS=0 "$@"
}

# Ends what runs in the box as a power button does. It can be booted again.
box_halt() {
    local nspawn tries
    nspawn=$(cat "$box_work/nspawn" 2>/dev/null) || return 0
    if [ -n "$box_leader" ] && box_run systemctl poweroff >/dev/null 2>&1; then
        for ((tries = 0; tries < 300; tries++)); do
            kill -0 "$nspawn" 2>/dev/null || break
            sleep 0.05
        done
    fi
    box_kill
    box_leader=''
    rm -f "$box_work/nspawn"
}

# Kills whatever still runs in the box, and waits until it is gone. Who would start in a group where others have been
# killed may be killed as well, by some kernels, so what was a box's group serves no other boot.
box_kill() {
    local tries
    [ -n "$box_cgroup" ] || return 0
    for ((tries = 0; tries < 300; tries++)); do
        if grep -q '^populated 0' "$box_cgroup/cgroup.events" 2>/dev/null; then
            find "$box_cgroup" -depth -type d -exec rmdir {} +
            mkdir "$box_cgroup"
            return
        fi
        echo 1 >"$box_cgroup/cgroup.kill" 2>/dev/null || true
        sleep 0.05
    done
    echo "processes of the box do not end: $(find "$box_cgroup" -name cgroup.procs -exec cat {} + | tr '\n' ' ')" >&2
}

# Ends the box and removes all of it. To be called in all cases.
box_stop() {
    # Whatever fails or comes between, the rest has to be removed.
    trap '' INT TERM
    set +e
    [ -n "$box_work" ] || return 0
    if [ -n "$box_cgroup" ]; then
        box_halt
        # systemd-nspawn makes groups of the same name in the first hierarchies, where there are such.
        awk '$3 ~ /^cgroup2?$/ { print $2 }' /proc/mounts | while read -r mounted; do
            [ ! -d "$mounted/${box_cgroup##*/}" ] || find "$mounted/${box_cgroup##*/}" -depth -type d -exec rmdir {} + || true
        done
    fi
    umount "$box_work/root" 2>/dev/null || true
    umount --recursive --lazy "$box_work" 2>/dev/null || true
    rmdir "$box_work" || true
    box_work='' box_cgroup=''
}
