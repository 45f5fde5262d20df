import TestSupport
import Testing

@testable import LinuxSystem

@Suite struct DriveTests {
    @Test func aDriveHasTheSameNameEachTime() async throws {
        try await withTemporaryDirectory { directory in
            let device = try FileStatus.of(directory).device
            let drive = Drive.holding(device: device)
            #expect(!drive.id.isEmpty)
            #expect(Drive.holding(device: device) == drive)
        }
    }

    @Test(arguments: ["tmpfs", "ramfs", "overlay", "zfs"])
    func whatHasNoDriveOfItsOwnIsSolid(type: String) {
        let mounts = table("\(type) none", device: "0:99")
        #expect(Drive.holding(device: 99, mounts: mounts) == Drive(id: "device 0:99", kind: .solid))
    }

    @Test func memoryOfThisSystemIsSolid() throws {
        let device = try FileStatus.of(FilePath("/proc/self")).device
        #expect(Drive.holding(device: device).kind == .solid)
    }

    @Test(arguments: [
        ("nfs4", "server:/models", "server:/outputs", "server server"),
        ("nfs", "[fe80::1]:/models", "[fe80::1]:/outputs", "server [fe80::1]"),
        ("cifs", "//server/models", "//server/outputs/deep", "server server"),
        ("smb3", "//server/a\\040b", "//server/c", "server server"),
        ("fuse.sshfs", "me@server:/models", "me@server:", "server me@server"),
        ("ceph", "1.2.3.4:6789:/a", "1.2.3.4:6789:/b", "server 1.2.3.4:6789"),
    ])
    func exportsOfOneServerAreOneDrive(type: String, one: String, other: String, id: String) {
        let mounts = table("\(type) \(one)", device: "0:50", "\(type) \(other)", device: "0:51")
        let drive = Drive.holding(device: 50, mounts: mounts)
        #expect(drive == Drive(id: id, kind: .network))
        #expect(Drive.holding(device: 51, mounts: mounts) == drive)
    }

    @Test func otherServersAreOtherDrives() {
        let mounts = table("nfs one:/models", device: "0:50", "nfs two:/models", device: "0:51")
        #expect(Drive.holding(device: 50, mounts: mounts) != Drive.holding(device: 51, mounts: mounts))
    }

    @Test(arguments: [77, .max, 4_000_000_000 << 32 | 1] as [UInt64])
    func aDeviceThatNobodyKnowsIsADriveOfItsOwn(device: UInt64) {
        let drive = Drive.holding(device: device, mounts: MountTable([]))
        #expect(drive.id == "device \(device >> 32):\(UInt32(truncatingIfNeeded: device))")
        #expect(drive.kind == .solid)
    }

    @Test func aDeviceWhoseSourceIsNotThereIsADriveOfItsOwn() {
        let mounts = table("btrfs /dev/kikod-is-not-there", device: "0:60")
        #expect(Drive.holding(device: 60, mounts: mounts) == Drive(id: "device 0:60", kind: .solid))
    }

    @Test(.enabled(if: Drive.firstDisk != nil, "there is no disk here"))
    func fileSystemsWithoutADeviceOfTheirOwnLieOnTheDriveOfTheirSource() throws {
        let (name, number) = try #require(Drive.firstDisk)
        let mounts = table("btrfs /dev/\(name)", device: "0:61")
        let drive = Drive.holding(device: 61, mounts: mounts)
        #expect(drive.id == "drive \(name)")
        #expect(Drive.holding(device: number, mounts: MountTable([])) == drive)
    }

    private func table(
        _ one: String, device: String, _ other: String? = nil, device otherDevice: String = ""
    ) -> MountTable {
        var text = "40 1 \(device) / /mnt/one rw - \(one) rw\n"
        if let other { text += "41 1 \(otherDevice) / /mnt/two rw - \(other) rw\n" }
        return MountTable(Array(text.utf8))
    }
}

extension Drive {
    /// A whole disk of this machine that /dev and /sys know, with its number.
    fileprivate static let firstDisk: (name: String, device: UInt64)? = {
        for name in (try? directoryNames(FilePath("/sys/class/block"))) ?? [] {
            let directory = FilePath("/sys/class/block").appending(name)
            let text = String(decoding: name, as: UTF8.self)
            guard (try? FileStatus.of(directory.appending("partition"))) == nil,
                (try? directoryNames(directory.appending("slaves"))) == [],
                (try? FileStatus.of(FilePath("/dev").appending(name))) != nil,
                let bytes = try? readFile(directory.appending("dev"), limit: 64)
            else { continue }
            let numbers = bytes.split { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                .compactMap { UInt64(String(decoding: $0, as: UTF8.self)) }
            if numbers.count == 2 { return (text, numbers[0] << 32 | numbers[1]) }
        }
        return nil
    }()
}
