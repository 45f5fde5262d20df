// swift-tools-version: 6.2
import PackageDescription

// One line a target: purpose and allowed imports stand in README.md ("Where things are"), and
// scripts/check-dependencies holds this graph to it.

/// Every Swift target: Swift 6 mode, warnings are errors, each unsafe use is marked.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(
    _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil
) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.init(stringLiteral: name), "TestSupport"] + dependencies,
        swiftSettings: settings)
}

func system(_ name: String, _ pkgConfig: String, _ package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

let package = Package(
    name: "kikod",
    products: [
        .executable(name: "kikod", targets: ["kikod"]),
        .executable(name: "kikod-ctl", targets: ["kikod-ctl"]),
    ],
    targets: [
        // Layer 0: C.
        system("CSQLite", "sqlite3", "libsqlite3-dev"),
        system("CSystemd", "libsystemd", "libsystemd-dev"),
        system("CCurl", "libcurl", "libcurl4-openssl-dev"),
        system("CCrypto", "libcrypto", "libssl-dev"),
        system("CYAML", "yaml-0.1", "libyaml-dev"),
        system("CMicroHTTPD", "libmicrohttpd", "libmicrohttpd-dev"),
        system("CDeflate", "libdeflate", "libdeflate-dev"),
        .target(name: "CDigests"),
        .target(name: "CLinux", cSettings: [.define("_GNU_SOURCE")]),

        // Layer 1: one purpose each, knows nothing of models.
        library("LinuxSystem", ["CLinux"]),
        library("Logging"),
        library("ServiceLifecycle", ["LinuxSystem", "Logging"]),
        library("Systemd", ["CSystemd", "LinuxSystem", "Logging"]),
        library("YAML", ["CYAML"]),
        library("SQLite", ["CSQLite", "LinuxSystem"]),
        library("Hashing", ["CCrypto", "CDeflate", "CDigests", "LinuxSystem"]),
        library("HTTPClient", ["CCurl"]),
        library("HTTPServer", ["CMicroHTTPD", "LinuxSystem", "Logging"]),
        library("DirectoryWatching", ["LinuxSystem", "Logging"]),
        library("CommandLineParsing"),
        library("JSON"),

        // Layer 2: the index.
        library("ModelFormats", ["CDeflate", "JSON", "LinuxSystem"]),
        library("Configuration", ["YAML", "LinuxSystem"]),
        library("CivitAIRecords", ["JSON", "LinuxSystem"]),
        library("CivitAI", ["CivitAIRecords", "HTTPClient", "JSON", "LinuxSystem"]),
        library(
            "Catalog", ["SQLite", "Logging", "LinuxSystem", "CDeflate", "CivitAIRecords", "JSON"],
            resources: [
                .embedInCode("Migrations/0001-initial.sql"), .embedInCode("Migrations/0002-places.sql"),
                .embedInCode("Migrations/0003-reading.sql"), .embedInCode("Migrations/0004-identification.sql"),
                .embedInCode("Migrations/0005-civitai.sql"), .embedInCode("Migrations/0006-answers.sql"),
            ]),
        library(
            "Indexing",
            [
                "DirectoryWatching", "Hashing", "HTTPClient", "ModelFormats", "Catalog", "CivitAI", "CivitAIRecords",
                "ServiceLifecycle", "LinuxSystem", "Logging",
            ]),
        library("IndexAPI", ["JSON"]),
        library(
            "APIServer",
            ["IndexAPI", "HTTPServer", "Catalog", "Indexing", "ServiceLifecycle", "LinuxSystem", "Logging"]),
        library("APIClient", ["IndexAPI", "HTTPClient"]),

        // Layer 3: the programs.
        library(
            "Daemon",
            [
                "APIServer", "Catalog", "CommandLineParsing", "Configuration", "HTTPServer", "Indexing", "LinuxSystem",
                "Logging", "ServiceLifecycle", "Systemd",
            ]),
        library("ControlCommands", ["CommandLineParsing", "APIClient", "IndexAPI", "LinuxSystem"]),
        .executableTarget(name: "kikod", dependencies: ["Daemon"], swiftSettings: settings),
        .executableTarget(name: "kikod-ctl", dependencies: ["ControlCommands"], swiftSettings: settings),
        .executableTarget(
            name: "write-documentation",
            dependencies: ["CommandLineParsing", "ControlCommands", "Daemon", "IndexAPI", "LinuxSystem"],
            swiftSettings: settings),

        // Tests.
        .target(name: "CTestSupport", path: "Tests/CTestSupport", cSettings: [.define("_GNU_SOURCE")]),
        .target(
            name: "TestSupport", dependencies: ["CTestSupport", "LinuxSystem"], path: "Tests/TestSupport",
            swiftSettings: settings),
        .executableTarget(
            name: "torture",
            dependencies: ["APIClient", "CommandLineParsing", "IndexAPI", "LinuxSystem", "TestSupport", "kikod"],
            path: "Tests/Torture", swiftSettings: settings),
        .executableTarget(
            name: "bench",
            dependencies: [
                "APIClient", "CommandLineParsing", "HTTPServer", "IndexAPI", "LinuxSystem", "StandInCivitAI",
                "TestSupport", "kikod",
            ],
            path: "Tests/Bench", swiftSettings: settings),
        .target(
            name: "StandInCivitAI", dependencies: ["CTestSupport", "HTTPServer", "LinuxSystem", "TestSupport"],
            path: "Tests/StandInCivitAI", swiftSettings: settings),
        .executableTarget(
            name: "stand-in-civitai", dependencies: ["CommandLineParsing", "LinuxSystem", "StandInCivitAI"],
            path: "Tests/StandInCivitAIProgram", swiftSettings: settings),
        tests("LinuxSystem"),
        tests("Logging", ["LinuxSystem"]),
        tests("ServiceLifecycle", ["Logging"]),
        tests("Systemd", ["Logging"]),
        tests("YAML"),
        tests("SQLite", ["CSQLite", "LinuxSystem"]),
        tests("Hashing", ["CDigests"]),
        tests("HTTPClient", ["LinuxSystem"]),
        tests("HTTPServer", ["LinuxSystem", "Logging"]),
        tests("DirectoryWatching", ["LinuxSystem", "Logging"]),
        tests("CommandLineParsing", ["LinuxSystem"]),
        tests("JSON"),
        tests("ModelFormats", ["JSON"]),
        tests("CivitAIRecords", ["JSON"]),
        tests("CivitAI", ["CivitAIRecords", "HTTPClient", "StandInCivitAI"]),
        tests("Configuration"),
        tests("Catalog", ["SQLite", "LinuxSystem", "Logging", "CivitAIRecords"]),
        tests("Indexing", ["Catalog", "SQLite", "StandInCivitAI", "Logging", "LinuxSystem"]),
        tests("IndexAPI"),
        tests(
            "APIServer", ["IndexAPI", "Catalog", "HTTPServer", "Indexing", "JSON", "LinuxSystem", "Logging", "SQLite"]),
        tests("ControlCommands", ["APIClient", "IndexAPI", "CommandLineParsing", "LinuxSystem"]),
        tests("StandInCivitAI", ["HTTPClient", "LinuxSystem"]),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "TestSupport", "StandInCivitAI", "APIClient", "Catalog", "IndexAPI", "LinuxSystem", "SQLite", "kikod",
                "kikod-ctl", "torture",
            ],
            swiftSettings: settings),
    ]
)
