import AdjointGraphs
import AdjointPlans

/// `adjoint verify` for CPUs on which the whole of Swift is not available: verify MANIFEST.json | verify NETWORK.json… | verify
///
/// Without a file it checks what those files do not cover: layers large enough for every kernel, and single functions.
@_cdecl("main")
public func main(_ count: Int32, _ arguments: UnsafePointer<UnsafePointer<CChar>>) -> Int32 {
    let files = (1..<Int(count)).map { String(cString: arguments[$0]) }
    var (passed, failed) = (0, 0)
    do throws(CommandFailure) {
        var checks = files.isEmpty ? LargeLayer.checks + functionChecks : []
        for file in files {
            checks +=
                file.hasSuffix("manifest.json") ? try LayerVerification.checks(file) : [NetVerification.check(file)]
        }
        for check in checks {
            let failures = failures(of: check)
            for failure in failures { print("\(check.name): \(failure)") }
            if failures.isEmpty { passed += 1 } else { failed += 1 }
        }
    } catch {
        print(error.sentence)
        failed += 1
    }
    print("\(passed) passed, \(failed) failed")
    print("kernels \(joined(Machine.kernels))")
    return passed > 0 && failed == 0 ? 0 : 1
}

private func failures(of check: Check) -> [String] {
    do throws(CommandFailure) {
        return try check.failures(Verification())
    } catch {
        return [error.sentence]
    }
}
