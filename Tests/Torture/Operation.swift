/// One thing that can be done to the files or to the daemon.
struct Operation: Sendable {
    let name: String
    let group: OperationGroup
    /// How often it is done, compared with the others.
    let weight: Int
    /// Does it and tells what it did; nil where there is nothing to do it to.
    let perform: @Sendable (Torture) throws -> String?

    init(
        _ name: String, _ group: OperationGroup, weight: Int,
        _ perform: @escaping @Sendable (Torture) throws -> String?
    ) {
        self.name = name
        self.group = group
        self.weight = weight
        self.perform = perform
    }

    /// Everything that a torture can do.
    static let all = files + downloads + writers + trees + links + mounts + daemon
}
