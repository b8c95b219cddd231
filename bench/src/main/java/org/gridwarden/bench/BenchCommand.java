package org.gridwarden.bench;

import org.gridwarden.bench.billing.BillingCommand;
import org.gridwarden.bench.channels.ChannelsBench;
import org.gridwarden.bench.collect.CollectBench;
import org.gridwarden.bench.command.CommandBench;
import org.gridwarden.bench.decode.DecodeCommand;
import org.gridwarden.bench.dlms.AssociationsBench;
import org.gridwarden.bench.dlms.CodecBench;
import org.gridwarden.bench.dlms.DlmsBench;
import org.gridwarden.bench.intake.AmqpBench;
import org.gridwarden.bench.intake.MqttBench;
import org.gridwarden.bench.store.BillRunBench;
import org.gridwarden.bench.store.LiveBench;
import org.gridwarden.bench.store.MonthBench;
import org.gridwarden.bench.store.StoreBench;
import org.gridwarden.bench.vee.EstimationCommand;
import org.gridwarden.bench.vee.RateCommand;
import org.gridwarden.bench.vee.ValidationCommand;
import org.gridwarden.bench.zigbee.ZigbeeBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./gridwarden bench}: measures this machine. */
@Command(
    name = "bench",
    description = "Measures what this machine does; the figures stand in docs/benchmarks.md.",
    footer = {"  fuzz    Looks for inputs that break a parser: ./gridwarden bench fuzz --help."},
    subcommands = {
      DecodeCommand.class,
      DlmsBench.class,
      CodecBench.class,
      AssociationsBench.class,
      StoreBench.class,
      LiveBench.class,
      CollectBench.class,
      MqttBench.class,
      AmqpBench.class,
      ChannelsBench.class,
      ZigbeeBench.class,
      CommandBench.class,
      EstimationCommand.class,
      ValidationCommand.class,
      RateCommand.class,
      BillingCommand.class,
      BillRunBench.class,
      MonthBench.class
    })
public final class BenchCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a benchmark: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
