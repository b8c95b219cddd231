package org.gridwarden.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The whole thing on this machine: database, head-end, console, and a street that pushes. */
@Command(
    name = "demo",
    description = {
      "Starts the embedded PostgreSQL, the head-end and its console, and a simulated street of"
          + " meters that push into it; on this machine's loopback addresses only.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden demo",
      "  ./gridwarden demo --meters 1000 --for 60s --json",
      "  ./gridwarden demo --channels all",
      "  ./gridwarden demo --channels dlms,mqtt,coap=15683",
      "",
      "Ctrl-C stops it in good order. Every reading that was acknowledged to a meter is then",
      "looked up in the database: exit code 0 only if all are there, once.",
    })
final class DemoCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Mixin StreetOptions street = new StreetOptions();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where everything is kept. Default: data/demo beside ./gridwarden.")
  @Nullable Path data;

  @Option(names = "--fresh", description = "Throw the demo's former data away first.")
  boolean fresh;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The console's port. Default: 8443, or a free one where that is taken.")
  @Nullable Integer port;

  @Option(
      names = "--dlms-port",
      paramLabel = "PORT",
      description = "The port that meters push to. Default: 4059, or a free one.")
  @Nullable Integer dlmsPort;

  @Option(
      names = "--channels",
      paramLabel = "NAME[=PORT],...",
      defaultValue = "dlms",
      description = {
        "What the meters speak, shared out evenly: dlms, mqtt, coap, http, websocket,"
            + " amqp, xmpp (takes Debian's prosody), sip, or all."
            + " Default: ${DEFAULT-VALUE}.",
        "Each listens at its usual port where that is free, or at PORT (0: any free one).",
      })
  String channels = "dlms";

  @Override
  public Integer call() throws Exception {
    return new DemoRun(this).run();
  }
}
