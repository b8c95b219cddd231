package org.gridwarden.bench.collect;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.LinkFaults;
import org.gridwarden.simulator.PullSettings;
import org.gridwarden.simulator.PullStreet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench collect}: a day of many meters, each called, its clock, registers, profile and
 * events read by HLS with GMAC, and stored.
 */
@Command(
    name = "collect",
    description = {
      "Collects a day of simulated meters: each is called over TCP, an association with GMAC"
          + " opened,",
      "its clock, registers, 96 intervals and events read, and all of it stored durably. Meters,",
      "head-end and database share this machine.",
    })
public final class CollectBench implements Callable<Integer> {
  @Option(names = "--meters", defaultValue = "10000", description = "Meters (${DEFAULT-VALUE}).")
  private int meters = 10_000;

  @Option(
      names = "--sessions",
      defaultValue = "200",
      description = "Meters read at once (${DEFAULT-VALUE}).")
  private int sessions = 200;

  @Option(
      names = "--per-link",
      defaultValue = "500",
      description = "Meters that share a link (${DEFAULT-VALUE}).")
  private int perLink = 500;

  @Option(
      names = "--at-once",
      defaultValue = "8",
      description = "Of them, read at once (${DEFAULT-VALUE}).")
  private int atOnce = 8;

  @Option(
      names = "--loss",
      defaultValue = "0",
      description = "Percent of answers lost or damaged, half of each (${DEFAULT-VALUE}).")
  private double loss;

  @Option(
      names = "--dead",
      defaultValue = "0",
      description = "Percent of meters that say nothing (${DEFAULT-VALUE}).")
  private double dead;

  @Option(names = "--json", description = "One JSON object on standard output.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    // before the first logger: a benchmark's terminal shows figures, and what goes wrong
    System.setProperty("logback.configurationFile", "org/gridwarden/bench/logback.xml");
    InstantSource clock = InstantSource.system();
    PullSettings street =
        PullSettings.of(meters)
            .withPerLink(perLink)
            .withHistory(Duration.ofDays(2))
            .withFaults(new LinkFaults(loss / 200, loss / 200, dead / 100, 0));
    try (PullStreet field = PullStreet.open(street, Households.load(), clock, 0);
        ReadingOffice office = ReadingOffice.open(clock, Duration.ofSeconds(2))) {
      long began = System.nanoTime();
      office.register(field, meters);
      double registered = (System.nanoTime() - began) / 1e9;
      return new CollectRun(meters, sessions, atOnce, json, spec.commandLine())
          .collect(field, office, clock, registered);
    }
  }
}
