// The gradient of a filter: as a graph, as a plan, and as numbers.

import Adjoint

let energy = try Graph { g in
    let v = g.input("V", [1, 1, 3, 3])
    let w = g.input("W", [1, 1, 2, 2])
    return v.convolved(with: w, stride: 1).squared().sum()
}
let gradient = try energy.gradient(of: "W")
print(gradient)

let plan = try gradient.compiled()
let dW = try plan.run([
    "V": Tensor([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9] as [Float]),
    "W": Tensor([1, 1, 2, 2], [1, -1, 2, 0] as [Float]),
])
print(dW)

// prints %0 = input V  : float32[1, 1, 3, 3]
// prints %1 = input W  : float32[1, 1, 2, 2]
// prints %2 = convolution(V, W) role: output  : float32[1, 1, 2, 2]
// prints %3 = constant 2  : float32[]
// prints %4 = broadcast(%3) along axes [0, 1, 2, 3]  : float32[1, 1, 2, 2]
// prints %5 = multiply(%2, %4)  : float32[1, 1, 2, 2]
// prints %6 = convolution(V, %5) role: filter  : float32[1, 1, 2, 2]
// prints ∂W -> %6
// prints float32[1, 1, 2, 2] {304, 392, 568, 656}
