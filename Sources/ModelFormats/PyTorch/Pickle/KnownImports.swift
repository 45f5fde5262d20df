/// What is known of the names that pickles of models import.
///
/// A pickle can do harm only with what it imports, so everything that is not known is taken to be dangerous. Each group
/// says why its names are not. `module` and `name` are looked up as a pair: a name may be a path (`a.b`), which leads
/// from a harmless module anywhere.
enum KnownImports {
    /// What a pickle may do with a name without harm.
    enum Use {
        /// Call it with plain data, which makes plain data again. Where it would do more with other arguments,
        /// `PickleMachine.judgeArguments` says which.
        case any
        /// Keep it, or make an empty object of it and fill that with data, as whole models are saved. Its initialiser may
        /// do more, so calling it is not harmless.
        case asObject
        /// `getattr`: harmless only for the one thing that saved models do with it, see `PickleMachine.call`.
        case attribute
        case none
    }

    static func use(module: String, name: String) -> Use {
        // Modules of TorchScript: code inside the archive, which has no access to Python, where no such module exists.
        if isScript(module) { return .any }
        // All that follow are such; comparing others takes its time.
        guard module.utf8.count <= 128, module.utf8.allSatisfy({ $0 < 0x80 }) else { return .none }
        if harmless[module]?.contains(name) == true || isTensorType(module, name) { return .any }
        if isBuiltin(module), name == "getattr" { return .attribute }
        if objects[module]?.contains(name) == true || isDictionary(module, name) { return .asObject }
        return isLibraryClass(module, name) ? .asObject : .none
    }

    private static func belongs(_ module: String, to package: String) -> Bool {
        guard module.utf8.starts(with: package.utf8) else { return false }
        let next = module.utf8.dropFirst(package.utf8.count).first
        return next == nil || next == UInt8(ascii: ".")
    }

    static func isScript(_ module: String) -> Bool { belongs(module, to: "__torch__") }

    static func isPlainType(_ module: String, _ name: String) -> Bool { isBuiltin(module) && plainTypes.contains(name) }

    static func isDictionary(_ module: String, _ name: String) -> Bool { dictionaries[module] == name }

    static func isBuiltin(_ module: String) -> Bool { module == "builtins" || module == "__builtin__" }

    /// `torch.FloatStorage`, `torch.cuda.HalfTensor`, `torch.float16`: PyTorch's loader takes any name with `Storage` in
    /// it for one of its own (torch/serialization.py, `find_class`); types and data types are in its list of what may be
    /// loaded without trust (torch/_weights_only_unpickler.py).
    private static func isTensorType(_ module: String, _ name: String) -> Bool {
        guard module == "torch" || module == "torch.cuda" || module == "torch.storage" else { return false }
        if TorchDataType.byStorageName[name] != nil { return true }
        if module == "torch", TorchDataType.byTorchName[name] != nil { return true }
        guard module != "torch.storage", name.hasSuffix("Tensor") else { return false }
        return TorchDataType.byStorageName[name.dropLast("Tensor".count) + "Storage"] != nil
    }

    private static func isLibraryClass(_ module: String, _ name: String) -> Bool {
        isClassName(name) && !reexported.contains(name)
            && (libraryModules.contains(module) || libraries.contains(where: { belongs(module, to: $0) }))
    }

    /// Whether it is written like a class and not a path or a constant; `forward` of a class is what segmentation models of ultralytics
    /// keep (protocol 4; before, they do it by `getattr`).
    private static func isClassName(_ name: String) -> Bool {
        let owner = name.hasSuffix(".forward") ? name.dropLast(".forward".count) : name[...]
        guard !owner.utf8.contains(UInt8(ascii: ".")), let first = owner.utf8.first(where: { $0 != UInt8(ascii: "_") })
        else { return false }
        let isConstant = owner.utf8.contains(UInt8(ascii: "_")) && owner == owner.uppercased()
        return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) && !isConstant
    }

    // MARK: - Harmless when they are called

    /// Python's own containers and scalars; `set`, `complex`, `bytearray`, `OrderedDict`, `Counter` and `encode` are in
    /// PyTorch's list too.
    private static let plainTypes: Set<String> = [
        "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "long", "object", "range",
        "set", "slice", "str", "tuple", "unicode", "xrange",
    ]
    private static let paths: Set<String> = [
        "Path", "PosixPath", "PurePath", "PurePosixPath", "PureWindowsPath", "WindowsPath",
    ]
    /// Rebuild an array from its bytes; numbers and their types. AUTOMATIC1111's list has the same (modules/safe.py).
    private static let arrayFunctions: Set<String> = ["_reconstruct", "scalar"]
    private static let arrayTypes: Set<String> = [
        "bool", "bool_", "complex128", "complex64", "dtype", "float16", "float32", "float64", "int16", "int32", "int64",
        "int8", "ndarray", "str_", "uint16", "uint32", "uint64", "uint8",
    ]
    private static let arrayTypeClasses = Set(
        ["Bool", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"]
            .map { $0 + "DType" } + ["Float16DType", "Float32DType", "Float64DType", "StrDType", "BytesDType"])
    /// Of a tensor and what it is made of.
    private static let tensorFunctions: Set<String> = [
        "_rebuild_device_tensor_from_cpu_tensor", "_rebuild_device_tensor_from_numpy",
        "_rebuild_meta_tensor_no_storage", "_rebuild_nested_tensor", "_rebuild_parameter",
        "_rebuild_parameter_with_state", "_rebuild_qtensor", "_rebuild_sparse_tensor", "_rebuild_tensor",
        "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_wrapper_subclass", "_rebuild_xla_tensor",
    ]
    /// They call what they are given, which may only be one of the functions above.
    private static let subclassFunctions: Set<String> = ["_rebuild_from_type", "_rebuild_from_type_v2"]

    private static let harmless: [String: Set<String>] = [
        "__builtin__": plainTypes, "builtins": plainTypes,
        "_codecs": ["encode"],
        "argparse": ["Namespace"],
        "collections": ["Counter", "OrderedDict", "defaultdict", "deque"],
        // Calls the initialiser of the base class that it is given, which may only be one of Python's own types.
        "copy_reg": ["_reconstructor"], "copyreg": ["_reconstructor"],
        "datetime": ["date", "datetime", "time", "timedelta", "timezone"],
        "decimal": ["Decimal"], "fractions": ["Fraction"], "uuid": ["UUID"],
        "pathlib": paths, "pathlib._local": paths,
        "types": ["SimpleNamespace"], "typing": ["OrderedDict"],
        "numpy": arrayTypes, "numpy.dtypes": arrayTypeClasses,
        "numpy.core.multiarray": arrayFunctions, "numpy._core.multiarray": arrayFunctions,
        "numpy.core.numeric": ["_frombuffer", "dtype"], "numpy._core.numeric": ["_frombuffer", "dtype"],
        "torch": [
            "Size", "Tensor", "device", "per_channel_affine", "per_channel_affine_float_qparams",
            "per_channel_symmetric", "per_tensor_affine", "per_tensor_symmetric",
        ],
        "torch._utils": tensorFunctions,
        "torch._tensor": subclassFunctions, "torch.tensor": subclassFunctions,
        "torch.nn": ["Parameter"], "torch.nn.parameter": ["Buffer", "Parameter"],
        "torch.serialization": ["_get_layout"],
        "torch.storage": ["TypedStorage", "_TypedStorage"],
        "torch.torch_version": ["TorchVersion"],
        // What TorchScript's own writer uses for lists of numbers (PyTorch: torch/jit/_pickle.py).
        "torch.jit._pickle": [
            "build_boollist", "build_doublelist", "build_intlist", "build_tensor_from_id", "build_tensorlist",
            "restore_type_tag",
        ],
        // Enumerations in the `training_args.bin` of transformers.
        "transformers.trainer_utils": [
            "EvaluationStrategy", "FSDPOption", "HubStrategy", "IntervalStrategy", "SaveStrategy", "SchedulerType",
            "ShardedDDPOption",
        ],
        "transformers.training_args": ["OptimizerNames", "ParallelMode"],
        "deepspeed.runtime.zero.config": ["ZeroStageEnum"],
        "accelerate.utils.dataclasses": ["DistributedType"],
    ]

    // MARK: - Harmless unless they are called

    /// Dictionaries whose keys are attributes.
    private static let dictionaries = [
        "pytorch_lightning.utilities.parsing": "AttributeDict", "lightning_fabric.utilities.data": "AttributeDict",
        "lightning.fabric.utilities.data": "AttributeDict", "lightning_lite.utilities.data": "AttributeDict",
        "mmengine.config.config": "ConfigDict", "easydict": "EasyDict", "addict.addict": "Dict", "munch": "Munch",
        "yacs.config": "CfgNode",
    ]

    /// Single names. Checkpoints of Stable Diffusion 1.x name the class `ModelCheckpoint` (AUTOMATIC1111:
    /// modules/safe.py); the others are configurations, parts of whole models and of the state of a training. Whole
    /// optimizers (`torch.optim`) and `DistributedDataParallel` are not among them: given their state, they call methods
    /// of what is in it.
    private static let objects: [String: Set<String>] = [
        "pytorch_lightning.callbacks": ["model_checkpoint", "EarlyStopping", "ModelCheckpoint"],
        "pytorch_lightning.callbacks.early_stopping": ["EarlyStopping"],
        "pytorch_lightning.callbacks.model_checkpoint": ["ModelCheckpoint"],
        "lightning.pytorch.callbacks.early_stopping": ["EarlyStopping"],
        "lightning.pytorch.callbacks.model_checkpoint": ["ModelCheckpoint"],
        "mmengine.logging.history_buffer": ["HistoryBuffer"],
        "omegaconf": ["DictConfig", "ListConfig"],
        "omegaconf.base": ["ContainerMetadata", "Metadata", "SCMode"],
        "omegaconf.dictconfig": ["DictConfig"], "omegaconf.listconfig": ["ListConfig"],
        "omegaconf.nodes": [
            "AnyNode", "BooleanNode", "BytesNode", "EnumNode", "FloatNode", "IntegerNode", "PathNode", "StringNode",
            "UnionNode",
        ],
        "typing": ["Any", "Callable", "Dict", "List", "Optional", "Tuple", "Union"],
        "torch._C": ["Generator"],
        // Activations that whole models keep.
        "torch._C._nn": ["elu_", "gelu", "hardswish", "leaky_relu", "mish", "silu"],
        "torch.nn.functional": [
            "elu", "gelu", "hardswish", "interpolate", "leaky_relu", "mish", "relu", "sigmoid", "silu", "softmax",
            "tanh",
        ],
        "torch.nn.parallel.data_parallel": ["DataParallel"],
        "torch.nn.utils.spectral_norm": ["SpectralNorm"], "torch.nn.utils.weight_norm": ["WeightNorm"],
        "torchvision.transforms.transforms": [
            "CenterCrop", "Compose", "ConvertImageDtype", "Normalize", "Resize", "ToTensor",
        ],
        "torchvision.transforms.functional": ["InterpolationMode"],
        "transformers.trainer_pt_utils": ["AcceleratorConfig"],
        "transformers.training_args": ["TrainingArguments"],
        "transformers.training_args_seq2seq": ["Seq2SeqTrainingArguments"],
        "transformers.integrations.deepspeed": ["HfDeepSpeedConfig", "HfTrainerDeepSpeedConfig"],
        "transformers.deepspeed": ["HfDeepSpeedConfig", "HfTrainerDeepSpeedConfig"],
        "accelerate.state": ["PartialState"], "accelerate.utils.dataclasses": ["DeepSpeedPlugin"],
        "accelerate.utils.deepspeed": ["HfDeepSpeedConfig"],
        "deepspeed.runtime.fp16.loss_scaler": ["DynamicLossScaler", "LossScaler"],
        "fairseq.data.dictionary": ["Dictionary"],
        "basicsr.archs.rrdbnet_arch": ["RRDB", "RRDBNet", "ResidualDenseBlock"],
        "clip.model": [
            "AttentionPool2d", "Bottleneck", "CLIP", "LayerNorm", "ModifiedResNet", "QuickGELU",
            "ResidualAttentionBlock", "Transformer", "VisionTransformer",
        ],
        "ultralytics.utils": ["IterableSimpleNamespace", "SimpleClass"],
        "ultralytics.utils.loss": yoloLosses,
        "ultralytics.utils.tal": yoloAssigners, "ultralytics.utils.torch_utils": ["ModelEMA"],
        "ultralytics.yolo.utils": ["IterableSimpleNamespace"],
        "ultralytics.yolo.utils.loss": yoloLosses, "ultralytics.yolo.utils.tal": yoloAssigners,
        "ultralytics.yolo.v8.detect.train": ["Loss"], "ultralytics.yolo.v8.segment.train": ["SegLoss"],
        "ultralytics.yolo.v8.pose.train": ["PoseLoss"],
        "ultralytics.nn.modules.head": ["v10Detect"],
    ]
    private static let yoloLosses: Set<String> = [
        "BboxLoss", "DFLoss", "E2EDetectLoss", "FocalLoss", "KeypointLoss", "RotatedBboxLoss", "VarifocalLoss",
        "v8ClassificationLoss", "v8DetectionLoss", "v8OBBLoss", "v8PoseLoss", "v8SegmentationLoss",
    ]
    private static let yoloAssigners: Set<String> = ["RotatedTaskAlignedAssigner", "TaskAlignedAssigner"]

    /// Modules whose classes are layers and models: detection models and upscalers are often saved as whole objects.
    /// Making an empty one and setting its attributes calls no code that a file could choose; the initialiser of a YOLO
    /// model however evaluates texts of its configuration (ultralytics: ultralytics/nn/tasks.py, `parse_model`).
    private static let libraries = [
        "torch.nn.modules", "torchvision.models", "torchvision.ops", "timm.layers", "timm.models",
        "ultralytics.nn.modules",
    ]
    private static let libraryModules: Set<String> = [
        "models.common", "models.experimental", "models.yolo", "ultralytics.nn.tasks", "ultralytics.nn.text_model",
    ]
    /// What those modules import themselves, which are neither layers nor models.
    private static let reexported: Set<String> = [
        "Callable", "Image", "Lambda", "Path", "Pool", "Popen", "Process", "Queue", "Thread", "ThreadPool",
        "ThreadPoolExecutor",
    ]
}
