package org.gridwarden.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends the session that {@link LoginCommand} began. */
@Command(
    name = "logout",
    description = "Ends the session that 'login' began.",
    footer = {"", "Example:", "  ./gridwarden logout --user admin"})
final class LogoutCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @Override
  public Integer call() {
    String user = office.endKept();
    var out = spec.commandLine().getOut();
    out.println(user + " is logged out");
    out.flush();
    return Gridwarden.OK;
  }
}
