import Foundation
import HTTPTypes
import Model
import Testing

@testable import Web

@Suite("The API's description")
struct OpenAPITests {
    private let endpoints = APIRoutes.all(Limits())

    @Test("names each operation once, at one method of one path")
    func unique() {
        #expect(Set(endpoints.map(\.id)).count == endpoints.count)
        #expect(Set(endpoints.map { "\($0.method) \($0.path)" }).count == endpoints.count)
    }

    @Test("has every path with a slash at its end, below /api/")
    func paths() {
        for endpoint in endpoints {
            #expect(
                (endpoint.path.hasPrefix("/api/") || endpoint.id == "writeByHook") && endpoint.path.hasSuffix("/"),
                "\(endpoint.path)")
        }
    }

    @Test("lets nobody in without signing in but where that is how one comes in, and tokens nowhere near secrets")
    func access() {
        let open = Set(endpoints.filter { $0.access == .everybody }.map(\.id))
        #expect(open == ["health", "register", "login", "refresh", "writeByHook"])
        for endpoint in endpoints where endpoint.path.hasPrefix("/api/profile/") && endpoint.path != "/api/profile/" {
            #expect(endpoint.access == .person, "\(endpoint.path)")
        }
        let scopes = Set(endpoints.map(\.access))
        for scope in Scope.allCases { #expect(scopes.contains(.scope(scope)), "\(scope) is for nothing") }
    }

    @Test("refers only to schemas that it has")
    func references() throws {
        let json = OpenAPIDocument(limits: Limits(), version: "test").json
        let names = json.matches(of: /"#\/components\/schemas\/([A-Za-z]+)"/).map { String($0.output.1) }
        #expect(!names.isEmpty)
        #expect(Set(names).isSubset(of: Schemas.all(Limits()).keys))
    }

    @Test("tells what the slug of a new room, and the name of a new stream, are good for")
    func links() {
        let links = OpenAPILinks(endpoints: endpoints, schemas: Schemas.all(Limits()))
        func targets(_ id: String) -> Set<String> {
            endpoints.first { $0.id == id }.map { Set(links.links(from: $0).keys) } ?? []
        }
        #expect(
            targets("createRoom").isSuperset(of: ["getRoom", "joinRoom", "sendMessage", "listMessages", "markRead"]))
        #expect(targets("openEvents").isSuperset(of: ["readEvents", "sendFrame", "closeEvents"]))
        #expect(targets("listRooms").isEmpty)
    }

    @Test("gives every refusal a status, and the temporary ones one that says so")
    func statuses() {
        for code in ChatError.Code.allCases {
            let status = code.status.code
            #expect((400...599).contains(status))
            #expect(ChatError(code, "").isTemporary == [429, 500, 503].contains(status), "\(code.rawValue)")
        }
    }

    @Test("knows the methods of an address, with and without the slash")
    func methods() {
        #expect(Set(APIRoutes.methods(at: "/api/rooms", Limits())) == [.get, .post])
        #expect(Set(APIRoutes.methods(at: "/api/rooms/lobby/messages/", Limits())) == [.get, .post])
        #expect(Set(APIRoutes.methods(at: "/api/rooms/lobby", Limits())) == [.get, .patch])
        #expect(APIRoutes.methods(at: "/api/rooms/lobby/nothing/", Limits()).isEmpty)
    }

    @Test("of a refusal is in docs/protocol.md where a socket may give it")
    func codesAreDocumented() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/protocol.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        let socketCodes: [ChatError.Code] = [
            .invalidJSON, .unknownType, .missingField, .invalidField, .textEmpty, .textTooLong, .roomNotFound,
            .notAMember, .textRefused, .muted, .roomLocked, .announcementsOnly, .slowMode, .notAuthenticated,
            .alreadyAuthenticated, .tooManyInFlight, .tooManyRequests,
            .storageUnavailable, .internal,
            .tokenMissing, .tokenInvalid, .tokenAlgorithm, .tokenExpired, .userGone, .accountDisabled, .sessionEnded,
            .sessionExpired, .ticketInvalid, .queryTokenRefused, .originRefused, .credentialsMissing,
        ]
        for code in socketCodes { #expect(text.contains("`\(code.rawValue)`"), "\(code.rawValue)") }
    }
}
