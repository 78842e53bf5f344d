import AdjointGraphs

private let folder = Operand("DIR", "a folder, or a manifest in one", .text("a folder"))

extension Command {
    static let verify = Command(
        name: "verify", summary: "checks Adjoint against results that other programs computed",
        subcommands: [
            Command(
                name: "cases", summary: "layers and their first and second derivatives", operands: [folder]
            ) { arguments in
                let path = arguments[folder]
                let manifest = Files.isFolder(path) ? path + "/manifest.json" : path
                try Verification().run(try LayerVerification.checks(manifest))
            },
            Command(
                name: "nets", summary: "networks: losses, every gradient, and steps of the optimizers",
                operands: [folder]
            ) { arguments in
                let path = arguments[folder]
                let files =
                    Files.isFolder(path)
                    ? try Files.names(in: path).filter { $0.hasSuffix(".json") }.map { path + "/" + $0 } : [path]
                try Verification().run(files.map { NetVerification.check($0) })
            },
        ])
}

extension Verification {
    /// Runs all checks: a line for every failure, and at the end how many passed and failed.
    ///
    /// - Throws: where one failed, or there is none.
    func run(_ checks: [Check]) throws(CommandFailure) {
        var (passed, failed) = (0, 0)
        var bar = ProgressBar(total: checks.count, unit: "checks")
        for (number, check) in checks.enumerated() {
            let failures: [String]
            do throws(CommandFailure) {
                failures = try check.failures(self)
            } catch {
                failures = ["\(error)"]
            }
            for failure in failures { bar.print("\(check.name): \(failure)") }
            if failures.isEmpty { passed += 1 } else { failed += 1 }
            bar.update(done: number + 1, label: "verifying", detail: check.name)
        }
        bar.clear()
        print("\(passed) passed, \(failed) failed")
        if failed > 0 || passed == 0 {
            throw CommandFailure.failed(
                failed > 0 ? "\(failed) of \(checks.count) checks failed" : "there was nothing to check")
        }
    }
}
