/// The limits of hooks that go out. Each is a setting; its unit is in its name.
package struct HookLimits: Sendable {
    /// When a message that was not taken is tried again, and when it is given up.
    package var retry = RetryPlan()
    /// For one attempt, from the look-up of the name to the end of the answer.
    package var time = Duration.seconds(10)
    /// Largest answer. Nothing of it is kept but its status.
    package var answerBytesMax = 65_536
    /// Messages given up in a row after which a hook is disabled.
    package var failuresMax = 20
    /// Most messages that wait for one hook; those after them stay in the room until it is their turn.
    package var waitingMax = 1000
    /// Most deliveries of one hook that are remembered when they are done.
    package var keptMax = 200

    package init() {}
}
