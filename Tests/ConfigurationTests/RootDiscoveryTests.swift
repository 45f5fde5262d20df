import LinuxSystem
import Testing

@testable import Configuration

@Suite struct RootDiscoveryTests {
    private func find(_ directories: Set<String>, home: String? = "/home/me") -> [RootDiscovery.Library] {
        RootDiscovery.find(home: home.map { FilePath($0) }) { directories.contains($0.description) }
    }

    @Test(
        arguments: [
            ("/home/me/ComfyUI/models", "kikod --root /home/me/ComfyUI/models", "comfyui: [/home/me/ComfyUI]"),
            ("/opt/ComfyUI/models", "kikod --root /opt/ComfyUI/models", "comfyui: [/opt/ComfyUI]"),
            (
                "/home/me/stable-diffusion-webui/models", "kikod --root /home/me/stable-diffusion-webui/models",
                "roots: [/home/me/stable-diffusion-webui/models]"
            ),
            (
                "/srv/stable-diffusion-webui-forge/models", "kikod --root /srv/stable-diffusion-webui-forge/models",
                "roots: [/srv/stable-diffusion-webui-forge/models]"
            ),
            (
                "/home/me/StabilityMatrix/Models", "kikod --root /home/me/StabilityMatrix/Models",
                "roots: [/home/me/StabilityMatrix/Models]"
            ),
            (
                "/home/me/.local/share/StabilityMatrix/Models",
                "kikod --root /home/me/.local/share/StabilityMatrix/Models",
                "roots: [/home/me/.local/share/StabilityMatrix/Models]"
            ),
        ])
    func eachProgramIsFoundWithItsCommand(_ directory: String, _ command: String, _ configuration: String) {
        let found = find([directory])
        #expect(found.map(\.command) == [command])
        #expect(found.map(\.configuration) == [configuration])
    }

    @Test func embeddingsBesideModelsBelongToIt() {
        let base = "/home/me/stable-diffusion-webui"
        #expect(
            find([base + "/models", base + "/embeddings"]).map(\.command)
                == ["kikod --root \(base)/models --root \(base)/embeddings"])
    }

    @Test func nothingIsFoundWhereNothingIs() {
        #expect(find([]) == [])
        #expect(find(["/home/me/ComfyUI"]) == [], "a ComfyUI without models")
    }

    @Test func aHomeThatIsAlsoAUsualPlaceIsNotFoundTwice() {
        #expect(find(["/opt/ComfyUI/models"], home: "/opt").count == 1)
        #expect(find(["/opt/ComfyUI/models"], home: nil).count == 1)
    }

    @Test func commandsCanBePasted() {
        let found = find(["/home/o'x y/ComfyUI/models"], home: "/home/o'x y")
        #expect(found.map(\.command) == ["kikod --root '/home/o'\\''x y/ComfyUI/models'"])
        #expect(found.map(\.configuration) == ["comfyui: ['/home/o''x y/ComfyUI']"])
    }
}
