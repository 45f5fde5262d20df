import SQLite
import TestSupport
import Testing

@testable import Catalog

/// What may be written later, and what never.
@Suite struct TroubleTests {
    @Test(arguments: [ResultCode.full, .inputOutput, .readOnly, .cannotOpen, .busy, .locked, .outOfMemory])
    func whatLiesInTheSystemPasses(code: ResultCode) {
        #expect(ModelCatalog.isPassing(SQLiteError(code, "no")))
        // The same, more precisely.
        #expect(ModelCatalog.isPassing(SQLiteError(ResultCode(rawValue: code.rawValue | 3 << 8), "no")))
    }

    @Test(arguments: [ResultCode.constraintUnique, .corrupt, .misuse, .mismatch, .notADatabase])
    func whatLiesInTheContentDoesNot(code: ResultCode) { #expect(!ModelCatalog.isPassing(SQLiteError(code, "no"))) }

    @Test func otherErrorsSayNothingOfTheDatabase() { #expect(!ModelCatalog.isPassing(TestFailure("no"))) }
}
