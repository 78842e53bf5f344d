import AdjointGradients
import AdjointGraphs
import AdjointPlans

/// What `check-embedded` runs natively and as WebAssembly: both must print the same.
@main enum Probe {
    static func main() { run() }
}

@_expose(wasm, "run") @_cdecl("adjoint_probe_run")
public func run() {
    do throws(GraphError) {
        let energy = try Graph { g in
            let v = g.input("V", [1, 1, 3, 3])
            let w = g.input("W", [1, 1, 2, 2])
            return v.convolved(with: w, stride: 1).tanh().squared().sum()
        }
        let gradient = try energy.gradient(of: "W")
        print(gradient.description)
        let inputs = [
            "V": try Tensor([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9].map { Float($0) / 8 }),
            "W": try Tensor([1, 1, 2, 2], [1, -1, 2, 0].map { Float($0) / 8 }),
        ]
        print("evaluated \(try gradient.evaluated(inputs)["∂W"]?.description ?? "nothing")")
        do throws(PlanError) {
            print("computed  \(try gradient.compiled(options: PlanOptions(cpu: "baseline")).run(inputs).description)")
        } catch {
            print(error.description)
        }
        _ = try energy.gradient(of: "X")
    } catch {
        print(error.description)
    }
}
