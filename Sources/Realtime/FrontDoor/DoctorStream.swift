/// What `parley doctor` asks for to see whether answers arrive as they are written, and as they are.
package enum DoctorStream {
    package static let path = "/api/doctor/stream/"
    /// Sent at once.
    package static let beginning = "data: parley-doctor begins\n\n"
    /// Sent after `pause`.
    package static let end = "data: parley-doctor ends\n\n"
    /// Longer than any way to the doctor and back is.
    package static let pause = Duration.seconds(2)
}

/// A page that nobody on the way has a reason to change, with all that those who change pages look for.
package enum DoctorPage {
    package static let path = "/api/doctor/page/"
    package static let text = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
            <meta charset="utf-8">
            <title>Parley's doctor</title>
            <!-- A comment, and   spaces. -->
            <script src="doctor.js" defer></script>
        </head>
        <body>
            <p>somebody@example.com <a href="mailto:somebody@example.com">writes</a></p>
            <img src="doctor.png" alt="">
        </body>
        </html>

        """
}
