/// Builds a text from pieces of one or more lines, some of which depend on the plan.
@resultBuilder
enum ConfigurationLines {
    static func buildExpression(_ piece: String) -> [String] { [piece] }
    static func buildExpression(_ pieces: [String]) -> [String] { pieces }
    static func buildBlock(_ pieces: [String]...) -> [String] { pieces.flatMap(\.self) }
    static func buildOptional(_ pieces: [String]?) -> [String] { pieces ?? [] }
    static func buildEither(first pieces: [String]) -> [String] { pieces }
    static func buildEither(second pieces: [String]) -> [String] { pieces }
    static func buildArray(_ pieces: [[String]]) -> [String] { pieces.flatMap(\.self) }

    /// The lines, further in by a number of spaces; empty ones stay empty.
    static func indented(_ spaces: Int, @ConfigurationLines _ lines: () -> [String]) -> [String] {
        lines().flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }.map { line in
            line.isEmpty ? "" : String(repeating: " ", count: spaces) + line
        }
    }
}
