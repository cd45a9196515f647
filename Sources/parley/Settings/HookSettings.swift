import Model
import Outgoing

/// The settings of webhooks.
enum HookSettings {
    static let table = [
        Setting(
            name: "hooks-max", kind: .number(1...1000), defaultValue: "10",
            summary: "Incoming webhooks of one room, and as many outgoing ones."),
        Setting(
            name: "hook-rate", kind: .rate, defaultValue: "60/60",
            summary: "Messages that one incoming webhook may write."),
        Setting(
            name: "hook-seconds", kind: .number(1...60), defaultValue: "10",
            summary: "Seconds that the receiver of an outgoing webhook may take to answer."),
        Setting(
            name: "hook-answer-bytes-max", kind: .number(1024...67_108_864), defaultValue: "65536",
            summary: "Largest answer of such a receiver, in bytes."),
        Setting(
            name: "hook-retry-seconds", kind: .number(1...86_400), defaultValue: "15",
            summary: "Seconds until a message that a webhook did not take is sent again; doubles with each attempt."),
        Setting(
            name: "hook-retry-seconds-max", kind: .number(1...86_400), defaultValue: "3600",
            summary: "Most seconds between two attempts."),
        Setting(
            name: "hook-retry-hours", kind: .number(1...720), defaultValue: "24",
            summary: "Hours after which such a message is given up."),
        Setting(
            name: "hook-failures-max", kind: .number(1...10_000), defaultValue: "20",
            summary: "Messages given up in a row after which a webhook is disabled."),
        Setting(
            name: "hook-waiting-max", kind: .number(1...100_000), defaultValue: "1000",
            summary: "Messages that wait for one webhook at a time; later ones stay in the room until it is their turn."
        ),
        Setting(
            name: "hook-deliveries-max", kind: .number(1...100_000), defaultValue: "200",
            summary: "Finished deliveries of one webhook that are remembered."),
    ]
}

extension SettingsValues {
    func hookLimits() throws -> HookLimits {
        var limits = HookLimits()
        limits.time = .seconds(try number("hook-seconds"))
        limits.answerBytesMax = Int(try number("hook-answer-bytes-max"))
        limits.retry.wait = Seconds(try number("hook-retry-seconds"))
        limits.retry.waitMax = Seconds(try number("hook-retry-seconds-max"))
        limits.retry.duration = Seconds(try number("hook-retry-hours") * 3600)
        limits.failuresMax = Int(try number("hook-failures-max"))
        limits.waitingMax = Int(try number("hook-waiting-max"))
        limits.keptMax = Int(try number("hook-deliveries-max"))
        return limits
    }
}
