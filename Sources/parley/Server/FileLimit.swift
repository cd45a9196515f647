import Logging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The limit on open files (`RLIMIT_NOFILE`): each connection is one.
struct FileLimit {
    /// What the process keeps for itself: the database, the listener, the web client's files.
    private static let reserve = 128
    /// With fewer than this, a busy evening is enough to run out.
    private static let comfortable = 4096

    let max: Int

    /// Raises the limit as far as this process may.
    static func raise(_ logger: Logger) -> FileLimit {
        var limit = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return FileLimit(max: 1024) }
        let before = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        if before < limit.rlim_max, setrlimit(resource, &limit) != 0 { limit.rlim_cur = before }
        let max = Int(clamping: limit.rlim_cur)
        if max < comfortable {
            logger.warning(
                "few open files are allowed; raise the hard limit (ulimit -Hn, LimitNOFILE=) for more connections",
                metadata: ["files": "\(max)", "connections": "\(FileLimit(max: max).connectionsMax)"])
        } else {
            logger.info("limit on open files", metadata: ["files": "\(max)", "before": "\(before)"])
        }
        return FileLimit(max: max)
    }

    /// How many connections that is enough for.
    var connectionsMax: Int { Swift.max(16, max - Self.reserve) }
}
