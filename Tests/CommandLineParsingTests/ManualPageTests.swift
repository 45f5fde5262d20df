import Testing

@testable import CommandLineParsing

@Suite struct ManualPageTests {
    @Test func theProgramAndItsCommandsShareAPage() {
        #expect(
            sample.manualPage(section: 1, date: "2025-01-31", release: "tool 1.0") == #"""
                .Dd January 31, 2025
                .Dt TOOL 1
                .Os tool 1.0
                .Sh NAME
                .Nm tool
                .Nd does things
                .Sh SYNOPSIS
                .Nm
                .Op Ar option ...
                .Ar command
                .Op Ar argument ...
                .Sh DESCRIPTION
                A paragraph that is long enough to be wrapped at the eightieth column, where
                every terminal ends.
                .Bl -tag -width Ds
                .It Fl Fl socket Ar PATH
                The socket of the daemon.
                .It Fl Fl json
                Print JSON.
                .It Fl Fl version
                Show the version and exit.
                .It Fl h , Fl Fl help
                Show this help and exit.
                .El
                .Sh COMMANDS
                .Ss list [OPTION]...\&
                Lists files.
                .Bl -tag -width Ds
                .It Fl Fl type Ar T
                Only this type: lora, checkpoint.
                .It Fl Fl state Ar S
                Only these states: error, missing.
                .It Fl n , Fl Fl limit Ar N
                At most so many.
                .It Fl Fl root Ar \&DIR
                Only this root.
                May be repeated.
                .It Fl a , Fl Fl all
                Everything.
                .El
                .Ss show WHAT\&
                Shows a file.
                .Bl -tag -width Ds
                .It Ar WHAT
                Path, id or hash.
                .El
                .Ss scan [PATH]\&
                Scans a directory.
                .Bl -tag -width Ds
                .It Ar PATH
                The directory.
                .El
                .Ss lookup HASH...\&
                Finds hashes.
                .Bl -tag -width Ds
                .It Ar HASH
                Hashes.
                .El
                .Sh EXAMPLES
                Lists the LoRAs:
                .Dl tool list \-\-type lora

                """#)
    }

    @Test func textCannotBecomeARequest() {
        let command = CommandSpecification(
            name: "x", summary: "does . and Pp", discussion: [".so /etc/passwd", #"a \n b"#])
        let page = command.manualPage(section: 8, date: "2025-01-31", release: "x")
        #expect(page.contains(".Nd does \\&. and \\&Pp\n"))
        #expect(page.contains("\n\\&.so /etc/passwd\n.Pp\na \\en b\n"))
    }
}
