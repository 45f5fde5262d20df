internal import CLinux

/// The next connection that waits at a listening socket (accept4(2)): a descriptor that does not block, closes at exec(3),
/// and is the caller's to close. EAGAIN when none waits at a socket that does not block.
package func acceptConnection(_ listening: Int32) throws(SystemError) -> Int32 {
    try systemCall("accept") { linux_accept(listening) }
}
