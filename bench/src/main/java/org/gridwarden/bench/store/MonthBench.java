package org.gridwarden.bench.store;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.gridwarden.bench.Report;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench month}: one meter's 30 days behind the HTTP API of a running server, one request
 * after the other for meters drawn by lot, with so many meters' days stored: 34,723 meters are 100
 * million intervals.
 */
@Command(
    name = "month",
    description =
        "One meter's 30 days behind the API, meters drawn by lot, with 100 million intervals stored.")
public final class MonthBench implements Callable<Integer> {
  @Option(names = "--meters", defaultValue = "34723", description = "Meters (${DEFAULT-VALUE}).")
  private int meters = 34_723;

  @Option(names = "--requests", defaultValue = "3000", description = "Requests (${DEFAULT-VALUE}).")
  private int requests = 3_000;

  @Option(
      names = "--warm-up",
      defaultValue = "3000",
      description = "Requests before, not counted (${DEFAULT-VALUE}).")
  private int warmUp = 3_000;

  @Option(names = "--json", description = "One JSON object on a line.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    System.setProperty("logback.configurationFile", "org/gridwarden/bench/logback.xml");
    Report report = new MonthRun(meters, requests, warmUp).report();
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? report.json() : report.table());
    out.flush();
    return 0;
  }
}
