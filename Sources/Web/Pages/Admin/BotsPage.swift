import Chat
import Hummingbird
import Model

extension Site {
    func showAllBots(_ call: PageCall) async throws -> Response {
        try await allBotsPage(call)
    }

    func createBotAsAdmin(_ call: PageCall, _ form: Form) async throws -> Response {
        try await createBot(call, form) { try await allBotsPage(call, form: form, error: $0) }
    }

    private func allBotsPage(_ call: PageCall, form: Form? = nil, error: ChatError? = nil) async throws -> Response {
        var values = Self.values(try await chat.bots(all: true, for: call.principal), typed: form)
        values["mayMake"] = true
        values["botPath"] = "/admin/bots"
        values["membersMakeBots"] = chat.limits.membersMakeBots
        values.tell(error)
        return try adminPage("bots", "Bots", values, call, status: error?.code.status ?? .ok)
    }
}
