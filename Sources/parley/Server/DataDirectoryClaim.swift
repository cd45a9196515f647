import Storage

/// One server for one data directory: two would not hear of each other's messages.
struct DataDirectoryClaim {
    private let lock: FileLock

    /// - Throws: `DataDirectoryInUse`.
    init(_ directory: String) throws {
        try Core.makeDirectory(directory)
        do {
            lock = try FileLock(path: directory + "/server.lock", waits: false)
        } catch is FileLockError {
            throw DataDirectoryInUse(directory: directory)
        }
    }
}

struct DataDirectoryInUse: Error, CustomStringConvertible {
    let directory: String

    var description: String {
        "Another `parley serve` is running on \(directory). Stop it first, or give this one another --data-dir."
    }
}
