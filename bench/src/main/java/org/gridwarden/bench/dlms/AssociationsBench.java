package org.gridwarden.bench.dlms;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./gridwarden bench associations}. */
@Command(
    name = "associations",
    description = {
      "Opens many associations (HLS with GMAC, everything ciphered) of our client with our meter",
      "over loopback, all open at once, client and meter in one JVM with a heap of 1 GiB; then",
      "asks one GET on each.",
    })
public final class AssociationsBench implements Callable<Integer> {
  @Option(names = "--count", defaultValue = "10000", description = "How many (${DEFAULT-VALUE}).")
  private int count = 10_000;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "How often each is asked (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--heap",
      defaultValue = "1g",
      paramLabel = "SIZE",
      description = "The greatest heap, as -Xmx takes it (${DEFAULT-VALUE}).")
  private String heap = "1g";

  @Option(names = "--json", description = "One JSON object on a line.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    if (count < 1 || rounds < 1) {
      err.println("gridwarden: --count and --rounds are at least 1");
      err.flush();
      return 2;
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ManyAssociations.class.getName());
    command.add("count=" + count);
    command.add("rounds=" + rounds);
    command.add("json=" + json);
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      err.println("gridwarden: no JVM with a heap of " + heap + " could be started: " + e);
      err.flush();
      return 1;
    }
  }
}
