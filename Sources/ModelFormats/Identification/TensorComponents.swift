/// The tensors of a file, sorted by the component that they belong to.
struct TensorComponents {
    /// The diffusion network, and everything whose name tells no component.
    private(set) var network = TensorPatterns()
    private(set) var vae = TensorPatterns()
    private(set) var textEncoder = TensorPatterns()
    private(set) var control = TensorPatterns()
    /// Tensors that only adapters have.
    private(set) var adapterCount = 0
    /// Whether a name says that it is the diffusion network's.
    private(set) var namesNetwork = false

    init(_ table: TensorTable) {
        for tensor in table.tensors {
            let name = TensorName(tensor.name)
            if name.isAdapter { adapterCount += 1 }
            switch name.component {
            case .network:
                network.add(name, tensor)
                namesNetwork = namesNetwork || name.hasComponentPrefix
            case .vae: vae.add(name, tensor)
            case .textEncoder: textEncoder.add(name, tensor)
            case .control: control.add(name, tensor)
            case .ignored: break
            }
        }
        network.finish()
        vae.finish()
        textEncoder.finish()
        control.finish()
    }
}
