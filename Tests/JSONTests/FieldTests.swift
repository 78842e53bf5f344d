import AdjointJSON
import Testing

@Suite struct FieldTests {
    private let document = JSONField(["cases": [["stride": [1, 0], "groups": .null]], "name": "n", "lr": 1])

    @Test func reads() throws {
        #expect(try document["name"].string() == "n")
        #expect(try document["lr"].number() == 1)
        #expect(try document["cases"].elements(count: 1)[0]["stride"].integers() == [1, 0])
        #expect(document["cases"].value?.array?.count == 1)
        #expect(document["absent"].present == nil)
        #expect(try document["cases"].elements()[0]["groups"].present == nil)
    }

    @Test func namesThePath() {
        expect("cases[0].stride[1]: expected a whole number from 1 to 64, given 0") {
            try document["cases"].elements()[0]["stride"].integers(in: 1...64)
        }
        expect("cases[0].stride: expected an array of 3, given an array of 2") {
            try document["cases"].elements()[0]["stride"].integers(count: 3)
        }
        expect("name: expected a whole number, given \"n\"") { try document["name"].integer() }
        expect("a.b: expected true or false, given nothing") { try document["a"]["b"].bool() }
        expect("the document: expected a string, given {\"cases\":[{\"stride\":[1,0],\"groups\":null…") {
            try document.string()
        }
    }

    private func expect(_ sentence: String, from read: () throws -> some Any) {
        #expect {
            _ = try read()
        } throws: { error in
            "\(error)" == sentence
        }
    }
}
