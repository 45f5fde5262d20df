/// A tensor's name, taken apart.
///
/// The same module is written in many ways: `model.diffusion_model.double_blocks.3.img_attn.qkv.weight` in a
/// checkpoint, `lora_unet_double_blocks_3_img_attn_qkv.lora_down.weight` in a LoRA. Here both are the pattern
/// `double_blocks_#_img_attn_qkv` and the number 3.
struct TensorName {
    /// The model of a pipeline that a tensor belongs to.
    enum Component {
        case network, vae, textEncoder, control, ignored
    }

    private struct Wrapper {
        let prefix: [UInt8]
        /// nil for wrappers that say nothing of the component.
        var component: Component?
        /// What stands for the prefix in the pattern.
        var replacement: [UInt8] = []
        var isAdapter = false

        init(
            _ prefix: String, _ component: Component?, _ replacement: String = "", isAdapter: Bool = false
        ) {
            self.prefix = Array(prefix.utf8)
            self.component = component
            self.replacement = Array(replacement.utf8)
            self.isAdapter = isAdapter
        }
    }

    /// Prefixes that programs put before the names of a model's own definition.
    ///
    /// ComfyUI: comfy/supported_models.py (`*_key_prefix`) and comfy/lora.py; kohya-ss/sd-scripts: networks/lora*.py;
    /// OneTrainer and PEFT for `lora_transformer_` and `base_model.model.`; BasicSR for `params_ema.`.
    private static let wrappers: [[Wrapper]] = byFirstByte([
        Wrapper("model_ema.", .ignored),
        Wrapper("model.diffusion_model.", .network), Wrapper("diffusion_model.", .network),
        Wrapper("first_stage_model.", .vae), Wrapper("vae.", .vae), Wrapper("audio_vae.", .ignored),
        Wrapper("cond_stage_model.", .textEncoder), Wrapper("conditioner.", .textEncoder),
        Wrapper("text_encoders.", .textEncoder),
        Wrapper("text_encoder.", .textEncoder, "te1_"),
        Wrapper("text_encoder_2.", .textEncoder, "te2_"),
        Wrapper("text_encoder_3.", .textEncoder, "te3_"),
        Wrapper("lora_te_", .textEncoder, "te_", isAdapter: true),
        Wrapper("lora_te1_", .textEncoder, "te1_", isAdapter: true),
        Wrapper("lora_te2_", .textEncoder, "te2_", isAdapter: true),
        Wrapper("lora_te3_", .textEncoder, "te3_", isAdapter: true),
        Wrapper("lora_prior_te_", .textEncoder, "prior_te_", isAdapter: true),
        Wrapper("lora_unet_", .network, isAdapter: true),
        Wrapper("lora_transformer_", .network, isAdapter: true),
        Wrapper("lora_prior_unet_", .network, isAdapter: true),
        Wrapper("lycoris_", .network, isAdapter: true),
        Wrapper("control_model.", .control),
        Wrapper("model.", nil), Wrapper("base_model.", nil), Wrapper("transformer.", nil),
        Wrapper("unet.", nil),
        Wrapper("net.", nil), Wrapper("module.", nil), Wrapper("_orig_mod.", nil),
        Wrapper("state_dict.", nil),
        Wrapper("params_ema.", nil), Wrapper("params.", nil),
    ])

    private static func byFirstByte(_ wrappers: [Wrapper]) -> [[Wrapper]] {
        var table: [[Wrapper]] = Array(repeating: [], count: 256)
        for wrapper in wrappers {
            if let first = wrapper.prefix.first { table[Int(first)].append(wrapper) }
        }
        return table
    }

    /// Wrappers round wrappers that are taken off.
    private static let maximumWrappers = 6
    /// Numbers of a name that are kept.
    private static let maximumNumbers = 4
    /// Names of modules are shorter; longer ones are not looked at.
    private static let maximumLength = 256
    private static let processor = Array("processor".utf8)
    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    /// Beyond so many digits it is no number of a block.
    private static let maximumNumber = 1 << 30

    private(set) var component = Component.network
    /// Whether a prefix told the component.
    private(set) var hasComponentPrefix = false
    private(set) var role = TensorRole.bare
    /// Whether only an adapter has such a tensor.
    private(set) var isAdapter = false
    /// The module: ASCII, dots as underscores, each number as `#`. Of other tensors the whole name.
    private(set) var pattern = ""
    /// The first numbers of the name.
    private(set) var numbers: [Int] = []

    init(_ name: String) {
        guard name.utf8.count <= Self.maximumLength else {
            component = .ignored
            return
        }
        let bytes = Array(name.utf8)
        var rest = bytes[...]
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for _ in 0..<Self.maximumWrappers {
            guard let first = rest.first,
                let wrapper = Self.wrappers[Int(first)].first(where: { rest.starts(with: $0.prefix) })
            else { break }
            // Only the outermost component counts: a text encoder may call its own part “transformer”.
            if let component = wrapper.component {
                if hasComponentPrefix { break }
                self.component = component
                hasComponentPrefix = true
                text = wrapper.replacement
            }
            isAdapter = isAdapter || wrapper.isAdapter
            rest = rest.dropFirst(wrapper.prefix.count)
        }
        let (role, end) = TensorRole.find(in: rest)
        self.role = role
        isAdapter = isAdapter || role.isAdapter
        var numbers: [Int] = []
        Self.appendPattern(of: rest[..<end], to: &text) { number in
            if numbers.count < Self.maximumNumbers { numbers.append(number) }
        }
        self.numbers = numbers
        pattern = String(decoding: text, as: UTF8.self)
    }

    /// Appends a module's name as a pattern, and gives out its numbers.
    static func appendPattern(of module: ArraySlice<UInt8>, to text: inout [UInt8], number: (Int) -> Void) {
        var start = module.startIndex
        while start < module.endIndex {
            var end = start
            var value: Int? = 0
            while end < module.endIndex, module[end] != UInt8(ascii: "."), module[end] != UInt8(ascii: "_") {
                let isDigit = digits.contains(module[end]) && (value ?? maximumNumber) < maximumNumber
                value = isDigit ? value.map { $0 * 10 + Int(module[end] - UInt8(ascii: "0")) } : nil
                end += 1
            }
            append(module[start..<end], value, to: &text, number)
            start = end + 1
        }
    }

    private static func append(
        _ word: ArraySlice<UInt8>, _ value: Int?, to text: inout [UInt8], _ number: (Int) -> Void
    ) {
        // Old names of diffusers: a LoRA belongs to the attention's “processor”.
        if word.isEmpty || word.count == processor.count && word.elementsEqual(processor) { return }
        if let last = text.last, last != UInt8(ascii: "_") { text.append(UInt8(ascii: "_")) }
        if let value {
            text.append(UInt8(ascii: "#"))
            number(value)
        } else {
            for byte in word { text.append(byte < 0x80 ? byte : UInt8(ascii: "?")) }
        }
    }
}
