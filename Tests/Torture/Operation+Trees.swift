import LinuxSystem
import TestSupport

extension Operation {
    /// Directories with all that they hold.
    static let trees = [
        Operation("make a directory", .trees, weight: 4) { torture in
            guard torture.contents.directories.count < 40 else { return nil }
            let path = torture.someDirectoryPlace()
            try makeDirectory(path)
            return torture.shown(path)
        },
        Operation("make a tree", .trees, weight: 4) { torture in
            guard torture.contents.directories.count < 40, torture.contents.files.count < 150 else { return nil }
            let top = torture.someDirectoryPlace()
            var path = top
            for _ in 0..<torture.random(1...3) {
                try makeDirectory(path)
                for _ in 0..<torture.random(0...3) {
                    let file = path.appending(Names.file(&torture.generator))
                    try writeFile(file, FileContents.whole(&torture.generator))
                    try torture.ageMaybe(file)
                }
                path = path.appending(Names.directory(&torture.generator))
            }
            return torture.shown(top)
        },
        Operation("move a directory", .trees, weight: 8) { torture in
            guard let old = torture.someInnerDirectory() else { return nil }
            let new = torture.someDirectoryPlace()
            try renameFile(old, new)
            return torture.shown(old, new)
        },
        Operation("exchange directories", .trees, weight: 3) { torture in
            guard let left = torture.someInnerDirectory(), let right = torture.someInnerDirectory() else { return nil }
            try exchangeFiles(left, right)
            return torture.shown(left, right)
        },
        Operation("exchange a directory and a file", .trees, weight: 1) { torture in
            guard let left = torture.someInnerDirectory(), let right = torture.someFile() else { return nil }
            try exchangeFiles(left, right)
            return torture.shown(left, right)
        },
        Operation("move a directory out", .trees, weight: 2) { torture in
            guard let old = torture.someInnerDirectory() else { return nil }
            let new = torture.playground.attic.appending(Names.directory(&torture.generator))
            try renameFile(old, new)
            return torture.shown(old, new)
        },
        Operation("move a directory in", .trees, weight: 3) { torture in
            let away = torture.playground.contents(of: [torture.playground.attic]).directories.dropFirst()
            guard let old = torture.pick(Array(away)) else { return nil }
            let new = torture.someDirectoryPlace()
            try renameFile(old, new)
            return torture.shown(old, new)
        },
        Operation("delete a tree", .trees, weight: 4) { torture in
            guard let path = torture.someInnerDirectory() else { return nil }
            guard !torture.playground.mountPoints.contains(where: { $0.isWithin(path) }) else { return nil }
            removeTree(path)
            return torture.shown(path)
        },
    ]
}
