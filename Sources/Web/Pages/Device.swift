import Model

/// What somebody is signed in with, in words that they recognise.
struct Device {
    let name: String

    /// Browsers call themselves many things at once; what is looked for first is what the others only claim to be.
    private static let browsers = [
        ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ]
    private static let systems = [
        ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("Windows", "Windows"),
        ("Mac OS X", "a Mac"), ("CrOS", "a Chromebook"), ("Linux", "Linux"),
    ]

    init(_ session: SessionView) {
        self.init(userAgent: session.userAgent, isProgram: session.kind == .api)
    }

    init(userAgent: String, isProgram: Bool) {
        let browser = Self.browsers.first { userAgent.contains($0.0) }?.1
        let system = Self.systems.first { userAgent.contains($0.0) }?.1
        switch (browser, system) {
        case (let browser?, let system?): name = "\(browser) on \(system)"
        case (let browser?, nil): name = browser
        default:
            let product = userAgent.prefix { $0 != "/" && $0 != " " }
            name = product.isEmpty ? (isProgram ? "A program" : "A browser") : String(product)
        }
    }
}
