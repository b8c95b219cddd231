package org.gridwarden.bench.decode;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./gridwarden bench decode}. */
@Command(
    name = "decode",
    description =
        "From ciphered pushes to values: pushes and values a second on one core, in 40 s.")
public final class DecodeCommand implements Callable<Integer> {
  @Option(names = "--json", description = "One JSON object on a line.")
  private boolean json;

  @Override
  public Integer call() {
    return DecodeBench.run(json);
  }
}
