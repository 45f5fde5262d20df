import Testing

@testable import LinuxSystem

@Suite struct MountTableTests {
    private let table = MountTable(
        Array(
            """
            22 28 0:21 / /proc rw,relatime shared:5 - proc proc rw
            28 1 8:1 / / rw,relatime shared:1 master:2 - ext4 /dev/sda1 rw,errors=remount-ro
            40 28 8:17 /sub /mnt/my\\040models\\011\\012\\134x rw - xfs /dev/disk/by-label/a\\040b rw
            41 28 0:50 / /mnt/nas rw - nfs4 server:/export rw,vers=4.2
            42 41 0:51 / /mnt/nas/loras rw - cifs //server/loras rw
            43 28 0:52 / /media/stick rw - vfat /dev/sdb1 rw
            44 43 0:53 / /media/stick rw - exfat /dev/sdc1 rw

            """.utf8))

    @Test func fieldsAreFoundWithAnyNumberOfOptionalOnes() {
        #expect(table.mounts.count == 7)
        #expect(
            table.mounts[0]
                == MountTable.Mount(
                    id: 22, parent: 28, device: 21, root: Array("/".utf8), point: FilePath("/proc"), type: "proc",
                    source: "proc"))
        #expect(table.mounts[2].device == 8 << 32 | 17)
        #expect(table.mounts[2].root == Array("/sub".utf8))
        #expect(table.mounts[1].source == "/dev/sda1")
        #expect(table.mounts[3].type == "nfs4")
        #expect(table.mounts[3].source == "server:/export")
    }

    @Test func octalEscapesAreUndone() {
        #expect(table.mounts[2].point == FilePath("/mnt/my models\t\n\\x"))
        #expect(table.mounts[2].source == "/dev/disk/by-label/a b")
        let odd = MountTable(Array("1 0 0:1 / /a\\04\\777\\ - t s\n".utf8))
        #expect(odd.mounts.map(\.point) == [FilePath("/a\\04\\777\\")])
    }

    @Test func pathLiesOnTheInnermostMount() {
        func mount(_ path: String) -> Int? { table.mount(holding: FilePath(path))?.id }
        #expect(mount("/home") == 28)
        #expect(mount("/") == 28)
        #expect(mount("/procfs") == 28)
        #expect(mount("/proc") == 22)
        #expect(mount("/mnt/nas/checkpoints/a") == 41)
        #expect(mount("/mnt/nas/loras") == 42)
        #expect(mount("/mnt/nas/loras2") == 41)
        #expect(mount("relative") == nil)
    }

    @Test func laterMountOnTheSamePointCoversTheEarlier() {
        #expect(table.mount(holding: FilePath("/media/stick/a"))?.type == "exfat")
    }

    @Test func mountAboveCoversThoseBelowIt() {
        let table = MountTable(
            Array(
                """
                1 0 8:1 / / rw - ext4 root rw
                2 1 8:2 / /mnt/nas/loras rw - xfs old rw
                3 1 8:3 / /mnt rw - nfs4 new rw
                4 3 8:4 / /mnt/nas rw - ext4 inner rw
                """.utf8))
        #expect(table.mount(holding: FilePath("/mnt/nas/loras/a"))?.source == "inner")
        #expect(table.mount(holding: FilePath("/mnt/a"))?.source == "new")
    }

    @Test func tableWithoutARootStillHoldsItsMounts() {
        // As in a chroot(2) that is no mount point of its own.
        let table = MountTable(Array("5 3 8:1 / /data rw - ext4 disk rw\n6 5 8:2 / /data/x rw - ext4 other rw".utf8))
        #expect(table.mount(holding: FilePath("/data/x/y"))?.source == "other")
        #expect(table.mount(holding: FilePath("/data/y"))?.source == "disk")
        #expect(table.mount(holding: FilePath("/home")) == nil)
    }

    @Test func mountsThatClaimToHoldEachOtherEndSomewhere() {
        let table = MountTable(Array("1 2 0:1 / / rw - t a rw\n2 1 0:2 / / rw - t b rw\n3 3 0:2 / /x rw - t c rw".utf8))
        _ = table.mount(holding: FilePath("/x/y"))
        #expect(table.mounts.count == 3)
    }

    @Test(arguments: [
        "", "\n\n", "garbage", "1 0 0:1 / /a rw", "1 0 0:1 / /a rw - ext4", "x 0 0:1 / /a rw - t s", "1 0 0:1 /", " - ",
        "- - - - - - -", "99999999999999999999 0 0:1 / /a rw - t s",
    ])
    func linesThatAreNotUnderstoodArePassedOver(line: String) {
        let table = MountTable(Array("\(line)\n7 0 0:1 / / rw - t s\n".utf8))
        #expect(table.mounts.map(\.id) == [7])
    }

    @Test func deviceIsWrittenAsFileStatusHasIt() throws {
        let status = try FileStatus.of(FilePath("/proc"))
        let mount = try #require(MountTable.current().mount(holding: FilePath("/proc")))
        #expect(mount.device == status.device)
        #expect(mount.root == Array("/".utf8))
    }

    @Test(arguments: ["8", "8:", ":1", "a:b", "8:1:2", "4294967296:1", "-1:1"])
    func deviceThatIsNotUnderstoodIsNone(field: String) {
        #expect(MountTable(Array("1 0 \(field) / /a rw - t s".utf8)).mounts.map(\.device) == [0])
    }

    @Test func rootOfABindMountIsUnescaped() {
        let table = MountTable(Array("1 0 8:1 /a\\040b /x rw - t s".utf8))
        #expect(table.mounts.map(\.root) == [Array("/a b".utf8)])
    }

    // MARK: - Mounts that paths lead to

    /// Strictly below a path, in bytewise order of their points.
    private func mounts(_ table: MountTable, below path: FilePath) -> [MountTable.Mount] {
        PathResolver(table).visible.filter { $0.point != path && $0.point.isWithin(path) }
            .sorted { $0.point < $1.point }
    }

    @Test func mountsBelowAPathAreThoseStrictlyBelowIt() {
        func points(_ path: String) -> [FilePath] { mounts(table, below: FilePath(path)).map(\.point) }
        #expect(points("/mnt/nas") == [FilePath("/mnt/nas/loras")])
        #expect(points("/mnt/nas/loras") == [])
        #expect(points("/mnt/na") == [])
        #expect(points("/mnt").map(\.bytes.count) == [18, 8, 14])
        #expect(points("/").contains(FilePath("/proc")))
        #expect(!points("/").contains(.root))
    }

    @Test func mountsThatOthersCoverAreNotBelowAPath() {
        #expect(mounts(table, below: FilePath("/media")).map(\.type) == ["exfat"])
        let table = MountTable(
            Array(
                """
                1 0 8:1 / / rw - ext4 root rw
                2 1 8:2 / /mnt/nas/loras rw - xfs old rw
                3 1 8:3 / /mnt rw - nfs4 new rw
                4 3 8:4 / /mnt/nas rw - ext4 inner rw
                """.utf8))
        #expect(mounts(table, below: .root).map(\.source) == ["new", "inner"])
        #expect(mounts(table, below: FilePath("/mnt")).map(\.source) == ["inner"])
        #expect(PathResolver(table).mount(holding: FilePath("/mnt/nas/loras/a"))?.source == "inner")
        #expect(PathResolver(table).mount(at: FilePath("/mnt/nas/loras")) == nil)
    }

    @Test func currentTableHoldsTheRoot() throws {
        let mount = try #require(MountTable.current().mount(holding: .root))
        #expect(mount.point == .root)
    }
}
