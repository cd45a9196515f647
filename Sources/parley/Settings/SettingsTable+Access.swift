import Proxy

extension SettingsTable {
    /// For each area whom to let in and whom to keep out.
    static let access: [Setting] = GuardedArea.allCases.flatMap { area in
        [
            Setting(
                name: "\(area.rawValue)-allow", kind: .addresses, defaultValue: "",
                summary:
                    "Addresses to allow \(area.words) from; everybody's where empty. Whoever's is not known is not let in."
            ),
            Setting(
                name: "\(area.rawValue)-deny", kind: .addresses, defaultValue: "",
                summary: "Addresses not to allow \(area.words) from, whatever \(area.rawValue)-allow has."),
        ]
    }
}

extension SettingsValues {
    func accessLists() throws -> AccessLists {
        var lists = AccessLists()
        for area in GuardedArea.allCases {
            lists[area] = AccessList(
                allowed: try list("\(area.rawValue)-allow", AccessList.ranges).flatMap { $0 },
                denied: try list("\(area.rawValue)-deny", AccessList.ranges).flatMap { $0 })
        }
        return lists
    }
}
