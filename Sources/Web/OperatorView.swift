package import Model

/// What the operator may see of how the server runs: its settings, and facts of the moment.
package struct OperatorView: Sendable {
    /// A setting as it may be shown: a secret's value is hidden.
    package struct Line: Sendable {
        let variable: String
        /// Empty where there is none.
        let value: String
        /// `argument`, `environment`, `file` or `default`.
        let source: String
        let isDefault: Bool
        let summary: String

        package init(variable: String, value: String, source: String, isDefault: Bool, summary: String) {
            self.variable = variable
            self.value = value
            self.source = source
            self.isDefault = isDefault
            self.summary = summary
        }
    }

    /// Mail that has not been taken.
    package struct Mail: Sendable {
        /// So many are looked at, and no more.
        package static let countMax = 1000

        let waiting: Int
        let givenUp: Int
        /// Since when the oldest waits.
        let oldest: Timestamp?
        let lastError: String?

        package init(waiting: Int, givenUp: Int, oldest: Timestamp?, lastError: String?) {
            self.waiting = waiting
            self.givenUp = givenUp
            self.oldest = oldest
            self.lastError = lastError
        }
    }

    package struct Facts: Sendable {
        /// Of all kinds, sockets among them.
        let connections: Int
        let sockets: Int
        /// `nil` where that could not be found out.
        let databaseBytes: Int64?
        let freeBytes: Int64?
        /// `nil` where no mail server is set.
        let mail: Mail?

        package init(connections: Int, sockets: Int, databaseBytes: Int64?, freeBytes: Int64?, mail: Mail?) {
            self.connections = connections
            self.sockets = sockets
            self.databaseBytes = databaseBytes
            self.freeBytes = freeBytes
            self.mail = mail
        }
    }

    let settings: [Line]
    let facts: @Sendable () async -> Facts

    package init(settings: [Line], facts: @escaping @Sendable () async -> Facts) {
        self.settings = settings
        self.facts = facts
    }
}
