package org.gridwarden.bench.vee;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./gridwarden bench estimation}. */
@Command(
    name = "estimation",
    description =
        "How far estimates are from the truth: gaps of 1 slot to 7 days, punched by a seed into"
            + " households that the defaults were not fitted to, per method and length.")
public final class EstimationCommand implements Callable<Integer> {
  @Option(names = "--json", description = "One JSON object on a line.")
  private boolean json;

  @Option(names = "--seed", defaultValue = "8", description = "Where gaps lie (${DEFAULT-VALUE}).")
  private long seed = 8;

  @Option(
      names = "--half-hours",
      paramLabel = "FILE",
      description =
          "A file of the Smart Grid Smart City trial (gzipped CSV:"
              + " customer_id,reading_datetime,general_supply_kwh) to be measured as well.")
  private @Nullable Path halfHours;

  @Option(
      names = "--fit",
      description = "Fits the defaults anew on the other half of the households and prints them.")
  private boolean fit;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    CommandLine line = spec.commandLine();
    EstimationBench bench = new EstimationBench(line.getOut(), line.getErr(), seed);
    return fit ? bench.fit(halfHours) : bench.run(halfHours, json);
  }
}
