import CivitAIRecords
import JSON

func json(_ text: String) throws -> JSONValue { try JSONValue(Array(text.utf8), keepsNumbers: true) }

func model(_ text: String) throws -> CivitAIModel? { CivitAIModel(try json(text)) }

func version(_ text: String) throws -> CivitAIVersion? { CivitAIVersion(try json(text)) }

/// The only image of a version.
func image(_ text: String) throws -> CivitAIImage? { try version(#"{"id":1,"images":[\#(text)]}"#)?.images?.first }
