/// The passwords that guessing begins with: 11,611 of at least eight characters, out of the 30,000 that were seen most often
/// in breaches. Where they are from: docs/adr/0021-common-passwords.md.
enum CommonPasswords {
    private static let all = Set(
        String(decoding: PackageResources.common_passwords_txt, as: UTF8.self).split(separator: "\n"))

    static var count: Int { all.count }

    /// - Parameter password: in small letters.
    static func contains(_ password: String) -> Bool { all.contains(password[...]) }
}
