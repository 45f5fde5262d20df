import Testing

@testable import CommandLineParsing

@Suite struct HelpTextTests {
    @Test func theProgramShowsItsCommands() {
        #expect(
            sample.helpText() == """
                tool - does things

                Usage: tool [OPTION]... COMMAND ...

                A paragraph that is long enough to be wrapped at the eightieth column, where
                every terminal ends.

                Commands:
                  list                    lists files
                  show                    shows a file
                  scan                    scans a directory
                  lookup                  finds hashes

                Options:
                      --socket PATH       The socket of the daemon
                      --json              Print JSON
                      --version           Show the version and exit
                  -h, --help              Show this help and exit

                Examples:
                  tool list --type lora
                      Lists the LoRAs

                """)
    }

    @Test func aCommandShowsItsOptionsAndTheProgramsOwn() {
        #expect(
            sample.helpText(for: ["list"]) == """
                list - lists files

                Usage: tool list [OPTION]...

                Options:
                      --type T            Only this type: lora, checkpoint
                      --state S           Only these states: error, missing
                  -n, --limit N           At most so many
                      --root DIR          Only this root (may be repeated)
                  -a, --all               Everything
                  -h, --help              Show this help and exit

                Options of every command:
                      --socket PATH       The socket of the daemon
                      --json              Print JSON

                """)
        #expect(sample.helpText(for: ["lookup"])?.contains("Usage: tool lookup [OPTION]... HASH...\n") == true)
        #expect(sample.helpText(for: ["scan"])?.contains("Usage: tool scan [OPTION]... [PATH]\n") == true)
        #expect(sample.helpText(for: ["none"]) == nil)
    }
}
