/// Why a plan cannot be written down for a proxy, as a sentence for the operator.
package struct PlanFault: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
