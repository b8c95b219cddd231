package org.gridwarden.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The real thing: head-end, database, API and console, until it is told to stop. */
@Command(
    name = "server",
    description = {
      "Runs the head-end with its database, API and console until Ctrl-C or a polite kill.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden server",
      "  ./gridwarden server --print-config > gridwarden.yaml",
      "  GRIDWARDEN_CONSOLE_PORT=9443 ./gridwarden server --config gridwarden.yaml",
      "",
      "Each key of the file may be overridden by a variable, GRIDWARDEN_SECTION_KEY.",
    })
final class ServerCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration, YAML. Default: gridwarden.yaml where there is one.")
  @Nullable Path config;

  @Option(
      names = "--print-config",
      description = "Print a commented configuration with every key at its default, and end.")
  boolean print;

  @Override
  public Integer call() throws Exception {
    return new ServerRun(this).run();
  }
}
