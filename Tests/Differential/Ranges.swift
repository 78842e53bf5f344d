import Foundation

// What cases are drawn from. The sizes are those at which a plan's optimizations set in: tiles of Winograd from about
// twelve channels on, phases of strided and transposed layers, vectors of pixels for few filters, images side by side for
// few channels on batches of whole vectors, depthwise vectors, filters cut into parts, turns through a batch from 16 MiB
// on, filters prepared once, activations computed again, states updated in place.
//
//     layers     one convolution or transposed convolution of 1 to 3 axes, forward, gradients and second order;
//                2^16 to 2^27 multiply-adds
//     chains     one to five of them with biases, activations, pools, residuals, movements and dense layers between;
//                activations of 2^10 to 2^20 floats, a third of 2^19 to 2^21, at most 2^29 multiply-adds a layer; forward, gradients, at times
//                second order, states that are updated, exchanged or prepared
//     networks   convolutions, normalizations, blocks of several kinds, pools, dropout and dense layers, trained for two
//                steps by every optimizer; at most 2^26 multiply-adds a layer and sample batch

enum Ranges {
    static let batches = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 22, 32, 33, 48, 64]
    static let channels = [
        1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 15, 16, 17, 20, 24, 31, 32, 33, 40, 48, 63, 64, 65, 96, 100, 128, 130, 192,
        256, 257,
        320, 384, 512,
    ]
    static let manyChannels = channels.filter { $0 >= 12 }
    static let kernels = [1, 1, 2, 3, 3, 3, 3, 4, 5, 5, 6, 7, 9]
    static let largestSide = 128
    static let filterFloats = 1 << 20
    static let layerWork = 0x1p16...0x1p27
    static let chainFloats = 0x1p10...0x1p20
    static let turnFloats = 0x1p19...0x1p21
    static let chainWork = 0x1p29
    static let networkWork = 0x1p26
}

extension Double {
    var logarithm: Double { Foundation.log(self) }
    var exponential: Double { Foundation.exp(self) }
}
