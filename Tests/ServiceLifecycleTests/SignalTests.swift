import Testing

@testable import ServiceLifecycle

@Suite(.timeLimit(.minutes(1))) struct SignalTests {
    @Test func everyWaiterGoesOnBeforeAndAfter() async {
        let signal = Signal()
        #expect(!signal.hasFired)
        let waiters = (0..<100).map { _ in Task { await signal.wait() } }
        await Task.yield()
        signal.fire()
        signal.fire()
        for waiter in waiters { await waiter.value }
        #expect(signal.hasFired)
        await signal.wait()
    }

    @Test func firingAndWaitingMayMeet() async {
        for _ in 0..<1000 {
            let signal = Signal()
            async let waiting: Void = signal.wait()
            async let firing: Void = signal.fire()
            _ = await (waiting, firing)
        }
    }

    @Test func contextPassesBothMessagesOn() async {
        let context = ServiceContext()
        context.requestShutdown()
        await context.shutdown()
        context.markStarted()
        await context.waitUntilStarted()
    }
}
