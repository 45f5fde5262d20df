package import CommandLineParsing
internal import Configuration
internal import IndexAPI

/// The command line of kikod: one description for parsing, help, completion and the manual page.
package enum DaemonCommand {
    /// What kikod takes.
    package static let specification = CommandSpecification(
        name: "kikod",
        summary: "Keep an index of AI image-model files current",
        discussion: [
            "kikod watches directories of model files, hashes each file once, keeps what it learns in a SQLite "
                + "database, and answers kikod-ctl and any other program on a Unix socket. It runs in the foreground.",
            "Settings come from, last wins: built-in defaults, the YAML file, the environment (MODEL_PATH, "
                + "CONFIG_DATA_PATH, CIVITAI_API_KEY), flags. SIGHUP reads the file again.",
            "Exit status: 0 ended as asked, 1 failed while running, 64 usage, 69 another process holds a needed "
                + "resource, 78 configuration.",
        ],
        examples: [
            CommandSpecification.Example("kikod --root ~/ComfyUI/models", "Index a directory until it is stopped."),
            CommandSpecification.Example(
                "kikod --root /mnt/nas/loras:lora --once", "Index a directory of LoRAs and end."),
            CommandSpecification.Example(
                "kikod --config kikod.yaml --check-config", "Tell what is wrong with a configuration."),
        ],
        options: [
            OptionSpecification(
                "config", value: ValueSpecification("FILE", .file),
                help: "Read this configuration file instead of the usual ones"),
            OptionSpecification(
                "root", value: ValueSpecification("DIR[:TYPE]", .directory), repeatable: true,
                help: "Watch this directory too; TYPE is the model type of files whose content does not decide"),
            OptionSpecification(
                "data-dir", value: ValueSpecification("DIR", .directory), help: "Keep the database in this directory"),
            OptionSpecification(
                "socket", value: ValueSpecification("PATH", .file), help: "Answer on this Unix socket"),
            OptionSpecification("no-civitai", help: "Make no request to CivitAI"),
            OptionSpecification(
                "once", help: "End when every root is reconciled and every file was tried once"),
            OptionSpecification("check-config", help: "Check the configuration, print its faults, and end"),
            OptionSpecification(
                "log-level",
                value: ValueSpecification("LEVEL", .choice(LogLevelSetting.allCases.map(\.rawValue))),
                help: "Log messages of this level and above"),
        ],
        version: kikodVersion)

    /// What the flags say about the settings.
    static func overrides(_ command: ParsedCommand) -> CommandLineOverrides {
        var overrides = CommandLineOverrides()
        overrides.configurationFile = command.value("config")
        overrides.roots = command.values("root")
        overrides.dataDirectory = command.value("data-dir")
        overrides.socket = command.value("socket")
        overrides.withoutCivitAI = command.flag("no-civitai")
        overrides.logLevel = command.value("log-level").flatMap(LogLevelSetting.init(rawValue:))
        return overrides
    }
}
