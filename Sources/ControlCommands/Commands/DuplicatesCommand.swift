internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl duplicates`.
enum DuplicatesCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "duplicates", summary: "lists what is there twice, and how many bytes could be freed",
        discussion: [
            "Files with the same content, what wastes most first. Hard links and symbolic links take no room of their "
                + "own and are told from copies; copies that share their blocks (reflinks) are not.",
            "Then files that hold the same weights behind different headers, told by their AutoV3. Only files that "
                + "have been hashed are compared.",
        ],
        examples: [
            .init("kikod-ctl duplicates", "What could be deleted, or become a link"),
            .init("kikod-ctl --json duplicates", "The same for a program"),
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let answer = try run.client.duplicates()
        let (groups, weights) = (answer.value.groups, answer.value.sameWeights)
        if run.wantsJSON {
            run.print(body: answer.body)
        } else if groups.isEmpty, weights.isEmpty {
            run.note("Nothing is there twice.")
        } else {
            if !groups.isEmpty {
                run.print(table(groups))
                run.print("")
            }
            if !weights.isEmpty {
                run.print("The same weights behind different headers:")
                run.print(table(weights))
                run.print("")
            }
            let bytes = answer.value.wastedBytes
            run.print(bytes > 0 ? "\(sizeText(bytes)) could be freed." : "Nothing could be freed.")
        }
        return .done
    }

    private static func table(_ groups: [DuplicateGroup]) -> TextTable {
        var table = TextTable([
            .init(title: "SIZE", isRight: true), .init(title: "WASTED", isRight: true),
            .init(title: "PATH", isFlexible: true), .init(title: "IS", isFlexible: true),
        ])
        for group in groups {
            var sizes = [sizeText(group.size), sizeText(group.wastedBytes)]
            for (file, kind) in zip(group.files, kinds(group.files)) {
                table.add(sizes + [file.path, kind])
                sizes = ["", ""]
            }
        }
        return table
    }

    private static func table(_ weights: [SameWeights]) -> TextTable {
        var table = TextTable([.init(title: "AUTOV3"), .init(title: "PATH", isFlexible: true)])
        for set in weights {
            for (index, path) in set.files.enumerated() {
                table.add([index == 0 ? set.autoV3.uppercased() : "", path])
            }
        }
        return table
    }

    /// What each file of a group is to the first one. Files that are not links are listed once for each inode.
    private static func kinds(_ files: [DuplicateGroup.Member]) -> [String] {
        func inode(_ file: DuplicateGroup.Member) -> [String] { [String(file.device), file.inode] }
        let firstNames = Dictionary(files.filter { !$0.symlink }.map { (inode($0), $0.path) }) { first, _ in first }
        let first = files.first { !$0.symlink }
        return files.map { file in
            guard let name = firstNames[inode(file)] else { return "symlink to a file that is not listed" }
            if file.symlink { return "symlink to \(name)" }
            if file.path != name { return "hard link of \(name)" }
            return file == first ? "file" : "copy"
        }
    }
}
