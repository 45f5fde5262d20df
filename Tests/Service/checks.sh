#!/usr/bin/env bash
# shellcheck disable=SC2034,SC2317,SC2329 # lists and functions that are called by their names
# What has to hold for kikod as a service. Runs as root in a box (box.sh) with the package in /root/kikod.deb: each check
# in a shell of its own, in the order of its part, since a later one goes on where an earlier one ended.
#
#   checks.sh PART [CHECK]...     part: service, boot, removal; all of its checks, or only those named
#   checks.sh --run CHECK
#
# Writes how many passed and failed to /root/counts.
set -uo pipefail
parts_service=(
    installed_without_a_root_it_runs_and_says_what_to_do
    units_are_clean_and_closed
    files_are_indexed
    who_may_ask
    reload_takes_a_change_and_refuses_faults
    status_tells_why_it_does_not_start
    it_never_gives_up
    journal_tells_and_explains
    first_index_is_no_flood
    key_is_read_and_nowhere_seen
    hung_daemon_is_restarted_and_reads_nothing_again
    killed_under_load_it_loses_nothing
    stop_ends_while_files_are_read
    drive_comes_and_goes_under_the_sandbox
    previews_beside_need_the_drop_in
    full_disk_degrades_and_passes
    socket_unit_starts_it_and_outlives_it
    upgrade_keeps_the_index
    a_user_has_their_own
    without_systemd_it_runs_in_the_foreground
)
parts_boot=(after_a_boot_it_runs_in_order)
parts_removal=(
    removal_keeps_the_index
    purge_takes_only_what_is_kikods
    scripts_install_and_uninstall_it
    scripts_do_so_for_one_account
)

configuration=/etc/kikod/kikod.yaml

# ---- Helpers

# Waits until a command succeeds: what systemd does has no end that could be waited for otherwise.
eventually() { # COMMAND...
    local tries
    for ((tries = 0; tries < 900; tries++)); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.1
    done
    echo "not within 90 s: $*"
    return 1
}

fails() { # COMMAND...
    if "$@"; then echo "succeeded: $*"; return 1; fi
}

# What is searched has to be there: grep tells errors from finding nothing.
lacks() { # OPTION-OR-PATTERN... of grep
    local status=0
    grep "$@" || status=$?
    [ "$status" = 1 ] || { echo "not lacking, or not to be searched ($status): $*"; return 1; }
}

# Passes on what it reads, and shows it.
shown() { tee >(cat >&2); }

property() { systemctl show --property "$1" --value kikod.service; }
main_process() {
    local number
    number=$(property MainPID)
    # 0 where there is none, which kill(1) takes for its own group.
    [ "$number" -gt 1 ] && echo "$number"
}
is_property() { [ "$(property "$1")" = "$2" ]; }
status() { kikod-ctl --json status | jq -r "$1"; }
is_status() { [ "$(status "$1")" = "$2" ]; }
count() { kikod-ctl --json list --state "$1" | jq .total; }
is_count() { [ "$(count "$1")" = "$2" ]; }
sync_all() { kikod-ctl sync --hashed --timeout 300; }
version_of_systemd() { systemctl --version | sed -n '1s/systemd \([0-9]*\).*/\1/p'; }

# What the journal has of kikod since a time. Not since a cursor: behind that systemd 252 leaves out the first entry that
# a filter lets through.
now() { date +@%s.%6N; }
log_since() { journalctl --sync; journalctl --since "$1" --unit kikod.service --output cat; }

# A valid safetensors file: eight bytes of length, JSON, tensor data. It is written beside and moved in, as by a program
# that downloads.
model() { # PATH FILL [BYTES]
    local bytes=${3:-64} length
    local header='{"t":{"dtype":"U8","shape":['$bytes'],"data_offsets":[0,'$bytes']}}'
    mkdir -p "${1%/*}"
    printf -v length '\\x%02x' ${#header}
    printf "$length\\0\\0\\0\\0\\0\\0\\0%s%-*s" "$header" "$bytes" "$2" >"$1.part"
    mv "$1.part" "$1"
}

# Many of them, faster.
models() { # DIRECTORY COUNT FILL
    local number
    mkdir -p "$1"
    for ((number = 0; number < $2; number++)); do
        printf '\x35\0\0\0\0\0\0\0{"t":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}%-9s' "$3$number" \
            >"$1/$number.safetensors"
    done
}

configure() { # LINE...
    printf '%s\n' "$@" >"$configuration"
}

# The digests of the index against those of sha256sum.
index_is_true() { # DIRECTORY
    diff <(kikod-ctl --json list --state present | jq -r '.files[] | .sha256 + "  " + .path' | grep "  $1/" | sort) \
        <(find "$1" -name '*.safetensors' -exec sha256sum {} + | sort)
}

drop_in() { # NAME LINE...
    mkdir -p /etc/systemd/system/kikod.service.d
    printf '%s\n' '[Service]' "${@:2}" >"/etc/systemd/system/kikod.service.d/$1.conf"
    systemctl daemon-reload
}
no_drop_in() { rm -f "/etc/systemd/system/kikod.service.d/$1.conf"; systemctl daemon-reload; }

# ---- The service

installed_without_a_root_it_runs_and_says_what_to_do() {
    # Somebody's own group, directory and people, before kikod is there.
    groupadd models
    useradd --create-home --user-group anna
    useradd --create-home --user-group bert
    mkdir -p /srv/models && chgrp models /srv/models && chmod 2750 /srv/models
    dpkg --install /root/kikod.deb
    systemctl is-enabled kikod.service
    fails systemctl is-enabled --quiet kikod.socket
    eventually is_property StatusText 'No roots: name a directory under roots: in the configuration'
    is_property ActiveState active
    systemctl status kikod.service | grep 'Status: "No roots: name a directory under roots: in the configuration"'
    kikod-ctl status
    is_status .state ready
    [ "$(stat --format '%U:%G %a' /var/lib/kikod /var/lib/kikod/models.db /run/kikod/kikod.sock | sort -u | tr '\n' ' ')" = \
        'kikod:kikod 600 kikod:kikod 660 kikod:kikod 750 ' ]
    [ "$(id --name --user kikod):$(getent passwd kikod | cut -d: -f6-)" = kikod:/var/lib/kikod:/usr/sbin/nologin ]
}

units_are_clean_and_closed() {
    local exposure kind=notify
    [ "$(version_of_systemd)" -lt 254 ] || kind=notify-reload
    is_property Type "$kind"
    [ -z "$(systemd-analyze verify kikod.service kikod.socket 2>&1 | shown)" ]
    systemd-analyze security --no-pager kikod.service | grep -v '✓' || true
    exposure=$(systemd-analyze security --no-pager kikod.service | sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p')
    echo "exposure: $exposure"
    [ "${exposure%.*}" -lt 2 ]
}

files_are_indexed() {
    usermod --append --groups models kikod
    model '/srv/models/loras/a b.safetensors' a
    configure 'roots: [/srv/models]'
    # A new group of the user counts from the next start.
    systemctl restart kikod.service
    sync_all
    is_count indexed 1
    index_is_true /srv/models
    kikod-ctl show '/srv/models/loras/a b.safetensors'
    eventually is_property StatusText 'Watching 1 root, 1 file'
    model /srv/models/loras/c.safetensors c
    sync_all
    index_is_true /srv/models
    [ "$(count indexed)" = 2 ]
}

who_may_ask() {
    local said here
    usermod --append --groups kikod anna
    runuser --user anna -- kikod-ctl status
    # Who changes something stands in the journal.
    here=$(now)
    runuser --user anna -- kikod-ctl pause
    kikod-ctl resume
    # Not a pipe: grep ends at the first match where nobody sees it, and the writer fails.
    is_logged() { grep "$1" <<<"$(log_since "$here")"; }
    eventually is_logged "^user $(id --user anna), process .* asks for /api/v1/pause"
    eventually is_logged '^user 0, process .* asks for /api/v1/resume'
    said=$(runuser --user bert -- kikod-ctl status 2>&1) && return 1
    [ $? = 3 ]
    echo "$said"
    grep 'usermod --append --groups kikod bert\|group "\?kikod' <<<"$said"
}

reload_takes_a_change_and_refuses_faults() {
    local here pid
    pid=$(main_process)
    model /srv/more/d.safetensors d
    configure 'roots: [/srv/models, /srv/more]' 'log_level: info'
    systemctl reload kikod.service
    [ "$(status '.roots | length')" = 2 ]
    sync_all
    is_count indexed 3
    here=$(now)
    configure 'roots: [/srv/models, /srv/more]' 'log_levle: info'
    fails systemctl reload kikod.service
    log_since "$here" | grep "$configuration:2: "
    is_property ActiveState active
    [ "$(status '.roots | length')" = 2 ]
    configure 'roots: [/srv/models]'
    systemctl reload kikod.service
    [ "$(status '.roots | length')" = 1 ]
    [ "$(property MainPID)" = "$pid" ]
}

status_tells_why_it_does_not_start() {
    local said
    configure 'roots: [/srv/models]' 'log_level: loud'
    fails systemctl restart kikod.service
    is_property ActiveState failed
    is_property ExecMainStatus 78
    is_property NRestarts 0
    said=$(systemctl status kikod.service || true)
    echo "$said"
    grep "Status: \"$configuration:2: " <<<"$said"
    journalctl --unit kikod.service --priority err --output cat | grep "$configuration:2: "
    configure 'roots: [/srv/models]'
    systemctl restart kikod.service
    is_property ActiveState active
    # An error of the system is told by its number, too.
    drop_in errno 'ExecStart=' 'ExecStart=/usr/bin/kikod --data-dir /proc/kikod'
    fails systemctl restart kikod.service
    is_property StatusErrno 2
    no_drop_in errno
    systemctl restart kikod.service
}

# Who holds the index longer than systemd's usual limit of five starts.
it_never_gives_up() {
    is_property StartLimitIntervalUSec 0
    drop_in quickly RestartSec=100ms RestartSteps=0
    systemctl stop kikod.service
    flock --no-fork /var/lib/kikod/kikod.lock sleep infinity &
    holder=$! # not local: the trap comes later
    trap 'kill "$holder" 2>/dev/null || true' EXIT
    systemctl start --no-block kikod.service
    has_tried() { [ "$(property NRestarts)" -gt 10 ]; }
    eventually has_tried
    kill "$holder"
    eventually is_property ActiveState active
    no_drop_in quickly
    systemctl restart kikod.service
}

journal_tells_and_explains() {
    local walked=ffeff9fc9ab241dd9db45ec552e644fe completed=dbc8ab0739384d61ba6641e4015750fd said
    model /srv/models/loras/e.safetensors e
    sync_all
    kikod-ctl scan --wait --rehash /srv/models/loras
    journalctl --sync
    # The history of scans in one line.
    journalctl --unit kikod.service "MESSAGE_ID=$walked" "MESSAGE_ID=$completed"
    said=$(journalctl --unit kikod.service "MESSAGE_ID=$completed" KIKO_KIND=rehash --output json)
    [ "$(jq -r '[.KIKO_ROOT, .KIKO_HASHED, .KIKO_BYTES, .KIKO_DAMAGED] | join(" ")' <<<"$said")" = \
        '/srv/models/loras 3 381 0' ]
    # Only names that a message catalogue can use.
    journalctl --unit kikod.service --output json \
        | jq -e --slurp 'map(keys[] | select(startswith("KIKO"))) | all(test("^KIKO_[A-Z_]+$"))'
    journalctl --list-catalog | grep "^$walked"
    said=$(journalctl --unit kikod.service --catalog "MESSAGE_ID=$completed" KIKO_KIND=rehash)
    echo "$said"
    grep '3 files with .* bytes were read' <<<"$said"
}

first_index_is_no_flood() {
    local here
    here=$(now)
    models /srv/models/many 3000 m
    # Files that nobody but root may read.
    mkdir /srv/new
    models /srv/new 100 x
    chmod 0600 /srv/new/*
    mv /srv/new /srv/models/closed
    kikod-ctl scan --wait /srv/models
    kikod-ctl sync --timeout 300
    [ "$(log_since "$here" | wc --lines)" -lt 60 ]
    log_since "$here" | grep 'no more of these are logged'
    rm -r /srv/models/closed
    sync_all
    index_is_true /srv/models
}

key_is_read_and_nowhere_seen() {
    local key=kikod-test-key-8c1f pid
    is_status .civitai.key none
    install --mode 0600 /dev/stdin /etc/kikod/civitai-api-key <<<"$key"
    systemctl restart kikod.service
    pid=$(main_process)
    [ "$(status .civitai.key)" != none ]
    kikod-ctl link || true
    journalctl --sync
    lacks "$key" "/proc/$pid/environ" "/proc/$pid/cmdline"
    lacks "$key" <<<"$(systemctl show kikod.service; systemctl status kikod.service; journalctl --output export)"
    lacks --recursive --devices=skip "$key" /var/lib/kikod /var/cache/kikod /run/kikod
    # No dump of its memory is written, whoever asks for one.
    grep 'Max core file size *0 *0 ' "/proc/$pid/limits"
    # Where anybody but kikod may look.
    fails runuser --user anna -- grep --recursive --quiet --no-messages "$key" /run /etc
    rm /etc/kikod/civitai-api-key
    systemctl restart kikod.service
    is_status .civitai.key none
}

reads_nothing() {
    sync_all
    [ "$(status .hashing.files_total)" = 0 ]
}

is_other_process() { [ "$(property MainPID)" != "$1" ] && is_property ActiveState active; }

hung_daemon_is_restarted_and_reads_nothing_again() {
    local pid before
    drop_in watchdog WatchdogSec=2
    systemctl restart kikod.service
    sync_all
    before=$(kikod-ctl --json list | jq -c '[.files[] | [.id, .path, .sha256]]' | sha256sum)
    pid=$(main_process)
    kill -STOP "$pid"
    eventually is_other_process "$pid"
    journalctl --unit kikod.service | grep 'Watchdog timeout'
    reads_nothing
    [ "$(kikod-ctl --json list | jq -c '[.files[] | [.id, .path, .sha256]]' | sha256sum)" = "$before" ]
    no_drop_in watchdog
    systemctl restart kikod.service
}

killed_under_load_it_loses_nothing() {
    local round pid number
    drop_in again RestartSec=0
    mkdir -p /srv/models/load
    # Files come the whole time.
    (
        for ((number = 0; number < 1500; number++)); do
            model "/srv/models/load/$number.safetensors" "load $number" $((200 + number * 7 % 5000))
            [ $((number % 100)) != 0 ] || sleep 0.3
        done
    ) &
    for ((round = 0; round < 12; round++)); do
        pid=$(main_process)
        sleep "0.$((round * 5 % 7))"
        kill -KILL "$pid"
        eventually is_other_process "$pid"
    done
    wait
    sync_all
    index_is_true /srv/models
    no_drop_in again
    systemctl restart kikod.service
    reads_nothing
}

stop_ends_while_files_are_read() {
    # The service manager kills what takes longer, and says so.
    drop_in stop TimeoutStopSec=2
    systemctl restart kikod.service
    # One that takes long: nearly all of it is a hole.
    truncate --size 60G /srv/models/huge.ckpt
    touch --date '1 hour ago' /srv/models/huge.ckpt
    is_reading() { [ "$(status '.hashing.current | length')" -gt 0 ]; }
    eventually is_reading
    systemctl stop kikod.service
    is_property Result success
    is_property ExecMainStatus 0
    rm /srv/models/huge.ckpt
    no_drop_in stop
    systemctl start kikod.service
    sync_all
}

drive_comes_and_goes_under_the_sandbox() {
    local image=/root/drive.img device digest
    mkdir -p /mnt/drive
    truncate --size 64M "$image"
    mkfs.ext4 -q "$image"
    configure 'roots: [/srv/models, /mnt/drive]'
    systemctl reload kikod.service
    # Device nodes are made by hand: the box has no udev that does it.
    [ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
    device=$(losetup --find)
    # "/dev/loop2 (lost)" is one without a node.
    device=${device%% *}
    [ -e "$device" ] || mknod "$device" b 7 "${device#/dev/loop}"
    losetup "$device" "$image"
    # shellcheck disable=SC2064 # the device of now
    trap "umount --quiet /mnt/drive || true; losetup --detach $device" EXIT
    # Filled elsewhere, as somebody else's machine has it.
    mount "$device" /media
    model /media/on-the-drive.safetensors drive
    chmod 755 /media
    umount /media
    mount "$device" /mnt/drive
    is_there() { kikod-ctl --json list --state indexed --name on-the-drive | jq -e '.total == 1'; }
    is_gone() { kikod-ctl --json list --state missing --name on-the-drive | jq -e '.total == 1'; }
    eventually is_there
    digest=$(kikod-ctl --json list --name on-the-drive | jq -r '.files[0].sha256')
    # kikod must not keep anybody from unmounting.
    umount /mnt/drive
    eventually is_gone
    # The empty mount point is not taken for the drive.
    kikod-ctl roots || true
    [ "$(status '.roots[] | select(.path == "/mnt/drive") | .state')" = offline ]
    mount "$device" /mnt/drive
    eventually is_there
    [ "$(kikod-ctl --json list --name on-the-drive | jq -r '.files[0].sha256')" = "$digest" ]
    umount /mnt/drive
    configure 'roots: [/srv/models]'
    systemctl reload kikod.service
}

previews_beside_need_the_drop_in() {
    in_sandbox() { nsenter --target "$(main_process)" --mount -- "$@"; }
    # Root's rights count nothing against the sandbox.
    fails in_sandbox touch /srv/models/beside
    fails in_sandbox touch /home/beside
    fails in_sandbox touch /etc/kikod/beside
    in_sandbox touch /var/lib/kikod/beside /var/cache/kikod/beside
    rm /var/lib/kikod/beside /var/cache/kikod/beside
    # The drop-in as the unit describes it.
    drop_in beside ReadWritePaths=/srv/models
    systemctl restart kikod.service
    in_sandbox touch /srv/models/beside
    rm /srv/models/beside
    no_drop_in beside
    systemctl restart kikod.service
}

full_disk_degrades_and_passes() {
    systemctl stop kikod.service
    # The state directory on a small disk of its own, with the index that is there.
    mkdir -p /mnt/state
    mount -t tmpfs -o size=40M,mode=0750 tmpfs /mnt/state
    chown kikod:kikod /mnt/state
    cp --archive /var/lib/kikod/. /mnt/state/
    mount --bind /mnt/state /var/lib/kikod
    trap 'systemctl stop kikod.service; umount /var/lib/kikod /mnt/state; systemctl start kikod.service' EXIT
    systemctl start kikod.service
    sync_all
    dd if=/dev/zero of=/mnt/state/filler bs=64K 2>/dev/null || true
    models /srv/models/full 2000 f
    eventually is_status .state degraded
    is_property ActiveState active
    kikod-ctl status
    # What is known is answered.
    kikod-ctl lookup "$(sha256sum '/srv/models/loras/a b.safetensors' | cut -c1-64)"
    says_so() { grep 'cannot be written' <<<"$(property StatusText)"; }
    eventually says_so
    rm /mnt/state/filler
    # Who does not want to wait for the next try asks for a scan.
    eventually kikod-ctl scan --wait /srv/models
    eventually is_status .state ready
    sync_all
    index_is_true /srv/models
    rm -r /srv/models/full
    sync_all
}

socket_unit_starts_it_and_outlives_it() {
    local asked
    systemctl stop kikod.service
    systemctl enable --now kikod.socket
    is_property ActiveState inactive
    [ "$(stat --format '%U:%G %a' /run/kikod/kikod.sock)" = 'kikod:kikod 660' ]
    # The one who asks starts it, and is answered.
    kikod-ctl status
    eventually is_property ActiveState active
    runuser --user anna -- kikod-ctl status
    fails runuser --user bert -- kikod-ctl status
    # Nobody is refused while it is restarted, again and again.
    (for ((asked = 0; asked < 5; asked++)); do systemctl restart kikod.service; done) &
    # Who asked at the moment of an end is told so; the next to ask waits for the successor.
    while kill -0 $! 2>/dev/null; do kikod-ctl roots >/dev/null || [ $? != 3 ]; done
    wait $!
    # Stopped, the socket stays and starts it again.
    systemctl stop kikod.service
    [ -S /run/kikod/kikod.sock ]
    kikod-ctl status
    systemctl disable --now kikod.socket
    systemctl stop kikod.service
    systemctl start kikod.service
    kikod-ctl status
}

upgrade_keeps_the_index() {
    local pid before
    before=$(kikod-ctl --json list | jq -c '[.files[] | [.id, .path, .sha256]]' | sha256sum)
    echo '# a line of my own' >>"$configuration"
    pid=$(main_process)
    dpkg-deb --raw-extract /root/kikod.deb /root/next
    sed -i 's/^Version: .*/&+next1/' /root/next/DEBIAN/control
    dpkg-deb -Znone --build /root/next /root/next.deb >/dev/null
    dpkg --install /root/next.deb
    dpkg-query --show kikod | grep '+next1'
    is_other_process "$pid"
    reads_nothing
    [ "$(kikod-ctl --json list | jq -c '[.files[] | [.id, .path, .sha256]]' | sha256sum)" = "$before" ]
    grep '# a line of my own' "$configuration"
    # And back, as somebody does whom the new one does not please.
    dpkg --install /root/kikod.deb
    reads_nothing
    # An administrator's decision stands over an upgrade.
    systemctl disable --now kikod.service
    dpkg --install /root/next.deb
    fails systemctl is-enabled --quiet kikod.service
    is_property ActiveState inactive
    systemctl enable --now kikod.service
}

a_user_has_their_own() {
    local identity run
    identity=$(id --user anna)
    run=(runuser --user anna -- env "XDG_RUNTIME_DIR=/run/user/$identity" HOME=/home/anna)
    model /home/anna/ComfyUI/models/loras/own.safetensors own
    install -D --mode 0644 /dev/stdin /home/anna/.config/kikod/kikod.yaml <<<'roots: [~/ComfyUI/models]'
    chown --recursive anna:anna /home/anna
    chmod 700 /home/anna
    # As logind does when anna logs in.
    systemctl start "user@$identity.service"
    [ -z "$("${run[@]}" systemd-analyze --user verify /usr/lib/systemd/user/kikod.service 2>&1 | shown)" ]
    "${run[@]}" systemctl --user enable --now kikod.service
    "${run[@]}" kikod-ctl sync --hashed
    "${run[@]}" kikod-ctl --json list | jq -e '.total == 1 and .files[0].sha256 != null'
    "${run[@]}" systemctl --user status kikod.service | grep 'Watching 1 root, 1 file'
    "${run[@]}" systemctl --user reload kikod.service
    "${run[@]}" systemctl --user restart kikod.service
    "${run[@]}" kikod-ctl status | grep anna
    "${run[@]}" systemctl --user disable --now kikod.service
    systemctl stop "user@$identity.service"
}

without_systemd_it_runs_in_the_foreground() {
    local lines pid
    mkdir /tmp/alone
    touch /tmp/alone/kikod.yaml
    # As a container has it: the first process of its name space, and no variable of systemd.
    cd /tmp/alone
    lines=$(env --ignore-environment HOME=/tmp/nobody unshare --pid --fork --mount-proc --kill-child \
        /usr/bin/kikod --config kikod.yaml --root /srv/more --data-dir data --no-civitai --once 2>&1)
    echo "$lines"
    grep 'notice: kikod .* started' <<<"$lines"
    grep 'info: scanned /srv/more' <<<"$lines"
    lacks $'\e' <<<"$lines"
    # SIGTERM to a first process that would be ignored by default.
    env --ignore-environment HOME=/tmp/nobody unshare --pid --fork --mount-proc --kill-child \
        /usr/bin/kikod --config kikod.yaml --root /srv/more --data-dir data --socket data/sock --no-civitai 2>log &
    eventually kikod-ctl --socket data/sock status
    pid=$(pgrep --parent $!)
    kill -TERM "$pid"
    wait $!
}

# ---- After a boot

after_a_boot_it_runs_in_order() {
    eventually is_property ActiveState active
    reads_nothing
    index_is_true /srv/models
    # Not before the local file systems are mounted.
    local mounted started
    mounted=$(systemctl show --property ActiveEnterTimestampMonotonic --value local-fs.target)
    started=$(property ExecMainStartTimestampMonotonic)
    [ "$mounted" -le "$started" ]
    grep --word-regexp 'local-fs.target' <<<"$(property After)"
    # The network is not waited for.
    lacks network-online.target <<<"$(property After) $(property Wants) $(property Requires)"
    [ -z "$(systemctl --failed --plain --no-legend | shown)" ]
}

# ---- The end

removal_keeps_the_index() {
    dpkg --remove kikod
    fails systemctl is-active --quiet kikod.service
    fails pgrep --exact kikod
    [ ! -e /usr/bin/kikod ]
    [ ! -e /usr/lib/systemd/system/kikod.service ]
    [ ! -e /usr/lib/systemd/system/kikod.service.d ]
    lacks ffeff9fc9ab241dd9db45ec552e644fe <<<"$(journalctl --list-catalog)"
    [ -s /var/lib/kikod/models.db ]
    [ -s "$configuration" ]
    dpkg --install /root/kikod.deb
    reads_nothing
    index_is_true /srv/models
}

purge_takes_only_what_is_kikods() {
    local before
    # Somebody keeps models where only kikod should.
    model /var/lib/kikod/foreign/mine.safetensors mine
    model /var/cache/kikod/mine.safetensors mine
    # What is left of it after years, and what would lead out of its directories.
    mkdir -p /var/lib/kikod/cache/previews/ab /var/cache/kikod/previews/cd
    touch /var/lib/kikod/models.db.v3.20250101T000000Z.bak /var/lib/kikod/backup.tmp /var/lib/kikod/sync/cookie-7 \
        "/var/lib/kikod/cache/previews/ab/$(printf %064d 1)" "/var/cache/kikod/previews/cd/$(printf %064d 2)"
    mkdir -p /srv/elsewhere/ef
    touch "/srv/elsewhere/ef/$(printf %064d 3)"
    ln -s /srv/elsewhere/ef /var/cache/kikod/previews/ef
    install --mode 0600 /dev/stdin /etc/kikod/civitai-api-key <<<a-key
    rm -r /etc/systemd/system/kikod.service.d
    systemctl daemon-reload
    before=$(find /srv /home /var/lib/kikod/foreign -type f -exec sha256sum {} + | sort | sha256sum)
    dpkg --purge kikod
    fails systemctl is-active --quiet kikod.service
    [ ! -e /etc/kikod ]
    [ ! -e /run/kikod ]
    [ "$(find /var/lib/kikod /var/cache/kikod -type f | sort | tr '\n' ' ')" = \
        '/var/cache/kikod/mine.safetensors /var/lib/kikod/foreign/mine.safetensors ' ]
    [ -e "/srv/elsewhere/ef/$(printf %064d 3)" ]
    [ "$(find /srv /home /var/lib/kikod/foreign -type f -exec sha256sum {} + | sort | sha256sum)" = "$before" ]
    [ -z "$(find / -xdev \( -path /proc -o -path /root -o -path /home -o -path /srv -o -path /tmp \) -prune -o \
        -name '*kikod*' -print | { grep -v -e ^/var/log -e ^/var/cache/man -e ^/var/lib/kikod -e ^/var/cache/kikod -e ^/run/systemd || true; } | shown)" ]
}

# What scripts/install takes: the programs of the package in a copy of the repository.
source_and_built() {
    local package=/root/unpacked file
    [ ! -e /root/built ] || return 0
    dpkg-deb --extract /root/kikod.deb "$package"
    mkdir -p /root/built/documentation/bash /root/built/documentation/zsh /root/built/documentation/fish
    mv "$package"/usr/bin/kikod "$package"/usr/bin/kikod-ctl /root/built/
    for file in man8/kikod.8 man1/kikod-ctl.1 man5/kikod.yaml.5; do
        gunzip <"$package/usr/share/man/$file.gz" >"/root/built/documentation/${file#*/}"
    done
    mv "$package"/usr/share/bash-completion/completions/* /root/built/documentation/bash/
    mv "$package"/usr/share/zsh/vendor-completions/* /root/built/documentation/zsh/
    mv "$package"/usr/share/fish/vendor_completions.d/* /root/built/documentation/fish/
    chmod --recursive a+rX /root/built /root/source
    # Where an account may read them, too.
    mv /root/source /root/built /opt/
    ln -s /opt/built /root/built
}

scripts_install_and_uninstall_it() {
    local pid PATH=/usr/local/bin:$PATH
    source_and_built
    cd /opt/source
    rm -rf /var/lib/kikod /var/cache/kikod
    # Empty directories that others use as well may stay.
    everything() {
        find / -xdev \( -path /proc -o -path /root -o -path /opt -o -path /srv -o -path /var -o -path /tmp \) -prune \
            -o \( ! -type d -o -name '*kikod*' \) -print | sort
    }
    everything >/tmp/before
    scripts/install --built /opt/built
    is_property ActiveState active
    is_property FragmentPath /usr/local/lib/systemd/system/kikod.service
    configure 'roots: [/srv/models]'
    systemctl reload kikod.service
    kikod-ctl sync --hashed --timeout 300
    index_is_true /srv/models
    everything >/tmp/installed
    # Again: an upgrade, which keeps all.
    pid=$(main_process)
    scripts/install --built /opt/built
    is_other_process "$pid"
    reads_nothing
    [ "$(status '.roots | length')" = 1 ]
    diff /tmp/installed <(everything)
    # It stays away from what is in use, and says so.
    fails scripts/install --built /opt/nowhere
    scripts/uninstall
    [ ! -e /usr/local/bin/kikod ]
    fails pgrep --exact kikod
    [ -s /var/lib/kikod/models.db ]
    scripts/uninstall
    # An index in use is not purged, however kikod was started.
    flock --no-fork /var/lib/kikod/kikod.lock sleep infinity &
    trap 'kill %1 2>/dev/null || true' EXIT
    fails scripts/uninstall --purge
    [ -s /var/lib/kikod/models.db ]
    kill %1
    wait %1 || true
    install --mode 0600 /dev/stdin /etc/kikod/civitai-api-key <<<a-key
    model /var/lib/kikod/mine.safetensors mine
    scripts/uninstall --purge
    scripts/uninstall --purge
    [ "$(find /var/lib/kikod /var/cache/kikod | sort | tr '\n' ' ')" = '/var/lib/kikod /var/lib/kikod/mine.safetensors ' ] ||
        { find /var/lib/kikod /var/cache/kikod; return 1; }
    # All is as before, but for the user, who stays.
    diff /tmp/before <(everything)
    # Beside the package it only removes its own.
    scripts/install --built /opt/built
    dpkg --install /root/kikod.deb 2>&1 | tee /tmp/said
    grep 'scripts/install has installed another kikod' /tmp/said
    fails scripts/uninstall --purge
    scripts/uninstall
    # Debian 12 names it by its other path.
    grep -E '^(/usr)?/lib/systemd/system/kikod.service$' <<<"$(property FragmentPath)"
    is_property ActiveState active
    systemctl is-enabled kikod.service
    dpkg --purge kikod
}

scripts_do_so_for_one_account() {
    local run
    identity=$(id --user bert) # not local: the trap comes later
    systemctl start "user@$identity.service"
    trap 'systemctl stop "user@$identity.service"' EXIT
    run=(runuser --user bert -- env "XDG_RUNTIME_DIR=/run/user/$identity" HOME=/home/bert
        PATH=/home/bert/.local/bin:/usr/bin:/bin)
    model /home/bert/models/own.safetensors own
    chown --recursive bert:bert /home/bert
    cd /opt/source
    "${run[@]}" scripts/install --user --built /opt/built
    "${run[@]}" systemctl --user is-active kikod.service
    echo 'roots: [~/models]' >/home/bert/.config/kikod/kikod.yaml
    "${run[@]}" systemctl --user reload kikod.service
    "${run[@]}" kikod-ctl sync --hashed
    "${run[@]}" kikod-ctl --json list | jq -e '.total == 1 and .files[0].sha256 != null'
    "${run[@]}" scripts/install --user --built /opt/built
    "${run[@]}" kikod-ctl --json list | jq -e '.total == 1'
    "${run[@]}" scripts/uninstall --user
    fails pgrep --exact kikod
    [ -s /home/bert/.local/share/kikod/models.db ]
    "${run[@]}" scripts/uninstall --user --purge
    "${run[@]}" scripts/uninstall --user --purge
    [ -z "$(find /home/bert -name '*kikod*' | shown)" ]
    [ -s /home/bert/models/own.safetensors ]
}

# ---- Running them

if [ "${1:-}" = --run ]; then
    set -eE
    trap 'echo "failed in line $LINENO: $BASH_COMMAND"' ERR
    "$2"
    exit
fi

declare -n checks="parts_${1:?a part}"
shift
passed=0 failed=0
for check in "${checks[@]}"; do
    [ $# = 0 ] || [[ " $* " = *" $check "* ]] || continue
    began=$(date +%s%N)
    if bash "$0" --run "$check" >/tmp/output 2>&1; then
        passed=$((passed + 1)) word='ok    '
    else
        failed=$((failed + 1)) word=FAILED
    fi
    took=$((($(date +%s%N) - began) / 100000000))
    printf '%s %5d.%d s  %s\n' "$word" $((took / 10)) $((took % 10)) "${check//_/ }"
    [ "$word" != FAILED ] || {
        tail --lines 40 /tmp/output | sed 's/^/    /'
        journalctl --unit kikod.service --lines 15 --no-hostname | sed 's/^/    | /'
    }
done
echo "$passed $failed" >/root/counts
[ "$failed" = 0 ]
