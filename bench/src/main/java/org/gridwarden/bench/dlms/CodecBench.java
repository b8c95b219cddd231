package org.gridwarden.bench.dlms;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.gridwarden.dlms.DlmsException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./gridwarden bench dlms-codec}. */
@Command(
    name = "dlms-codec",
    description = {
      "What one APDU takes to encode and to decode, on one thread: nanoseconds and bytes"
          + " allocated,",
      "ours by JMH, Gurux's and jDLMS's by programs of their own in interop/.",
    })
public final class CodecBench implements Callable<Integer> {
  private static final int WARMUPS = 3;
  private static final int RUNS = 5;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      description = "Of one run; each row takes 8 of them with each stack (${DEFAULT-VALUE}).")
  private double seconds = 1;

  @Option(
      names = "--peers",
      paramLabel = "DIR",
      description = "Where the other stacks' programs are (interop/ beside the sources).")
  private @Nullable Path peers;

  @Option(names = "--json", description = "One JSON object on a line.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  private record Cost(double nanos, double bytes) {}

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    long millis = Math.max(1, Math.round(seconds * 1000));
    Path interop = DlmsBench.interop(peers);
    Map<String, Map<Stack, Cost>> rows = new LinkedHashMap<>();
    try {
      Stack.prepare(interop);
      say(err, "ours");
      ours(millis, rows);
      for (Stack peer : List.of(Stack.GURUX, Stack.JDLMS)) {
        say(err, peer.title());
        try (Program program = peer.codec(interop, CodecShapes.words(millis))) {
          theirs(peer, program, rows);
        }
      }
    } catch (IOException | DlmsException | RunnerException e) {
      err.println("gridwarden: the codecs were not measured: " + e.getMessage());
      err.flush();
      return 1;
    }
    out.println(json ? json(rows) : table(rows));
    out.flush();
    return 0;
  }

  private static void say(PrintWriter err, String whose) {
    err.println("measuring " + whose);
    err.flush();
  }

  private static void ours(long millis, Map<String, Map<Stack, Cost>> rows) throws RunnerException {
    for (RunResult result :
        new Runner(
                new OptionsBuilder()
                    .include("^" + CodecRates.class.getName() + "\\.")
                    .forks(1)
                    .threads(1)
                    .warmupIterations(WARMUPS)
                    .warmupTime(TimeValue.milliseconds(millis))
                    .measurementIterations(RUNS)
                    .measurementTime(TimeValue.milliseconds(millis))
                    .addProfiler(GCProfiler.class)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run()) {
      String method = result.getPrimaryResult().getLabel();
      var allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
      add(
          rows,
          method.substring(method.lastIndexOf('.') + 1).replace('_', '-'),
          Stack.OURS,
          new Cost(
              result.getPrimaryResult().getScore(),
              allocated == null ? Double.NaN : allocated.getScore()));
    }
  }

  private static void theirs(Stack peer, Program program, Map<String, Map<Stack, Cost>> rows)
      throws IOException {
    // it says a row each and ends
    for (String line = program.next("row"); !line.isEmpty(); line = program.next("row")) {
      int name = line.indexOf(' ');
      Words cost = Words.of(line.substring(name + 1).split(" "));
      add(
          rows,
          line.substring(0, name).replace('.', '-'),
          peer,
          new Cost(
              Double.parseDouble(cost.text("ns", "NaN")),
              Double.parseDouble(cost.text("alloc", "NaN"))));
    }
  }

  private static void add(Map<String, Map<Stack, Cost>> rows, String name, Stack stack, Cost cost) {
    rows.computeIfAbsent(name, _ -> new TreeMap<>()).put(stack, cost);
  }

  private static double best(Map<Stack, Cost> row, boolean bytes) {
    return Stream.of(Stack.GURUX, Stack.JDLMS)
        .filter(row::containsKey)
        .mapToDouble(peer -> bytes ? cost(row, peer).bytes() : cost(row, peer).nanos())
        .min()
        .orElse(Double.NaN);
  }

  private static Cost cost(Map<Stack, Cost> row, Stack stack) {
    return row.getOrDefault(stack, new Cost(Double.NaN, Double.NaN));
  }

  private static String json(Map<String, Map<Stack, Cost>> rows) {
    StringBuilder out =
        new StringBuilder("{\"bench\":\"dlms-codec\",\"threads\":1,\"peers\":[\"")
            .append(Stack.GURUX.title())
            .append("\",\"")
            .append(Stack.JDLMS.title())
            .append("\"],\"rows\":[");
    String between = "";
    for (var row : rows.entrySet()) {
      out.append(between).append("{\"row\":\"").append(row.getKey()).append('"');
      row.getValue()
          .forEach((stack, cost) ->
              out.append(",\"")
                  .append(stack.folder())
                  .append("\":{\"ns\":")
                  .append(ComparisonText.number(cost.nanos()))
                  .append(",\"alloc_bytes\":")
                  .append(ComparisonText.number(cost.bytes()))
                  .append('}'));
      Cost ours = cost(row.getValue(), Stack.OURS);
      out.append(",\"ratio\":")
          .append(ComparisonText.number(best(row.getValue(), false) / ours.nanos()))
          .append(",\"alloc_ratio\":")
          .append(ComparisonText.number(best(row.getValue(), true) / ours.bytes()))
          .append('}');
      between = ",";
    }
    return out.append("]}").toString();
  }

  private static String table(Map<String, Map<Stack, Cost>> rows) {
    Formatter out = new Formatter(new StringBuilder(), Locale.ROOT);
    out.format(
        "%-26s %9s %9s %9s %6s | %9s %9s %9s %6s%n",
        "", "ours ns", "Gurux", "jDLMS", "ratio", "ours B", "Gurux", "jDLMS", "ratio");
    for (var row : rows.entrySet()) {
      Cost ours = cost(row.getValue(), Stack.OURS);
      Cost gurux = cost(row.getValue(), Stack.GURUX);
      Cost jdlms = cost(row.getValue(), Stack.JDLMS);
      out.format(
          "%-26s %9.0f %9.0f %9.0f %6.1f | %9.0f %9.0f %9.0f %6.1f%n",
          row.getKey(),
          ours.nanos(),
          gurux.nanos(),
          jdlms.nanos(),
          best(row.getValue(), false) / ours.nanos(),
          ours.bytes(),
          gurux.bytes(),
          jdlms.bytes(),
          best(row.getValue(), true) / ours.bytes());
    }
    return out.format("%nRatios: the better peer's to ours.%n").toString();
  }
}
