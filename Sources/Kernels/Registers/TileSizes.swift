// The tiles of accumulators with which each loop fills the registers: 32 with AVX-512 and on arm64, else 16. Only this file,
// `Lanes` and `Lanes+Bits` are changed for a new instruction set.

typealias TwoVectors = Pair<Lanes, Lanes>
typealias ThreeVectors = Pair<TwoVectors, Lanes>
typealias FourVectors = Pair<TwoVectors, TwoVectors>
typealias FiveVectors = Pair<FourVectors, Lanes>
typealias SixVectors = Pair<FourVectors, TwoVectors>
typealias SevenVectors = Pair<FourVectors, ThreeVectors>
typealias EightVectors = Pair<FourVectors, FourVectors>
typealias TwoRows<Part: Columns> = Two<Row<Part>>
typealias ThreeRows<Part: Columns> = Three<Row<Part>>
typealias FourRows<Part: Columns> = Two<Two<Row<Part>>>
typealias FiveRows<Part: Columns> = Stack<FourRows<Part>, Row<Part>>
typealias SixRows<Part: Columns> = Two<ThreeRows<Part>>
typealias SevenRows<Part: Columns> = Stack<FourRows<Part>, ThreeRows<Part>>
typealias EightRows<Part: Columns> = Two<FourRows<Part>>

#if LANES512 || arch(arm64)
    /// The number of vectors in the widest panel: with six rows it fills 24 of 32 registers.
    @inline(__always) var widestPanel: Int { 4 }
#else
    /// The number of vectors in the widest panel: with six rows it fills 12 of 16 registers.
    @inline(__always) var widestPanel: Int { 2 }
#endif

/// A loop that is written once for tiles of every shape.
protocol Sweep {
    /// Sweeps in tiles of `Full`, and of `Last` where fewer rows or vectors are left.
    func sweep<Full: Rows, Last: Rows>(_: Full.Type, _: Last.Type)
}

extension Sweep {
    /// Rows of positions or of a filter × a panel of `width` vectors of columns.
    @inline(__always)
    func sweep(panel width: Int) {
        #if LANES512 || arch(arm64)
            switch width {
            case 4: sweep(FiveRows<FourVectors>.self, ThreeRows<FourVectors>.self)
            case 2: sweep(EightRows<TwoVectors>.self, FourRows<TwoVectors>.self)
            default: sweep(EightRows<Lanes>.self, FourRows<Lanes>.self)
            }
        #else
            switch width {
            case 2: sweep(SixRows<TwoVectors>.self, ThreeRows<TwoVectors>.self)
            default: sweep(EightRows<Lanes>.self, FourRows<Lanes>.self)
            }
        #endif
    }

    /// The same where a panel's rows of the filter are not tested for their neighbours: Winograd's products.
    @inline(__always)
    func sweep(product width: Int) {
        #if LANES512 || arch(arm64)
            switch width {
            case 4: sweep(SixRows<FourVectors>.self, FourRows<FourVectors>.self)
            case 2: sweep(EightRows<TwoVectors>.self, FourRows<TwoVectors>.self)
            default: sweep(EightRows<Lanes>.self, FourRows<Lanes>.self)
            }
        #else
            switch width {
            case 2: sweep(SixRows<TwoVectors>.self, FourRows<TwoVectors>.self)
            default: sweep(EightRows<Lanes>.self, FourRows<Lanes>.self)
            }
        #endif
    }

    /// A row for each column × vectors of pixels.
    @inline(__always)
    func sweep(pixelColumns columns: Int) {
        switch columns {
        #if LANES512
            case 8: sweep(EightRows<ThreeVectors>.self, EightRows<Lanes>.self)
            case 7: sweep(SevenRows<ThreeVectors>.self, SevenRows<Lanes>.self)
            case 6: sweep(SixRows<FourVectors>.self, SixRows<Lanes>.self)
            case 5: sweep(FiveRows<FourVectors>.self, FiveRows<Lanes>.self)
            case 4: sweep(FourRows<FourVectors>.self, FourRows<Lanes>.self)
            case 3: sweep(ThreeRows<FourVectors>.self, ThreeRows<Lanes>.self)
        #elseif LANES256
            case 4: sweep(FourRows<TwoVectors>.self, FourRows<Lanes>.self)
            case 3: sweep(ThreeRows<ThreeVectors>.self, ThreeRows<Lanes>.self)
        #endif
        case 2: sweep(TwoRows<FourVectors>.self, TwoRows<Lanes>.self)
        default: sweep(Row<EightVectors>.self, Row<Lanes>.self)
        }
    }

    /// A vector of sums over pixels for each row of a filter and each column.
    @inline(__always)
    func sweep(pixelSums columns: Int) {
        switch columns {
        #if LANES512
            case 8: sweep(TwoRows<EightVectors>.self, Row<EightVectors>.self)
            case 7: sweep(ThreeRows<SevenVectors>.self, Row<SevenVectors>.self)
            case 6: sweep(FourRows<SixVectors>.self, Row<SixVectors>.self)
            case 5: sweep(FourRows<FiveVectors>.self, Row<FiveVectors>.self)
            case 4: sweep(FourRows<FourVectors>.self, Row<FourVectors>.self)
            case 3: sweep(SixRows<ThreeVectors>.self, ThreeRows<ThreeVectors>.self)
        #elseif LANES256
            case 4: sweep(TwoRows<FourVectors>.self, Row<FourVectors>.self)
            case 3: sweep(ThreeRows<ThreeVectors>.self, Row<ThreeVectors>.self)
        #endif
        case 2: sweep(SixRows<TwoVectors>.self, ThreeRows<TwoVectors>.self)
        default: sweep(EightRows<Lanes>.self, FourRows<Lanes>.self)
        }
    }

    /// A row for each column × `width` vectors of the images of a batch.
    @inline(__always)
    func sweep(images width: Int, columns: Int) {
        #if LANES512 || arch(arm64)
            switch (width, columns % 6) {
            case (4, 0): sweep(SixRows<FourVectors>.self)
            case (4, _): sweep(FourRows<FourVectors>.self)
            case (2, _): sweep(EightRows<TwoVectors>.self)
            default: sweep(EightRows<Lanes>.self)
            }
        #else
            if width == 2 { sweep(SixRows<TwoVectors>.self) } else { sweep(EightRows<Lanes>.self) }
        #endif
    }

    /// A vector of sums over images for each row of a filter and some columns.
    ///
    /// - Parameters:
    ///   - columns: the number of the layer's columns.
    ///   - left: the number of columns whose sums are not begun.
    /// - Returns: the number of columns that were swept.
    @inline(__always)
    func sweep(imageSums columns: Int, left: Int) -> Int {
        #if LANES512 || arch(arm64)
            if columns % 6 == 0 {
                sweep(FourRows<SixVectors>.self, Row<SixVectors>.self)
                return 6
            }
        #endif
        guard left >= 4 else {
            sweep(FourRows<Lanes>.self, Row<Lanes>.self)
            return 1
        }
        #if LANES512 || arch(arm64)
            sweep(SixRows<FourVectors>.self, Row<FourVectors>.self)
        #else
            sweep(TwoRows<FourVectors>.self, Row<FourVectors>.self)
        #endif
        return 4
    }

    /// Rows of a matrix × `width` vectors of columns.
    @inline(__always)
    func sweep(matrix width: Int, rows: Int) {
        switch (width, rows) {
        case (8, _): sweep(Row<EightVectors>.self)
        #if LANES512 || arch(arm64)
            case (4, 1): sweep(Row<FourVectors>.self)
            case (4, 2...3): sweep(ThreeRows<FourVectors>.self)
            case (4, _): sweep(SixRows<FourVectors>.self)
            case (2, 1): sweep(Row<TwoVectors>.self)
            case (2, 2...4): sweep(FourRows<TwoVectors>.self)
            case (2, _): sweep(EightRows<TwoVectors>.self)
        #else
            case (2, 1): sweep(Row<TwoVectors>.self)
            case (2, 2...3): sweep(ThreeRows<TwoVectors>.self)
            case (2, _): sweep(SixRows<TwoVectors>.self)
        #endif
        case (_, 1): sweep(Row<Lanes>.self)
        default: sweep(EightRows<Lanes>.self)
        }
    }

    /// A vector of sums over the depth for each row and some columns of a matrix.
    ///
    /// - Returns: the number of columns that were swept.
    @inline(__always)
    func sweep(matrixSums rows: Int, columns: Int) -> Int {
        if rows == 1, columns >= 8 {
            sweep(Row<EightVectors>.self)
            return 8
        }
        guard columns >= 4 else {
            sweep(FourRows<Lanes>.self)
            return 1
        }
        #if LANES512 || arch(arm64)
            if rows > 2 { sweep(FourRows<FourVectors>.self) } else { sweep(TwoRows<FourVectors>.self) }
        #else
            sweep(TwoRows<FourVectors>.self)
        #endif
        return 4
    }

    /// Sweeps in tiles of one kind; the last one has rows that are not stored.
    @inline(__always)
    private func sweep<Tile: Rows>(_: Tile.Type) { sweep(Tile.self, Tile.self) }
}
