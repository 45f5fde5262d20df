import LinuxSystem
import TestSupport

extension Operation {
    /// Symbolic links, and what happens to what they lead to.
    static let links = [
        Operation("link to a file", .links, weight: 3) { torture in
            // What leads to a link's target is watched only inside of the roots.
            guard let target = torture.someFile(), PlainWalk.isSeen(target, in: torture.playground.roots) else {
                return nil
            }
            let path = torture.somePlace()
            try makeSymbolicLink(path, to: target)
            return torture.shown(path, target)
        },
        Operation("link to a file outside", .links, weight: 3) { torture in
            let outside = torture.playground.contents(of: torture.playground.linkTargets).files
            guard let target = torture.pick(outside) else { return nil }
            let path = torture.somePlace()
            try makeSymbolicLink(path, to: target)
            return torture.shown(path, target)
        },
        Operation("link to nothing", .links, weight: 1) { torture in
            let path = torture.somePlace()
            try makeSymbolicLink(path, to: FilePath("nothing.safetensors"))
            return torture.shown(path)
        },
        Operation("link to a directory outside", .links, weight: 3) { torture in
            guard let target = torture.pick(torture.playground.linkTargets) else { return nil }
            let path = torture.someDirectoryPlace()
            try makeSymbolicLink(path, to: target)
            return torture.shown(path, target)
        },
        Operation("link to a directory inside", .links, weight: 1) { torture in
            let first = torture.playground.contents(of: [torture.playground.roots[0]])
            guard let target = torture.pick(first.directories) else { return nil }
            let path = torture.someDirectoryPlace()
            try makeSymbolicLink(path, to: target)
            return torture.shown(path, target)
        },
        Operation("rename a link", .links, weight: 2) { torture in
            guard let old = torture.pick(torture.contents.links) else { return nil }
            let new = torture.chance(1, in: 2) ? torture.somePlace() : torture.someDirectoryPlace()
            try renameFile(old, new)
            return torture.shown(old, new)
        },
        Operation("delete a link", .links, weight: 4) { torture in
            guard let path = torture.pick(torture.contents.links) else { return nil }
            removeFile(path)
            return torture.shown(path)
        },
        Operation("write outside", .links, weight: 5) { torture in
            guard let directory = torture.pick(torture.playground.linkTargets) else { return nil }
            let path = directory.appending(Names.file(&torture.generator))
            try writeFile(path, FileContents.whole(&torture.generator))
            return torture.shown(path)
        },
        Operation("delete outside", .links, weight: 2) { torture in
            let outside = torture.playground.contents(of: torture.playground.linkTargets).files
            guard let path = torture.pick(outside) else { return nil }
            removeFile(path)
            return torture.shown(path)
        },
        Operation("rename outside", .links, weight: 2) { torture in
            let outside = torture.playground.contents(of: torture.playground.linkTargets).files
            guard let old = torture.pick(outside) else { return nil }
            let new = old.parent.appending(Names.file(&torture.generator))
            try renameFile(old, new)
            return torture.shown(old, new)
        },
    ]
}
