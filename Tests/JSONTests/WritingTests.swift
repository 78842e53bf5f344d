import AdjointJSON
import Testing

@Suite struct WritingTests {
    private let value: JSON = [
        "z": 1, "a": [true, .null, 0.1, -2.5e-7, "tab\t\"q\" \\ \u{1} é😀"], "empty": [[], [:]],
    ]

    @Test func writesOnOneLine() {
        #expect(
            value.serialized()
                == #"{"z":1,"a":[true,null,0.1,-2.5e-07,"tab\t\"q\" \\ \u0001 é😀"],"empty":[[],{}]}"#)
    }

    @Test func writesIndented() {
        let value: JSON = ["a": [1, 2], "b": [:]]
        #expect(
            value.serialized(indentation: 2) == """
                {
                  "a": [
                    1,
                    2
                  ],
                  "b": {}
                }
                """)
    }

    @Test(arguments: [nil, 0, 3])
    func readsBackWhatItWrites(indentation: Int?) throws {
        #expect(try JSON(parsing: Array(value.serialized(indentation: indentation).utf8)) == value)
    }

    @Test func readsBackEveryNumber() throws {
        let numbers: [Double] = [
            0, -0.0, 0.1, 1 / 3, .pi, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude, 1e15,
            1e16, 1e17, 123_456_789.125, 9_007_199_254_740_992, -1e-5,
        ]
        for number in numbers {
            let back = try JSON(parsing: Array(JSON.number(number).serialized().utf8))
            #expect(back.number?.bitPattern == number.bitPattern)
            #expect(back.integer == nil)
        }
    }

    @Test func writesNullForWhatIsNoNumber() {
        #expect(JSON.array([.number(.nan), .number(.infinity)]).serialized() == "[null,null]")
    }

    @Test func membersKeepTheirPlaces() {
        var object = JSON.Object([("b", 1), ("a", 2), ("b", 3)])
        #expect(JSON.object(object).serialized() == #"{"b":3,"a":2}"#)
        object["c"] = 4
        object["b"] = nil
        object["a"] = 5
        #expect(JSON.object(object).serialized() == #"{"a":5,"c":4}"#)
    }
}
