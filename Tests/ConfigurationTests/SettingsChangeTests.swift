import LinuxSystem
import Testing

@testable import Configuration

@Suite struct SettingsChangeTests {
    private let old = Settings(dataDirectory: FilePath("/d"), socket: FilePath("/s"))

    @Test func nothingChangedSaysNothing() {
        let change = SettingsChange(from: old, to: old)
        #expect(change.effective == old)
        #expect(change.messages == [])
    }

    @Test func pathsAndAddressWaitForARestartAndTheRestDoesNot() {
        var new = Settings(dataDirectory: FilePath("/d2"), socket: FilePath("/s2"))
        new.http.listen = ListenAddress("127.0.0.1:3000")
        new.watch.settle = .seconds(9)
        new.roots = [RootSetting(path: FilePath("/r"), origin: SettingOrigin(source: "f"))]
        new.logLevel = .debug
        let change = SettingsChange(from: old, to: new)
        var expected = new
        expected.dataDirectory = FilePath("/d")
        expected.socket = FilePath("/s")
        expected.http.listen = nil
        #expect(change.effective == expected)
        #expect(
            change.messages == [
                "data_dir: /d2 takes effect after a restart; until then it is /d",
                "socket: /s2 takes effect after a restart; until then it is /s",
                "http.listen: 127.0.0.1:3000 takes effect after a restart; until then it is off",
            ])
    }

    @Test func anOpenAddressNeverLosesItsToken() {
        var open = old
        open.http.listen = ListenAddress("0.0.0.0:3000")
        open.http.tokenFile = FilePath("/t")
        let change = SettingsChange(from: open, to: old)
        #expect(change.effective.http == open.http)
        #expect(change.messages.count == 2)
        var other = old
        other.http.tokenFile = FilePath("/t2")
        #expect(SettingsChange(from: open, to: other).effective.http.tokenFile == FilePath("/t2"))
    }

    @Test func theLineOfARootIsNoChange() {
        let left = RootSetting(path: FilePath("/r"), origin: SettingOrigin(source: "f", line: 1))
        var right = left
        right.origin = SettingOrigin(source: "f", line: 2)
        #expect(left == right)
        right.type = .lora
        #expect(left != right)
    }
}
