import Foundation
import FuzzTargets

/// Which of the targets; `dev/fuzz` sets it, also for the processes that libFuzzer starts itself.
private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        fatalError("FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return target
}()

/// What libFuzzer calls, which has the `main` of this program.
@_cdecl("LLVMFuzzerTestOneInput")
public func runOneInput(_ bytes: UnsafeRawPointer?, _ count: Int) -> CInt {
    do {
        try target.run(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
    } catch {
        fatalError("\(error)")
    }
    return 0
}
