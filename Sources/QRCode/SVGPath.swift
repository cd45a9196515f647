extension QRCode {
    /// The side of the `viewBox` that `svgPath` is drawn in: `0 0 svgSide svgSide`, the quiet zone included.
    package var svgSide: Int { size + 2 * Self.quietZone }

    /// The dark modules as the `d` of an SVG `path`, one unit for a module: a rectangle for each run of dark modules in
    /// a row. It consists of digits, spaces and the letters M, H, V and z, so that it can stand in any attribute.
    ///
    /// What a page adds: a light ground below it also in dark mode, `shape-rendering="crispEdges"`, and `role="img"`
    /// with a name that says what scanning it does.
    package var svgPath: String {
        var path = ""
        for row in 0..<size {
            var column = 0
            while column < size {
                guard isDark(row: row, column: column) else {
                    column += 1
                    continue
                }
                let end = (column..<size).first { !isDark(row: row, column: $0) } ?? size
                let (left, right, top) = (column + Self.quietZone, end + Self.quietZone, row + Self.quietZone)
                path += "M\(left) \(top)H\(right)V\(top + 1)H\(left)z"
                column = end
            }
        }
        return path
    }
}
