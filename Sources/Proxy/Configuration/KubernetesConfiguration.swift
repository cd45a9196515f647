/// For Kubernetes: a service and routes of the Gateway API, and an Ingress for clusters that still have ingress-nginx.
/// Source: <https://gateway-api.sigs.k8s.io/reference/spec/>,
/// <https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/>
enum KubernetesConfiguration {
    static func files(_ plan: ProxyPlan) throws(PlanFault) -> [ConfigurationFile] {
        try plan.refuseStaticDirectory(for: "A cluster's gateway")
        guard !plan.isHostAnAddress else {
            throw PlanFault("A cluster's gateway tells sites apart by their names: the public URL has to have one.")
        }
        guard case .tcp(_, let port) = plan.upstream else {
            throw PlanFault("A cluster reaches the server over TCP only: let the server listen on 0.0.0.0.")
        }
        return [
            ConfigurationFile(name: "gateway.yml") { gateway(plan, port: port) },
            ConfigurationFile(name: "ingress-nginx.yml") { ingress(plan) },
        ]
    }

    @ConfigurationLines
    private static func gateway(_ plan: ProxyPlan, port: Int) -> [String] {
        """
        # Parley in Kubernetes: kubectl apply -f gateway.yml
        # Expects pods with the label app: parley, and a Gateway of the name parley, with the listeners named below.
        # The gateway's own idle time-out, and that of a load balancer before it, are set elsewhere; the server's pings
        # keep sockets below any of them. For visitors' addresses the gateway's Service needs
        # externalTrafficPolicy: Local, and the server the pods' range: PARLEY_TRUSTED_PROXIES=private
        apiVersion: v1
        kind: Service
        metadata:
          name: parley
        spec:
          selector:
            app: parley
          ports:
            - name: http
              port: \(port)
              # Some gateways refuse upgrades unless they are told.
              appProtocol: kubernetes.io/ws
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata:
          name: parley
        spec:
          parentRefs:
            - name: parley
              sectionName: \(plan.publicURL.isSecure ? "https" : "http")
          hostnames:
            - \(plan.publicURL.host)
          rules:
            - matches:
                - path:
                    type: PathPrefix
                    value: \(plan.publicURL.path.isEmpty ? "/" : plan.publicURL.path)
              # A limit on whole requests would end all sockets at once.
              timeouts:
                request: 0s
              backendRefs:
                - name: parley
                  port: \(port)
        """
        if plan.publicURL.isSecure { redirect(plan) }
    }

    @ConfigurationLines
    private static func redirect(_ plan: ProxyPlan) -> [String] {
        """
        ---
        # From http to https. cert-manager's routes for its authority are more exact, and win.
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata:
          name: parley-to-https
        spec:
          parentRefs:
            - name: parley
              sectionName: http
          hostnames:
            - \(plan.publicURL.host)
          rules:
            - filters:
                - type: RequestRedirect
                  requestRedirect:
                    scheme: https
                    port: \(plan.publicURL.port)
                    statusCode: 301
        """
    }

    @ConfigurationLines
    private static func ingress(_ plan: ProxyPlan) -> [String] {
        """
        # For clusters that still have ingress-nginx, which was retired in March 2026: with the Service of gateway.yml.
        """
        if !plan.isEdge {
            let ranges = plan.outerRanges.map(\.description).joined(separator: ",")
            """
            # Behind another proxy, its ConfigMap needs use-forwarded-headers: "true" and
            #     proxy-real-ip-cidr: "\(ranges)"
            """
        }
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: parley
          annotations:
            nginx.ingress.kubernetes.io/proxy-body-size: "\(plan.bodyMebibytes)m"
            # The server pings quiet sockets; these are for when it cannot.
            nginx.ingress.kubernetes.io/proxy-read-timeout: "\(plan.silenceSeconds)"
            nginx.ingress.kubernetes.io/proxy-send-timeout: "\(plan.silenceSeconds)"
            # Event streams and uploads pass as they come.
            nginx.ingress.kubernetes.io/proxy-buffering: "off"
            nginx.ingress.kubernetes.io/proxy-request-buffering: "off"
        spec:
          ingressClassName: nginx
        """
        if plan.publicURL.isSecure {
            """
              tls:
                - hosts:
                    - \(plan.publicURL.host)
                  secretName: parley-tls
            """
        }
        """
          rules:
            - host: \(plan.publicURL.host)
              http:
                paths:
                  - path: \(plan.publicURL.path.isEmpty ? "/" : plan.publicURL.path)
                    pathType: Prefix
                    backend:
                      service:
                        name: parley
                        port:
                          name: http
        """
    }
}
