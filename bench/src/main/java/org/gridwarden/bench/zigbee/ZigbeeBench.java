package org.gridwarden.bench.zigbee;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.gridwarden.simulator.zigbee.net.Capacity;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench zigbee}: how many meters one network bears. */
@Command(
    name = "zigbee",
    description = {
      "A software model: meters that all hear each other report to one coordinator under both keys;",
      "how many reports are acknowledged end to end, until the channel is full. Says nothing of this",
      "machine.",
    })
public final class ZigbeeBench implements Callable<Integer> {
  private static final int[] METERS = {10, 25, 50, 75, 100, 125, 150, 200};
  private static final int[] INTERVALS = {1, 2, 4};
  private static final double[] LOSSES = {0, 0.1};

  @Option(
      names = "--seconds",
      defaultValue = "30",
      description = "Of the model's time, for each point (${DEFAULT-VALUE}).")
  private int seconds = 30;

  @Option(names = "--svg", paramLabel = "FILE", description = "Draw it, too.")
  private @Nullable Path svg;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    out.println("every   lost  meters  acknowledged  median    channel busy");
    List<Capacity.Point> points = new ArrayList<>();
    for (int interval : INTERVALS) {
      for (double loss : LOSSES) {
        for (int meters : METERS) {
          Capacity.Point p = Capacity.measure(meters, interval, loss, seconds, meters);
          points.add(p);
          out.printf(
              Locale.ROOT,
              "%3d s  %3.0f %%  %6d  %10.1f %%  %6.1f ms  %6.1f %%%n",
              interval,
              loss * 100,
              meters,
              p.delivered() * 100,
              p.medianMillis(),
              p.busy() * 100);
          out.flush();
        }
      }
    }
    Path file = svg;
    if (file != null) {
      Files.writeString(file, CapacityPlot.svg(points));
    }
    return 0;
  }
}
