package import LinuxSystem

/// A file on its way to its digests: what its own thread does with it beside reading its bytes.
///
/// `open`, `plan` and `check` are called in this order on the thread that reads the file, which may hang with its drive.
/// What they throw becomes the outcome.
package protocol FileToHash: AnyObject, Sendable {
    /// For messages.
    var path: FilePath { get }
    /// Bytes that are expected.
    var size: Int64 { get }
    var control: HashingControl { get }
    /// Measures the drive that the file lies on.
    var meter: DriveMeter { get }
    func open() throws -> FileDescriptor
    /// Which digests are wanted, after a first look at the open file.
    func plan(_ file: borrowing FileDescriptor) throws -> DigestPlan
    /// A last look, after the last byte.
    func check(_ file: borrowing FileDescriptor) throws
    /// No call is made for the file any more; after the outcome, when the drive did not answer.
    func letGo()
}
