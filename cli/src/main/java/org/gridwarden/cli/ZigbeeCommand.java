package org.gridwarden.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Coordinators on serial ports, and who is in their networks. */
@Command(
    name = "zigbee",
    description = {
      "Zigbee coordinators at the office's serial ports: who is in their networks, whom to let in.",
      ""
    },
    subcommands = {
      ZigbeeCoordinatorCommand.class,
      ZigbeePermitJoinCommand.class,
      ZigbeeDevicesCommand.class,
      ZigbeeMessageCommand.class,
      ZigbeeToldCommand.class,
      ZigbeeRemoveCommand.class,
      ZigbeeRefreshKeyCommand.class
    })
final class ZigbeeCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
