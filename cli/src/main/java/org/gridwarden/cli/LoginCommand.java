package org.gridwarden.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A session for the commands that follow. */
@Command(
    name = "login",
    description = {
      "Logs a person in, so that the commands that follow need only --user. Asks for what is"
          + " missing; a first password is changed at once.",
      "The session ends by 'logout', after the silence that the server allows, or with the server.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden login --user admin",
      "  ./gridwarden users list --user admin",
      "  ./gridwarden logout --user admin",
    })
final class LoginCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @Override
  public Integer call() {
    String user = office.keep();
    var out = spec.commandLine().getOut();
    out.println(user + " is logged in: the commands that follow need only --user " + user);
    out.flush();
    return Gridwarden.OK;
  }
}
