internal import CLinux
internal import Glibc

extension FileDescriptor {
    /// True while some process on this machine has the file open for writing; nil when that cannot be told.
    ///
    /// Asked by a read lease (fcntl(2), "Leases"), which the kernel gives only when there is no writer, to the owner of
    /// the file or a process with CAP_LEASE, on local file systems. It is given back at once. The descriptor must be
    /// open for reading only.
    package borrowing func isOpenForWriting() -> Bool? {
        Self.ignoreLeaseBreaks
        if linux_take_read_lease(number) == 0 {
            linux_end_lease(number)
            return false
        }
        return Errno.current == .again ? true : nil
    }

    /// A writer who comes in the moment of the lease has it broken by SIGIO, which would end the process.
    private static let ignoreLeaseBreaks: Void = { _ = signal(SIGIO, SIG_IGN) }()
}
