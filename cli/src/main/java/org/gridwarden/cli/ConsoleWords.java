package org.gridwarden.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What an operator may say over SSH: the command line's own commands, as far as they are named
 * here, without whatever would touch a file of the server's machine, its variables or its terminal.
 * A new command is not among them until somebody puts it here.
 */
final class ConsoleWords {
  /** The commands; their groups are there with them. */
  static final List<String> COMMANDS =
      List.of(
          "meters list",
          "meters show",
          "meters waiting",
          "meters quarantine",
          "meters release",
          "readings",
          "alarms",
          "alarms acknowledge",
          "cases list",
          "cases show",
          "cases note",
          "cases close",
          "account list",
          "account show",
          "account tariff",
          "work list",
          "work show",
          "work assign",
          "collection status",
          "collection read",
          "collection reach",
          "command list",
          "command show",
          "command approve",
          "command refuse",
          "command policy show",
          "command policy approve",
          "command policy refuse",
          "command key list",
          "command key approve",
          "command key revoke",
          "firmware meter",
          "firmware image list",
          "firmware campaign status",
          "firmware campaign stop",
          "firmware campaign resume",
          "audit list",
          "audit key",
          "audit prove");

  /** Which server, and as whom: that is settled. */
  private static final Set<String> SETTLED =
      Set.of("--data", "--url", "--token-file", "--user", "--password", "--new-password", "--code");

  private ConsoleWords() {}

  /** A new command line of these words. */
  static CommandLine commandLine() {
    CommandLine line = Gridwarden.commandLine();
    prune(line, "");
    line.addSubcommand(new ConsoleExportCommand());
    Optional.ofNullable(line.getSubcommands().get("audit"))
        .ifPresent(audit -> audit.addSubcommand(new ConsoleVerifyCommand()));
    line.addSubcommand(new CommandLine.HelpCommand());
    line.getCommandSpec()
        .usageMessage()
        .description("What an operator may do here; the API's own rules say who may what.", "");
    withoutFiles(line);
    return line;
  }

  /** A word that begins with @ would be read as a file of words. */
  private static void withoutFiles(CommandLine line) {
    line.setExpandAtFiles(false);
    line.getSubcommands().values().forEach(ConsoleWords::withoutFiles);
  }

  private static void prune(CommandLine line, String path) {
    CommandSpec spec = line.getCommandSpec();
    for (ArgSpec arg : List.copyOf(spec.args())) {
      List<CommandSpec> mixins =
          spec.mixins().values().stream().filter(mixin -> mixin.args().contains(arg)).toList();
      if (settled(arg) && !mixins.isEmpty()) {
        // a method's arguments are counted by what its mixins hold
        mixins.forEach(mixin -> mixin.remove(arg));
        spec.remove(arg);
      } else if (settled(arg) || isFile(arg)) {
        throw new IllegalStateException(path + " names a file: it is no word of the console");
      }
    }
    for (var sub : List.copyOf(line.getSubcommands().entrySet())) {
      String name = (path + " " + sub.getKey()).strip();
      if (COMMANDS.stream().anyMatch(c -> c.equals(name) || c.startsWith(name + " "))) {
        prune(sub.getValue(), name);
      } else {
        spec.removeSubcommand(sub.getKey());
      }
    }
  }

  private static boolean settled(ArgSpec arg) {
    return arg instanceof OptionSpec option
        && Set.of(option.names()).stream().anyMatch(SETTLED::contains);
  }

  /** Whether it names a file, alone or among others. */
  static boolean isFile(ArgSpec arg) {
    return Path.class.isAssignableFrom(arg.type())
        || List.of(arg.auxiliaryTypes()).stream().anyMatch(Path.class::isAssignableFrom);
  }
}
