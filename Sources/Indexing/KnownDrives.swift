internal import Hashing
internal import LinuxSystem

/// A drive that files are read from, with what has been measured of it.
struct KnownDrive: Sendable {
    let drive: Drive
    let meter: DriveMeter

    /// From so many bytes a second on further readers do no harm, whatever the kernel calls the drive: no disk and no
    /// gigabit network gives as much.
    private static let fast: Int64 = 400_000_000
    /// Below this a drive without moving parts is a stick or a card, which several readers only slow down.
    private static let slow: Int64 = 150_000_000

    /// How many files may be read from it at once, of so many that the threads could.
    func readersAllowed(of all: Int) -> Int {
        switch (drive.kind, meter.bytesPerSecond) {
        case (.solid, let rate): (rate ?? .max) < Self.slow ? 1 : all
        case (.rotating, let rate), (.network, let rate): (rate ?? 0) >= Self.fast ? all : 1
        }
    }
}

/// The drives by the devices on them, each looked up once.
struct KnownDrives: Sendable {
    private var drives: [UInt64: KnownDrive] = [:]

    /// Looks up those that are not known yet. Reads /sys and /proc.
    static func lookUp(_ devices: Set<UInt64>) -> [UInt64: Drive] {
        guard !devices.isEmpty else { return [:] }
        let mounts = MountTable.current()
        return Dictionary(uniqueKeysWithValues: devices.map { ($0, Drive.holding(device: $0, mounts: mounts)) })
    }

    func unknown(among devices: some Sequence<UInt64>) -> Set<UInt64> {
        Set(devices).subtracting(drives.keys)
    }

    /// - Parameter wasMeasured: called when the first measurement of one of the drives is over.
    mutating func add(_ found: [UInt64: Drive], wasMeasured: @escaping @Sendable () -> Void = {}) {
        for (device, drive) in found {
            // What lies on the same drive is measured together.
            let meter = drives.values.first { $0.drive == drive }?.meter ?? DriveMeter(wasMeasured: wasMeasured)
            drives[device] = KnownDrive(drive: drive, meter: meter)
        }
    }

    /// The drive of a device; one of its own as long as it was not looked up.
    subscript(device: UInt64) -> KnownDrive {
        drives[device] ?? KnownDrive(drive: Drive(id: "device \(device)", kind: .solid), meter: DriveMeter())
    }
}
