internal import APIServer
internal import HTTPServer
internal import Indexing
internal import LinuxSystem
internal import Logging
internal import ServiceLifecycle

/// The API on its sockets.
struct APIService: Service {
    let name = "api"
    let sockets: Sockets
    let server: HTTPRequestServer

    func run(_ context: ServiceContext) async throws {
        try sockets.serve(by: server)
        context.markStarted()
        await context.shutdown()
        // The path goes first, so that a successor can bind while the last answers are written.
        sockets.remove()
        try await onOwnThread("api-stop") { server.stop(graceMilliseconds: 300) }
    }
}

/// Watching and hashing.
struct IndexingService: Service {
    let name = "indexing"
    let indexer: Indexer

    func run(_ context: ServiceContext) async throws {
        // A start that waits for a dead drive is cut short.
        Task {
            await context.shutdown()
            indexer.requestStop()
        }
        try await onOwnThread("indexing-start") { try indexer.start() }
        context.markStarted()
        await context.shutdown()
        try await onOwnThread("indexing-stop") { indexer.stop() }
    }
}

/// Questions to CivitAI, and images from there.
struct LookupsService: Service {
    let name = "civitai"
    let lookups: LookupService
    /// nil for one pass, which leaves images to the next run.
    let previews: PreviewService?

    func run(_ context: ServiceContext) async throws {
        try lookups.start()
        try previews?.start()
        context.markStarted()
        await context.shutdown()
        lookups.requestStop()
        previews?.requestStop()
    }
}
