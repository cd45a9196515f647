/// The limits of the chat itself. Each is a setting; its unit is in its name.
package struct Limits: Sendable {
    /// Longest message, in Unicode scalars (what Python's `len` and most people's "characters" count).
    package var messageCharactersMax = 4000
    /// Longest name of a person or room, and half the longest topic, in Unicode scalars.
    package var nameCharactersMax = 64
    package var topicCharactersMax = 256
    /// What people say of themselves, in Unicode scalars.
    package var bioCharactersMax = 500
    package var statusCharactersMax = 80
    package var clientIdCharactersMax = 64
    /// Longest reason of a report, a ban and the like.
    package var reasonCharactersMax = 256
    /// Most messages in one page of history.
    package var historyPageMax = 200
    /// Most messages that a client gets when it resumes; one that missed more has to reload.
    package var resumeMessagesMax = 500
    /// Most members of a room for them to be told who of them is there.
    package var presenceMembersMax = 200
    /// Most people in a direct room, the one who opens it included.
    package var directMembersMax = 10
    package var passwordCharactersMin = 8
    /// Longest password, in bytes: hashing must not become a way to keep the server busy.
    package var passwordBytesMax = 1024
    /// Different wrong passwords for one account, within `accountLockTime`, after which it is locked for that long.
    package var accountTriesMax = 10
    package var accountLockTime = Seconds(900)
    /// Different wrong sign-ins from one network: an IPv4 address, or an IPv6 network of 64 bits.
    package var signInRate = Rate(30, per: 300)
    /// New accounts from one network.
    package var registrationRate = Rate(10, per: 3600)
    /// How long a code that was sent to an address is good, and wrong ones that are looked at until then.
    package var emailCodeTime = Seconds(600)
    package var emailCodeTriesMax = 5
    /// Codes that are sent to one person, and to one address.
    package var emailCodeRate = Rate(5, per: 3600)
    /// How long a link to set a new password is good.
    package var resetTime = Seconds(3600)
    /// Such links for one account, and asked for from one network.
    package var resetRate = Rate(3, per: 3600)
    package var resetNetworkRate = Rate(20, per: 3600)
    /// Sign-ins by a provider or a passkey from one network: each begin and each end counts.
    package var signInStartRate = Rate(120, per: 300)
    /// Passkeys of one person.
    package var passkeysMax = 20
    /// Sign-ins with providers that may be under way at a time.
    package var providerSignInsMax = 10_000
    /// How long after signing in somebody need not show again who they are.
    package var recentSignInTime = Seconds(900)
    /// What one person may do.
    package var messageRate = Rate(1200, per: 60)
    package var roomRate = Rate(100, per: 3600)
    package var searchRate = Rate(300, per: 60)
    /// Changes of one's own name, bio, status and time zone: each is told to everybody who sees them.
    package var profileRate = Rate(60, per: 3600)
    /// Copies of all of one's own data.
    package var exportRate = Rate(5, per: 3600)
    /// What becomes of the messages of somebody who deletes their account.
    package var deletedMessages = DeletedMessages.keep
    package var reportRate = Rate(30, per: 3600)
    /// Words that messages must not have; `nil` where there are none.
    package var wordFilter: WordFilter?
    /// Longest that an access token may last, in days.
    package var tokenDaysMax: Int64 = 365
    /// Most access tokens of one person, and of one bot.
    package var tokensMax = 50
    /// Whether members make bots, and not administrators alone.
    package var membersMakeBots = false
    /// Most bots that one person answers for.
    package var botsMax = 20
    /// Most incoming, and most outgoing, hooks of one room.
    package var hooksMax = 10
    /// What one incoming hook may write.
    package var hookRate = Rate(60, per: 60)

    package init() {}
}
