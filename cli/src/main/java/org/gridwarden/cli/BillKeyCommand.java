package org.gridwarden.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the key that bills are checked with. */
@Command(
    name = "key",
    description = {
      "Prints the public key that bills are checked with (PEM), the audit log's.",
      "Publish it, and keep it apart from the bills: who gets both from one hand proves nothing.",
    })
final class BillKeyCommand implements Runnable {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin OfficeOptions office = new OfficeOptions();

  /** Asks and prints. */
  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (OfficeClient client = office.connect()) {
      out.print(client.text("/bills/key", "text/plain"));
      out.flush();
    }
  }
}
