/// The headers in which `parley doctor` asks who answers, and is shown. Lower case, as HTTP/2 has them.
package enum DoctorHeader {
    package static let question = "x-parley-doctor"
    package static let proof = "x-parley-proof"
}
