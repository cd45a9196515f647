import Logging
import Proxy

extension Settings {
    /// Areas that nobody on this machine or in a private network gets into: behind a proxy that is as it may be meant, and
    /// by mistake it locks the operator out.
    var areasClosedNearby: [GuardedArea] { GuardedArea.allCases.filter { !access[$0].admitsNearby } }

    /// Says at the start what would otherwise be found out at a closed door.
    func warnOfLockOut(_ logger: Logger) {
        for area in areasClosedNearby {
            logger.warning(
                "an access list keeps out loopback and private addresses; the command line still works",
                metadata: ["cure": "add loopback or private to \(area.rawValue)-allow, unless it is meant so"])
        }
    }
}
