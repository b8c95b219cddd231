package org.gridwarden.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Tools for the meters' language; they need no server. */
@Command(
    name = "dlms",
    description = "Tools for DLMS/COSEM; they need no server.",
    subcommands = {
      DlmsDecodeCommand.class,
      DlmsReadCommand.class,
      DlmsObjectsCommand.class,
      DlmsSetCommand.class,
      DlmsActionCommand.class,
      DlmsClockCommand.class,
      DlmsMeterCommand.class
    })
final class DlmsCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a command of its own: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
