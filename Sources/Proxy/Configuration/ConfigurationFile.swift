/// One file that was written for an operator.
package struct ConfigurationFile: Hashable, Sendable {
    /// A path relative to where the operator collects the files.
    package let name: String
    /// Ends with a line break.
    package let text: String

    init(name: String, @ConfigurationLines lines: () -> [String]) {
        self.name = name
        text = lines().joined(separator: "\n") + "\n"
    }
}
