extension StringProtocol {
    /// The beginning of what somebody else wrote, for a log line or a sentence: at most so many Unicode scalars. A
    /// `Character` may be as long as a text, so that counting those limits nothing.
    package func excerpt(_ scalars: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(scalars)))
    }
}
