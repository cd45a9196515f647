/// What is wrong with how a connection begins. The sentence goes out as plain text, to whoever understands it, and into the
/// log; `parley doctor` knows it again.
package enum PreambleFault: String, CaseIterable, Sendable {
    case missing = "A proxy has to begin with the PROXY protocol here: turn it on there, or proxy-protocol off."
    case unexpected =
        "The PROXY protocol was spoken, which is turned off here: set proxy-protocol, or turn it off there."
    case tlsToPlain = "TLS was spoken to a port for plain HTTP: let the proxy use http:// towards this server."
    case plainToTLS = "This port speaks TLS, and what came was none: use https:// instead of http://."
}
