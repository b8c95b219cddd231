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
    List<Result> results = outcome.results();
    if (command.csv != null) {
      List<String> lines = new ArrayList<>(List.of(Result.head()));
      results.forEach(r -> lines.add(r.csv()));
      Files.write(command.csv, lines);
    }
    if (command.html != null) {
      Files.writeString(
          command.html, new HtmlReport(settings, outcome, InstantSource.system().instant()).page());
      err.println("the report is in " + command.html.toAbsolutePath());
    }
    if (command.json) {
      out.println(
          "{\"link\":\""
              + outcome.how().replace("\"", "'")
              + "\",\"shaped\":"
              + outcome.shaped()
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
    out.flush();
    err.flush();
    return 0;
  }

  private Settings settings() {
    return new Settings(
        Variant.chosen(command.channels, command.qos),
        command.meters,
        link(),
        command.every,
        command.lasting,
        command.idle,
        Math.min(command.orders, command.meters),
        command.outage,
        command.flood,
        command.seed,
        command.loopback,
        Optional.<Path>ofNullable(command.pcap));
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
    results.forEach(r -> text.append(String.format(Locale.ROOT, "%13s", r.name())));
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
                  "%13s",
                  r.get(figure).map(v -> String.format(Locale.ROOT, "%.1f", v)).orElse("-"))));
      text.append('\n');
    }
    return text.toString();
  }
}
