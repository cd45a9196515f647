/// What becomes of the messages of somebody who deletes their account.
package enum DeletedMessages: String, CaseIterable, Sendable {
    /// They stay, as those of a deleted person.
    case keep
    /// Their texts are erased; their places stay, so that the numbers of others' messages do.
    case remove
}
