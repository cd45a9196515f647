import Auth
import Crypto
import Foundation
package import Model
import Storage

/// Addresses that what people write in a room is sent to.
extension Chat {
    /// - Returns: the secret that its messages are signed with as well, which is shown nowhere else.
    /// - Throws: as `requireHooks`; `invalid_field` with the field `address`, `too_many_hooks`, `too_many_requests`.
    package func createOutgoingHook(
        address: String, in slug: String, by principal: Principal
    ) async throws -> (secret: String, hook: OutgoingHook) {
        let room = try await requireHooks(of: slug, by: principal)
        try roomRate.take(principal.user)
        let address = try await checkHookAddress(address)
        let secret = Self.newSecret()
        let hook = try await stores.outgoingHooks.create(
            NewOutgoingHook(room: room.ref, maker: principal.user, address: address, secret: secret),
            max: limits.hooksMax,
            // Addresses often hold a secret of their own, and the audit log is for ever.
            audit: NewAuditEntry(.createHook, slug, by: principal.username, details: "out: \(Self.host(of: address))"))
        return (secret, hook)
    }

    /// - Throws: as `requireHooks`.
    package func outgoingHooks(of slug: String, for principal: Principal) async throws -> [OutgoingHook] {
        try await stores.outgoingHooks.hooks(of: requireHooks(of: slug, by: principal).ref.id)
    }

    /// A new secret in the place of the old one.
    /// - Throws: as `requireHooks`; `hook_not_found`.
    package func renewSecret(of id: OutgoingHookID, in slug: String, by principal: Principal) async throws -> String {
        let room = try await requireHooks(of: slug, by: principal)
        let secret = Self.newSecret()
        let audit = NewAuditEntry(.renewHook, slug, by: principal.username, details: "out: \(id.rawValue)")
        guard try await stores.outgoingHooks.setSecret(secret, of: id, in: room.ref.id, audit: audit) else {
            throw Self.hookNotFound
        }
        return secret
    }

    /// One that is enabled again begins with what is written from now on.
    /// - Throws: as `requireHooks`; `hook_not_found`.
    package func setHookDisabled(
        _ isDisabled: Bool, _ id: OutgoingHookID, in slug: String, by principal: Principal
    ) async throws {
        let room = try await requireHooks(of: slug, by: principal)
        let audit = NewAuditEntry(
            isDisabled ? .disableHook : .enableHook, slug, by: principal.username, details: "out: \(id.rawValue)")
        guard try await stores.outgoingHooks.setDisabled(isDisabled, of: id, in: room.ref.id, audit: audit) else {
            throw Self.hookNotFound
        }
    }

    /// - Throws: as `requireHooks`; `hook_not_found`.
    package func deleteOutgoingHook(_ id: OutgoingHookID, in slug: String, by principal: Principal) async throws {
        let room = try await requireHooks(of: slug, by: principal)
        let audit = NewAuditEntry(.deleteHook, slug, by: principal.username, details: "out: \(id.rawValue)")
        guard try await stores.outgoingHooks.delete(id, in: room.ref.id, audit: audit) else {
            throw Self.hookNotFound
        }
    }

    /// What was sent to a hook, and what waits for it; the latest first.
    /// - Throws: as `requireHooks`; `hook_not_found`.
    package func deliveries(
        to id: OutgoingHookID, in slug: String, for principal: Principal
    ) async throws -> (hook: OutgoingHook, deliveries: [Delivery]) {
        let room = try await requireHooks(of: slug, by: principal)
        guard let hook = try await stores.outgoingHooks.hook(id, in: room.ref.id) else { throw Self.hookNotFound }
        return (hook, try await stores.outgoingHooks.deliveries(to: id, limit: 100))
    }

    /// Sends one once more.
    /// - Throws: as `requireHooks`; `hook_not_found`, `delivery_not_found`.
    package func resend(
        _ delivery: DeliveryID, to id: OutgoingHookID, in slug: String, by principal: Principal
    ) async throws {
        let room = try await requireHooks(of: slug, by: principal)
        guard try await stores.outgoingHooks.hook(id, in: room.ref.id) != nil else { throw Self.hookNotFound }
        guard try await stores.outgoingHooks.resend(delivery, to: id, at: .now) else {
            throw ChatError(.deliveryNotFound, "That one is no longer kept.")
        }
    }

    /// 32 random bytes (Standard Webhooks, "Signature scheme").
    private static func newSecret() -> String {
        "whsec_" + SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }
    }

    private static func host(of address: String) -> String {
        URLComponents(string: address)?.host?.excerpt(128) ?? ""
    }
}
