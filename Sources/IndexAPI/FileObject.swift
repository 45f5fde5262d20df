/// A file as every answer of the API shows it.
///
/// Every key is always written, null when unknown; `metadata`, `top_tags` and `pickle` are filled only by
/// `GET files/{id}`.
package struct FileObject: Codable, Sendable, Equatable {
    package var id: Int64
    /// The absolute path; bytes that are not UTF-8 are shown as `\xNN`.
    package var path: String
    /// The path's bytes; only where they are not UTF-8.
    package var pathBase64: String?
    /// The last component of the path.
    package var name: String
    /// The path of the root to which the file belongs.
    package var root: String
    /// The directory below the root, empty for the root's own.
    package var folder: String
    /// One of `Vocabulary.types`.
    @Nullable package var type: String?
    /// `user`, `content`, `root`, `folder`, `civitai`, `sidecar` or `metadata`.
    @Nullable package var typeSource: String?
    /// A word of CivitAI's list.
    @Nullable package var baseModel: String?
    @Nullable package var baseModelSource: String?
    /// `Standard`, `Inpainting`, `Refiner` or `Pix2Pix`.
    @Nullable package var baseModelType: String?
    /// `safetensors`, `gguf`, `pytorch` or `pickle`.
    @Nullable package var format: String?
    /// Bytes.
    package var size: Int64
    package var modifiedAt: String
    /// One of `Vocabulary.fileStates`.
    package var state: String
    /// Why the file could not be read, or what is wrong with a file that was hashed but not understood.
    @Nullable package var error: String?
    /// 64 lower-case hexadecimal digits; null until the file has been read.
    @Nullable package var sha256: String?
    package var hashes = FileHashes()
    @Nullable package var header: FileHeader?
    /// Null for a file that is not one of several parts.
    @Nullable package var part: FilePart?
    /// The header's key-values, verbatim; a value that is not a string as its JSON text.
    @Nullable package var metadata: [String: String]?
    @Nullable package var topTags: [TagCount]?
    @Nullable package var pickle: PickleReport?
    /// The trigger words of the first source that has any.
    package var trainedWords: [String] = []
    /// `user`, `civitai`, `sidecar` or `embedded`.
    @Nullable package var trainedWordsSource: String?
    @Nullable package var trainedOn: TrainedOn?
    package var user = UserFields()
    @Nullable package var preview: PreviewReference?
    /// Names that the inode has.
    package var hardLinks = 1
    package var symlink = false
    /// Paths of other files with the same content.
    package var copies: [String] = []
    package var civitai = CivitaiLink()

    /// A file of which no more is known than a listing of its directory tells.
    package init(
        id: Int64, path: String, pathBase64: String? = nil, name: String, root: String, folder: String, size: Int64,
        modifiedAt: String, state: String
    ) {
        self.id = id
        self.path = path
        self.pathBase64 = pathBase64
        self.name = name
        self.root = root
        self.folder = folder
        self.size = size
        self.modifiedAt = modifiedAt
        self.state = state
    }

    // In the order of the texts, so that nothing has to be moved when it is written.
    enum CodingKeys: String, CodingKey {
        case baseModel = "base_model"
        case baseModelSource = "base_model_source"
        case baseModelType = "base_model_type"
        case civitai, copies, error, folder, format
        case hardLinks = "hard_links"
        case hashes, header, id, metadata
        case modifiedAt = "modified_at"
        case name, part, path
        case pathBase64 = "path_base64"
        case pickle, preview, root, sha256, size, state, symlink
        case topTags = "top_tags"
        case trainedOn = "trained_on"
        case trainedWords = "trained_words"
        case trainedWordsSource = "trained_words_source"
        case type
        case typeSource = "type_source"
        case user
    }
}
