package import Hummingbird

/// All addresses of the server, but the sockets' own.
package enum WebRouter {
    package static func build(_ site: Site, version: String) -> Router<WebContext> {
        let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestLog(frontDoor: site.frontDoor))
        router.add(middleware: SecurityHeaders(origins: site.origins))
        router.add(middleware: ErrorResponses(site: site))
        site.addPages(to: router)
        DoctorRoutes.add(to: router, site)
        APIRoutes.add(to: router, site, version)
        return router
    }
}
