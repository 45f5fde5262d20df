internal import Glibc

/// Conditions of a descriptor as poll(2) asks for and reports them.
package struct DescriptorEvents: OptionSet, Hashable, Sendable {
    package let rawValue: Int16

    package init(rawValue: Int16) { self.rawValue = rawValue }

    /// There is something to read.
    package static let readable = DescriptorEvents(rawValue: Int16(POLLIN))
    /// Something out of the ordinary, as a change of the mount table.
    package static let exceptional = DescriptorEvents(rawValue: Int16(POLLPRI))
    /// An error; reported whether asked for or not.
    package static let error = DescriptorEvents(rawValue: Int16(POLLERR))
    /// The number is no open descriptor; reported whether asked for or not.
    package static let invalid = DescriptorEvents(rawValue: Int16(POLLNVAL))
}

/// Waits without end until a descriptor has one of the events asked for; what each of them has.
package func waitForEvents(
    _ requests: [(descriptor: Int32, events: DescriptorEvents)]
) throws(SystemError) -> [DescriptorEvents] {
    var requests = requests.map { pollfd(fd: $0.descriptor, events: $0.events.rawValue, revents: 0) }
    try systemCall("poll") {
        unsafe requests.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, nfds_t($0.count), -1) }
    }
    return requests.map { DescriptorEvents(rawValue: $0.revents) }
}
