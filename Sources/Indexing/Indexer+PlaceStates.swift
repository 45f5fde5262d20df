internal import Catalog
internal import DirectoryWatching
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// How places come and go.
extension Indexer {
    func setOnline(_ place: Place, _ found: FoundPlace) {
        let identity = DirectoryIdentity(found.status)
        let before = place.condition
        let wasOffline = before.hasBegun && !before.isOnline && !before.isElsewhere
        let record = PlaceRecord(
            path: place.path, kind: place.kind, fileSystemID: found.fileSystemID, inode: found.status.inode)
        let isNew = state.withLock { state in
            state.registry.noteOnline(place, identity, found.realPath)
            // Of one that was offline when kikod ended, the time is still to be counted.
            let isNew = state.records[place.path] != record || state.storedOffline.remove(place.path) != nil
            state.records[place.path] = record
            return isNew
        }
        if isNew || wasOffline {
            do {
                try catalog.write { try $0.notePlace(record, now: WallClock.now) }
            } catch {
                note(databaseError: error)
                // It is written with the next look.
                state.withLock { $0.records[place.path] = nil }
            }
        }
        place.update { condition in
            condition.isOnline = true
            condition.hasBegun = true
            condition.isDoubted = false
            condition.home = nil
            condition.offlineReason = nil
            condition.identity = identity
            condition.realPath = found.realPath
            condition.mount = found.mount
            condition.isPolled =
                place.root.watchMode == .poll
                || (place.root.watchMode == .auto && found.fileSystem.needsPolling)
        }
        if isNew, place.kind == .mount { dissolveFormer(of: place, record) }
        if !before.isOnline || before.realPath != found.realPath { lookAtLinks(leadingInto: place, alsoOffline: true) }
        if wasOffline {
            logger.notice("root online", event: .rootOnline, .init("root", place.path))
            events.append([IndexEvent(.rootOnline, path: place.path)])
        }
        noteProgress()
    }

    /// The same file system, mounted somewhere else now: what was offline for want of it is not any more.
    func dissolveFormer(of place: Place, _ record: PlaceRecord) {
        let former = state.withLock { state in
            state.records.values.filter {
                $0.path != record.path && $0.kind == .mount && $0.fileSystemID == record.fileSystemID
                    && $0.inode == record.inode
            }.compactMap { state.registry.place(at: $0.path) }
        }
        for other in former where other.condition.offlineReason != nil { dissolveWithFiles(other) }
    }

    func setOffline(_ place: Place, _ reason: String, isAbsent: Bool, isDoubted: Bool = false) {
        let before = place.condition
        state.withLock { $0.registry.noteOffline(place) }
        place.update {
            $0.goOffline(reason, isAbsent: isAbsent)
            $0.isDoubted = isDoubted
        }
        if !isDoubted { running?.watcher.forget(place.path) }
        running?.hashing.cancel(within: place.path)
        if before.offlineReason != reason {
            logger.warning("root offline: \(reason)", event: .rootOffline, .init("root", place.path))
            noteOffline(place, reason, isNews: before.isOnline || !before.hasBegun)
            // What begins in it may not be reached any more either.
            for inner in places(within: place.path) where inner !== place && inner.condition.isOnline {
                scan(inner, .returned)
            }
        }
        noteProgress()
    }

    func noteOffline(_ place: Place, _ reason: String, isNews: Bool) {
        if isNews { events.append([IndexEvent(.rootOffline, path: place.path, message: reason)]) }
        do {
            try catalog.write { try $0.notePlaceOffline(place.path, now: WallClock.now) }
        } catch {
            note(databaseError: error)
        }
    }

    /// Makes a place offline whose drive gives no sign; what its thread is at may still come to an end.
    func setUnanswered(_ place: Place) {
        let reason = place.update { condition -> String? in
            guard condition.isOnline || !condition.hasBegun else { return nil }
            let reason =
                condition.isDoubted ? "another place is there; it is searched for model files" : "it does not answer"
            condition.goOffline(reason, isAbsent: false)
            return reason
        }
        guard let reason else { return }
        logger.warning("root offline: \(reason)", event: .rootOffline, .init("root", place.path))
        noteOffline(place, reason, isNews: true)
        noteProgress()
    }

    func setElsewhere(_ place: Place, _ home: FilePath) {
        let path = place.path
        let isNew = place.condition.home != home
        state.withLock { $0.registry.noteOffline(place) }
        place.update { condition in
            let way = condition.way
            condition = Place.Condition()
            condition.way = way
            condition.hasBegun = true
            condition.isReconciled = true
            condition.home = home
        }
        running?.watcher.forget(path)
        guard isNew else { return }
        logger.debug("a link leads to a directory that is walked elsewhere", .init("path", path), .init("home", home))
        do {
            state.withLock { $0.records[path] = nil }
            try catalog.write(telling: events) { writer, events in
                try writer.uncover(below: path)
                try writer.forgetPlace(path)
                try writer.completeScans(telling: &events)
            }
        } catch {
            note(databaseError: error)
        }
        // What is to be walked there may have been left out for what was walked here.
        if let other = self.place(holding: home), other.path != home {
            add(.directory(other, home, recursive: true))
        } else if let other = self.place(holding: home) {
            scan(other, .returned)
        }
    }

    /// The files of an absent place are missing. Those of a place that merely cannot be read stay as they were.
    func markAbsentFiles(of place: Place) {
        guard place.condition.isAbsent else { return }
        do {
            // A place in it that is there by itself keeps its files.
            let inner = places(within: place.path).filter { $0 !== place && $0.condition.isOnline }.map(\.path)
            try catalog.write(telling: events) { writer, events in
                let now = Timestamp.text(nanoseconds: WallClock.now)
                let marked = try writer.markMissing(below: place.path, except: inner, at: now)
                events += marked.map { IndexEvent(.fileMissing, fileID: $0.id, path: $0.path) }
                try writer.completeScans(telling: &events)
            }
        } catch {
            note(databaseError: error)
        }
    }
}
