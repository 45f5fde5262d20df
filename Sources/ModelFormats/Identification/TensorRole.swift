/// What a tensor is to its module, by the end of its name.
enum TensorRole: Hashable {
    /// Of a model itself. `packed` is a weight whose shape says nothing of the module's; `bare` has no known end.
    case weight, packed, bias, bare
    /// Of something added to a model: both halves of a low-rank product, a Hadamard or a Kronecker product.
    case down, up, hadamardDown, hadamardUp
    case kronecker1, kronecker1Down, kronecker1Up, kronecker2, kronecker2Down, kronecker2Up
    /// A difference as large as the weight itself, and whatever else only adapters have.
    case difference, adapter
    /// In adapters and elsewhere: says nothing.
    case ignored

    var isAdapter: Bool {
        switch self {
        case .weight, .packed, .bias, .bare, .ignored: false
        default: true
        }
    }

    /// Ends of names, the longer before those that end alike.
    ///
    /// ComfyUI: comfy/weight_adapter and comfy/lora.py; kohya-ss/sd-scripts: networks; LyCORIS: lycoris/modules;
    /// x-flux and USO write `qkv_lora1.down`; nunchaku and optimum-quanto pack weights.
    private static let ends: [(String, TensorRole)] = [
        (".lora_down.weight", .down), (".lora_up.weight", .up), (".lora_mid.weight", .adapter),
        (".lora_A.weight", .down), (".lora_B.weight", .up), (".lora_B.bias", .adapter),
        (".lora_A.default.weight", .down), (".lora_B.default.weight", .up),
        (".lora.down.weight", .down), (".lora.up.weight", .up),
        ("_lora.down.weight", .down), ("_lora.up.weight", .up),
        ("_lora1.down.weight", .down), ("_lora1.up.weight", .up),
        ("_lora2.down.weight", .down), ("_lora2.up.weight", .up),
        (".lora_linear_layer.down.weight", .down), (".lora_linear_layer.up.weight", .up),
        (".lora_A", .down), (".lora_B", .up),
        (".hada_w1_b", .hadamardDown), (".hada_w1_a", .hadamardUp), (".hada_w2_a", .adapter),
        (".hada_w2_b", .adapter),
        (".hada_t1", .adapter), (".hada_t2", .adapter),
        (".lokr_w1", .kronecker1), (".lokr_w1_b", .kronecker1Down), (".lokr_w1_a", .kronecker1Up),
        (".lokr_w2", .kronecker2), (".lokr_w2_b", .kronecker2Down), (".lokr_w2_a", .kronecker2Up),
        (".lokr_t2", .adapter), (".oft_blocks", .adapter), (".oft_diag", .adapter),
        (".oft_R.weight", .adapter),
        (".diff", .difference), (".diff_b", .adapter), (".set_weight", .adapter),
        (".reshape_weight", .adapter),
        (".dora_scale", .adapter), (".lora_magnitude_vector", .adapter),
        (".lora_magnitude_vector.weight", .adapter),
        (".lora_magnitude_vector.default.weight", .adapter), (".on_input", .adapter),
        (".w_norm", .adapter),
        (".b_norm", .adapter), (".alpha", .ignored),
        (".qweight", .packed), (".weight._data", .packed), (".weight", .weight), (".bias", .bias),
    ]

    /// The ends by their last byte, so that most need not be compared.
    private static let endsByLastByte: [[(bytes: [UInt8], role: TensorRole)]] = {
        var table: [[(bytes: [UInt8], role: TensorRole)]] = Array(repeating: [], count: 256)
        for (end, role) in ends.sorted(by: { $0.0.utf8.count > $1.0.utf8.count }) {
            let bytes = Array(end.utf8)
            if let last = bytes.last { table[Int(last)].append((bytes, role)) }
        }
        return table
    }()

    /// The role that a name's end tells, and where the end begins.
    static func find(in name: ArraySlice<UInt8>) -> (role: TensorRole, end: Int) {
        guard let last = name.last else { return (.bare, name.endIndex) }
        for (bytes, role) in endsByLastByte[Int(last)] where name.count > bytes.count {
            if name.suffix(bytes.count).elementsEqual(bytes) {
                return (role, name.endIndex - bytes.count)
            }
        }
        return (.bare, name.endIndex)
    }
}
