import Web

extension OperatorView.Line {
    init(_ resolved: ResolvedSetting) {
        let source =
            switch resolved.source {
            case .flag: "argument"
            case .environment: "environment"
            case .file: "file"
            case .standard: "default"
            }
        self.init(
            variable: resolved.setting.variable, value: resolved.shownValue, source: source,
            isDefault: resolved.source == .standard, summary: resolved.setting.summary)
    }
}
