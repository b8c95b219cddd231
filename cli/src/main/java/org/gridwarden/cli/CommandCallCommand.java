package org.gridwarden.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Calls a group of meters by multicast: they tell their readings now. Asks no server. */
@Command(
    name = "call",
    description =
        "Calls a group of meters by CoAP multicast, under your signature, to tell their readings"
            + " now. Nothing else can be ordered so: no switching, price, clock, keys or firmware."
            + " Asks no server; run it in the meters' network.",
    footer = {
      "",
      "Example:",
      "  ./gridwarden command call F-1 --to 239.192.0.1:5683 --on eth0 \\",
      "    --by olivia --key olivia.p12"
    })
final class CommandCallCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private SignerOptions signer = new SignerOptions();

  @Parameters(
      paramLabel = "GROUP",
      description = "The group's name, as its meters were given it at their making: a feeder's.")
  private String group = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "ADDRESS:PORT",
      description = "The group's multicast address and port, as 239.192.0.1:5683.")
  private String to = "";

  @Option(
      names = "--on",
      required = true,
      paramLabel = "INTERFACE",
      description = "By which network interface, as eth0.")
  private String on = "";

  @Option(names = "--by", required = true, paramLabel = "NAME", description = "Who calls: you.")
  private String by = "";

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "10m",
      description = "How long the call holds, 24h at most. Default: ${DEFAULT-VALUE}.")
  private Duration lasting = Duration.ofMinutes(10);

  @Override
  public Integer call() {
    return new CommandCallRun(spec.commandLine().getOut()).run(group, to, on, by, lasting, signer);
  }
}
