internal import Catalog
internal import DirectoryWatching
internal import Glibc
internal import LinuxSystem
internal import ModelFormats

/// What a file and what lies beside it say of it.
extension FileReconciler {
    /// What lies beside one file, by asking for each name.
    ///
    /// - Parameters:
    ///   - realPath: of the file, without links.
    ///   - resolve: follows links, without entering mounts that are not the thread's.
    func companions(
        of path: FilePath, in directory: Directory, realPath: FilePath, _ resolve: (FilePath) -> PathResolution
    ) -> FileCompanions {
        func find(_ name: [UInt8]) -> FoundFile? {
            FoundFile.regular(
                name, in: directory.descriptor, realPath: realPath.parent.appending(name),
                followsLinks: options.followsSymbolicLinks, resolve: resolve)
        }
        let stem = CompanionName.stem(ofModelFile: path.name)
        let names = CompanionName.names(beside: stem).filter { !options.rules.isIgnored($0) }
        let parts = PartName(path.name).map { part in
            ModelParts(
                count: part.count, files: part.allNames.filter { options.rules.isModelFile($0) }.compactMap(find))
        }
        return FileCompanions(
            sidecars: names.sorted(by: precedes).compactMap(find).filter(mayBeRead), parts: parts)
    }

    /// Only what lies below the roots is read: whoever may put a link into one could have other files shown.
    func mayBeRead(_ companion: FoundFile) -> Bool {
        companion.target.map { target in readable.contains { target.isWithin($0) } } ?? true
    }

    /// What a look at a file tells that changes, or is new here.
    ///
    /// - Parameters:
    ///   - change: what its status says has happened to it.
    ///   - rows: the rows that the change alters; the file's own is the first.
    func look(
        at file: ObservedFile, _ companions: FileCompanions, in directory: Directory, with change: FileChange,
        _ rows: [KnownFile]
    ) -> FileLook {
        var look = FileLook()
        do throws(SystemError) {
            look.surroundings = try surroundings(of: file, companions, in: directory)
        } catch {
            // What is known stays, and the look is repeated.
            return look
        }
        switch change {
        // Their contents are looked at by themselves.
        case .add, .replace, .setHeld, .trouble: break
        case .keep, .move, .look, .retry:
            guard let known = rows.first, let content = known.contentID, !known.isHeld,
                known.look != companions.look, !companions.keepsHeader(of: known.look)
            else { break }
            // What is in doubt, or known to be damaged, says nothing of the content.
            if known.isReadAgain || known.isDamaged || change.isReadAgain {
                look.surroundings?.look = known.look
            } else if let description = description(of: file, companions, in: directory) {
                look.description = (content, description)
            } else {
                // It is looked at again when it can be read.
                look.surroundings?.look = nil
            }
        }
        return look
    }

    /// What the header of a file says; nil when it cannot be read now, or the file is another one by now.
    private func description(
        of file: ObservedFile, _ companions: FileCompanions, in directory: Directory
    ) -> ContentDescription? {
        guard
            let descriptor = try? FileDescriptor.openAt(
                directory.descriptor, file.path.name, O_RDONLY | O_NONBLOCK | O_NOCTTY, shown: file.path),
            let status = try? descriptor.status(), status.kind == .regular, status.size == file.status.size,
            status.modified == file.status.modified
        else { return nil }
        let others = others(companions, directory)
        var look = FileInspector.inspect(descriptor, size: status.size, path: file.path, others: others)
        if let mark = mark(of: file, directory) { look.noteAbandoned(mark: mark.name) }
        // What is known of it is not given up for an error of the drive.
        return look.description.version == FileInspector.version ? look.description : nil
    }

    /// The tensors of all parts of a model.
    func others(_ companions: FileCompanions, _ directory: Directory) -> TensorTable {
        guard let parts = companions.parts else { return TensorTable() }
        return partTensors.tensors(of: parts, in: directory)
    }

    private func surroundings(
        of file: ObservedFile, _ companions: FileCompanions, in directory: Directory
    ) throws(SystemError) -> FileSurroundings {
        var surroundings = FileSurroundings(look: companions.look)
        if let parts = companions.parts, let part = PartName(file.path.name) {
            surroundings.part = FileSurroundings.Part(
                index: part.index, count: part.count, isComplete: parts.isComplete)
        }
        if !companions.sidecars.isEmpty {
            let stem = CompanionName.stem(ofModelFile: file.path.name)
            let reader = CompanionReader(directory: directory.descriptor, stem: stem)
            (surroundings.sidecars, surroundings.preview) = try reader.read(companions.sidecars)
        }
        return surroundings
    }
}

/// The tensors of the model whose parts were looked at last: each of its parts is judged by all of them.
final class PartTensors {
    private var known: (directory: FilePath, state: Int64, tensors: TensorTable)?

    func tensors(of parts: ModelParts, in directory: FileReconciler.Directory) -> TensorTable {
        if let known, known.directory == directory.path, known.state == parts.state { return known.tensors }
        let tensors = FileInspector.tensors(ofParts: parts.files.map(\.name), in: directory.descriptor)
        known = (directory.path, parts.state, tensors)
        return tensors
    }
}
