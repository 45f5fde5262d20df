/// What a look at the bytes of a file tells of its content, before it is hashed.
package struct ContentDescription: Sendable, Hashable {
    /// A key and a value that the file carries.
    package struct Entry: Sendable, Hashable {
        package let key: String
        package let value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// How often a tag stands in the captions of the training images.
    package struct Tag: Sendable, Hashable, Codable {
        package let tag: String
        package let count: Int64

        package init(tag: String, count: Int64) {
            self.tag = tag
            self.count = count
        }
    }

    /// A part of a model.
    package struct Split: Sendable, Hashable {
        /// From 1.
        package let index: Int
        package let count: Int

        package init(index: Int, count: Int) {
            self.index = index
            self.count = count
        }
    }

    /// The rules by which it was made; a later number knows more.
    package let version: Int64
    package var format: String?
    package var headerSize: UInt64?
    package var tensorCount: Int?
    package var parameterCount: UInt64?
    /// Tensors by data type.
    package var dtypes: [String: Int] = [:]
    /// The embedded key-values, in the order of the file.
    package var metadata: [Entry] = []
    /// What is wrong with the content; nil when it was understood.
    package var message: String?

    // What its tensors say.

    /// nil where the content does not decide.
    package var type: String?
    /// nil where the tensors fit several architectures.
    package var baseModel: String?
    /// The words that the tensors allow; another one is wrong.
    package var possibleBaseModels: [String] = []
    /// The family of models that the tensors belong to.
    package var modelArchitecture: String?
    package var baseModelType: String?
    /// `epsilon`, `v` or `flow`.
    package var prediction: String?
    package var components: [String] = []
    /// GGUF's name for what the tensors are.
    package var architecture: String?
    /// What people call the precision of a GGUF file.
    package var quantization: String?
    /// Which part of a model a GGUF file says that it is, from 1, and of how many.
    package var split: Split?
    /// What its pickle imports; nil for a format without one.
    package var pickleImports: [String]?
    package var dangerousImports: [String] = []

    // What the file says of itself.

    package var embeddedType: String?
    /// In order of belief.
    package var embeddedBaseModels: [String] = []
    package var embeddedWords: [String] = []
    package var topTags: [Tag] = []
    package var trainedOnSHA256: String?
    package var trainedOnName: String?
    package var hasThumbnail = false

    /// Bytes of its metadata, which are nearly all that it takes.
    package var textSize: Int { metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count } }

    package init(format: String?, message: String? = nil, version: Int64 = 0) {
        self.version = version
        self.format = format
        self.message = message
    }
}
