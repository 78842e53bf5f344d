/// destination[Σ index · destinationStrides] = source[Σ index · sourceStrides] for every index below `sizes`; four-byte
/// elements of any kind. Strides may be negative; a source stride may be 0.
public struct CopyArguments {
    public var source: UnsafePointer<Float>
    public var destination: UnsafeMutablePointer<Float>
    public var rank: Int
    public var sizes: AxisList
    public var sourceStrides: AxisList
    public var destinationStrides: AxisList

    public init(
        source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>,
        rank: Int, sizes: AxisList, sourceStrides: AxisList, destinationStrides: AxisList
    ) {
        (self.source, self.destination, self.rank, self.sizes) = (source, destination, rank, sizes)
        (self.sourceStrides, self.destinationStrides) = (sourceStrides, destinationStrides)
    }
}

/// Sets `count` floats to a value.
public struct FillArguments {
    public var destination: UnsafeMutablePointer<Float>
    public var count: Int
    public var value: Float

    public init(destination: UnsafeMutablePointer<Float>, count: Int, value: Float) {
        (self.destination, self.count, self.value) = (destination, count, value)
    }
}

/// Uniform floats in [0, 1) from a counter-based generator (Threefry-2x32, 20 rounds; Salmon et al., SC 2011):
/// element i is the first word of threefry(key: (key, stream), counter: (counter, i)), its upper 24 bits over 2^24.
public struct RandomArguments {
    public var key: UnsafePointer<Int32>
    public var counter: UnsafePointer<Int32>
    public var stream: UInt32
    public var destination: UnsafeMutablePointer<Float>
    public var count: Int

    public init(
        key: UnsafePointer<Int32>, counter: UnsafePointer<Int32>, stream: UInt32,
        destination: UnsafeMutablePointer<Float>, count: Int
    ) {
        (self.key, self.counter, self.stream, self.destination) = (key, counter, stream, destination)
        self.count = count
    }
}
