package org.gridwarden.bench.channels;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.gridwarden.bench.net.Link;
import picocli.CommandLine.ParameterException;

/** Runs {@code bench channels}; apart from the command, which is loaded with every other one. */
final class ChannelsRun {
  private static final List<Figure> SHOWN =
      List.of(
          Figure.METERS,
          Figure.SETUP_BYTES,
          Figure.SETUP_P50,
          Figure.WIRE_BYTES,
          Figure.PACKETS,
          Figure.UP_P50,
          Figure.ACKNOWLEDGED_P50,
          Figure.ACKNOWLEDGED_P95,
          Figure.RECEIPT_P50,
          Figure.DELIVERED_PERCENT,
          Figure.DUPLICATES,
          Figure.MESSAGES_A_SECOND,
          Figure.DAY_ENERGY);

  private final ChannelsBench command;

  ChannelsRun(ChannelsBench command) {
    this.command = command;
  }

  int run() throws IOException, InterruptedException {
    Settings settings;
    try {
      settings = settings();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    PrintWriter err = command.spec.commandLine().getErr();
    PrintWriter out = command.spec.commandLine().getOut();
    List<String> without = new ArrayList<>();
    List<Variant> measured = measurable(settings, without);
    without.forEach(line -> err.println("without " + line));
    if (measured.isEmpty()) {
      err.flush();
      return 1;
    }
    settings = settings.with(measured);
    if (settings.pcap().isPresent()) {
      Files.createDirectories(settings.pcap().get());
    }
    Testbed.Outcome outcome;
    try {
      outcome = new Testbed(settings, err).run();
    } catch (IOException e) {
      err.println("gridwarden: the test-bed has failed: " + e.getMessage());
      err.flush();
      return 1;
    }
    outcome = outcome.and(ZigbeeModelRow.of(settings, outcome.results()));
    List<Result> results = outcome.results();
    if (command.html != null) {
      Files.writeString(
          command.html,
          new HtmlReport(settings, outcome, without, InstantSource.system().instant()).page());
      err.println("the report is in " + command.html.toAbsolutePath());
    }
    Path csv = command.csv;
    if (csv == null && command.html != null) {
      csv = beside(command.html);
    }
    if (csv != null) {
      List<String> lines = new ArrayList<>(List.of(Result.head()));
      results.forEach(r -> lines.add(r.csv()));
      Files.write(csv, lines);
      err.println("its figures are in " + csv.toAbsolutePath());
    }
    if (command.json) {
      out.println(
          "{\"link\":\""
              + quotable(outcome.how())
              + "\",\"shaped\":"
              + outcome.shaped()
              + ",\"failed\":"
              + outcome.failed().stream()
                  .map(why -> '"' + quotable(why) + '"')
                  .collect(Collectors.joining(",", "[", "]"))
              + ",\"variants\":"
              + results.stream().map(Result::json).collect(Collectors.joining(",", "[", "]"))
              + ",\"claims\":"
              + Claims.of(results).stream()
                  .map(Claims.Claim::json)
                  .collect(Collectors.joining(",", "[", "]"))
              + "}");
    } else {
      out.print(table(results));
      Claims.of(results).forEach(claim -> out.println(claim.line()));
    }
    outcome.failed().forEach(why -> err.println("gridwarden: not measured: " + why));
    out.flush();
    err.flush();
    return outcome.failed().isEmpty() ? 0 : 1;
  }

  /** What may stand between the quotation marks of JSON. */
  private static String quotable(String text) {
    return text.replaceAll("[\"\\\\]", "'").replaceAll("\\p{Cntrl}", " ");
  }

  /** The file of a page's figures: of the same name, with {@code .csv}. */
  static Path beside(Path page) {
    String name = String.valueOf(page.getFileName());
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 && !name.endsWith(".csv") ? name.substring(0, dot) : name;
    return page.resolveSibling(stem + ".csv");
  }

  /** Those that this machine has what they need for; of the others, why not. */
  private static List<Variant> measurable(Settings settings, List<String> without) {
    return settings.variants().stream()
        .filter(variant -> {
          boolean can = !settings.tls() || variant.canBeSecure();
          if (!can) {
            without.add(variant.name() + ": it has no TLS; see coap-dtls");
          }
          return can;
        })
        .filter(variant -> {
          Optional<String> missing = variant.missing();
          missing.ifPresent(without::add);
          return missing.isEmpty();
        })
        .toList();
  }

  private Settings settings() {
    return new Settings(
        Variant.chosen(ZigbeeModelRow.without(command.channels), command.qos),
        command.meters,
        link(),
        command.every,
        command.lasting,
        command.idle,
        Math.min(command.orders, command.meters),
        command.outage,
        command.flood,
        command.seed,
        tls(command.tls),
        command.loopback,
        ZigbeeModelRow.isIn(command.channels),
        Optional.<Path>ofNullable(command.pcap));
  }

  private static boolean tls(String word) {
    return switch (word) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException("--tls is on or off, not " + word);
    };
  }

  private Link link() {
    String name = command.link;
    Link link =
        name == null
            ? Link.PERFECT
            : Link.preset(name)
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "'" + name + "' is no link; there are " + Link.presets()));
    if (command.rate != null) {
      link = link.withRate(command.rate);
    }
    if (command.delay != null) {
      link = link.withDelay(Duration.ofMillis(command.delay));
    }
    if (command.loss != null) {
      link = link.withLoss(command.loss);
    }
    return link;
  }

  private static String table(List<Result> results) {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%-28s", ""));
    results.forEach(r -> text.append(String.format(Locale.ROOT, "%15s", r.name())));
    text.append('\n');
    for (Figure figure : SHOWN) {
      if (results.stream().noneMatch(r -> r.get(figure).isPresent())) {
        continue;
      }
      text.append(
          String.format(Locale.ROOT, "%-28s", figure.column() + " (" + figure.unit() + ")"));
      results.forEach(r ->
          text.append(
              String.format(
                  Locale.ROOT,
                  "%15s",
                  r.get(figure).map(v -> String.format(Locale.ROOT, "%.1f", v)).orElse("-"))));
      text.append('\n');
    }
    return text.toString();
  }
}
