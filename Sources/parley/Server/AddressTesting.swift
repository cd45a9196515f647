import Doctor
import ServiceLifecycle

/// Looks at the server's own address whenever an administrator asks for it.
struct AddressTesting: Service {
    let test: AddressTest

    func run() async {
        await cancelWhenGracefulShutdown { await test.run() }
    }
}
