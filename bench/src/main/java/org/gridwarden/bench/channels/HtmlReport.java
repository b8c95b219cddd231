package org.gridwarden.bench.channels;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The test-bed's report: one page that needs nothing else. */
final class HtmlReport {
  private static final String STYLE = "report.css";

  private final Settings settings;
  private final Testbed.Outcome outcome;
  private final List<Result> results;
  private final List<String> without;
  private final Instant now;

  /**
   * @param without what this machine cannot measure, and why
   */
  HtmlReport(Settings settings, Testbed.Outcome outcome, List<String> without, Instant now) {
    this.settings = settings;
    this.outcome = outcome;
    this.without = without;
    this.results = outcome.results();
    this.now = now;
  }

  /** The page. */
  String page() {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html><html lang='en'><head><meta charset='utf-8'>")
        .append("<meta name='viewport' content='width=device-width,initial-scale=1'>")
        .append("<title>Channels side by side</title><style>")
        .append(style())
        .append("</style></head><body>");
    head(page);
    title(page, "At a glance", "");
    page.append(Glance.table(results));
    layers(page);
    times(page);
    delivery(page);
    outage(page);
    energy(page);
    single(
        page,
        Figure.SETUP_BYTES,
        "To connect",
        "Bytes on the wire to connect one meter, both ways, until its first message may be sent;"
            + " handshakes and log-ins are in it.");
    single(
        page,
        Figure.SETUP_P50,
        "The time to connect",
        "Milliseconds until half of the meters are connected. All begin at once, in a process that"
            + " has just started: its own work is in it.");
    single(
        page,
        Figure.IDLE_BYTES_AN_HOUR,
        "To stay reachable",
        "Bytes on the wire an hour of a meter that is connected and has nothing to tell, reckoned from "
            + settings.idle().toSeconds()
            + " s: what happens more rarely is not seen.");
    single(
        page,
        Figure.OFFICE_MICROS,
        "The office's processor",
        "Microseconds a message, at this load; database aside. With few messages much of it is not"
            + " the channel's, and those that are measured first pay for an office that has just"
            + " started.");
    single(
        page,
        Figure.MESSAGES_A_SECOND,
        "The greatest rate",
        "Messages a second over loopback, each meter one at a time, as fast as they are stored and"
            + " acknowledged; meters, office and database share this machine.");
    prosAndCons(page);
    claims(page);
    figures(page);
    return page.append("</body></html>\n").toString();
  }

  private static String style() {
    try (InputStream in = HtmlReport.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IllegalStateException(STYLE + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(STYLE + " cannot be read", e);
    }
  }

  private void head(StringBuilder page) {
    page.append("<h1>Channels side by side</h1><p class='dim'>")
        .append(now.truncatedTo(ChronoUnit.SECONDS))
        .append(". ")
        .append(settings.meters())
        .append(" meters on each channel, a message every ")
        .append(settings.every().toSeconds())
        .append(" s of each, for ")
        .append(settings.lasting().toSeconds())
        .append(" s; eight values a message, a warning now and then, quarter-hours as they end. ")
        .append("Link: ")
        .append(Plot.escape(outcome.how()))
        .append(".</p>");
    List<String> missing = new ArrayList<>(without);
    missing.addAll(outcome.failed());
    if (!missing.isEmpty()) {
      page.append("<p>Not measured: ")
          .append(Plot.escape(String.join("; ", missing)))
          .append(".</p>");
    }
  }

  private void layers(StringBuilder page) {
    List<Figure> parts =
        List.of(
            Figure.PAYLOAD_BYTES,
            Figure.SECURITY_BYTES,
            Figure.PROTOCOL_BYTES,
            Figure.TRANSPORT_BYTES,
            Figure.INTERNET_BYTES);
    List<Plot.Row> rows =
        having(Figure.WIRE_BYTES)
            .map(r ->
                new Plot.Row(
                    r.name(),
                    parts.stream().map(f -> r.get(f).orElse(0.0)).toList(),
                    Plot.number(r.get(Figure.WIRE_BYTES).orElse(0.0))
                        + " in "
                        + Plot.number(r.get(Figure.PACKETS).orElse(0.0))
                        + " packets"))
            .toList();
    if (!rows.isEmpty()) {
      title(
          page,
          "Bytes on the wire a message, by layer",
          "Both ways, with acknowledgements, polls and what was sent again; beside each bar all bytes"
              + " and the number of packets.");
      key(page, List.of("payload", "security", "protocol", "TCP or UDP", "IP"));
      plot(page, Plot.bars("bytes a message by layer", rows));
    }
  }

  private static final List<Figure> UP = List.of(Figure.UP_P50, Figure.UP_P95, Figure.UP_P99);
  private static final List<Figure> STORED =
      List.of(Figure.ACKNOWLEDGED_P50, Figure.ACKNOWLEDGED_P95, Figure.ACKNOWLEDGED_P99);
  private static final List<Figure> DOWN =
      List.of(Figure.DOWN_P50, Figure.DOWN_P95, Figure.DOWN_P99);

  private void times(StringBuilder page) {
    // one scale for all three, so that they can be compared
    Plot.Scale scale =
        Plot.Scale.of(
            Stream.of(UP, STORED, DOWN)
                .flatMap(List::stream)
                .flatMap(f -> results.stream().flatMap(r -> r.get(f).stream()))
                .toList());
    ranges(
        page,
        "Meter to office",
        "Milliseconds from sealing a message until it is at the office's intake; by powers of ten.",
        UP,
        scale);
    ranges(
        page,
        "Until the meter knows that it is stored",
        "Milliseconds; the office acknowledges after the commit. Without an acknowledgement the"
            + " meter never knows.",
        STORED,
        scale);
    ranges(
        page,
        "Office to meter",
        "Milliseconds from an order's sending until it is at the meter's desk; over DLMS with the"
            + " association that goes before it.",
        DOWN,
        scale);
  }

  private void ranges(
      StringBuilder page, String title, String about, List<Figure> shares, Plot.Scale scale) {
    List<Plot.Row> rows =
        having(shares.getFirst())
            .map(r -> {
              List<Double> values = shares.stream().flatMap(f -> r.get(f).stream()).toList();
              return new Plot.Row(
                  r.name(),
                  values,
                  values.stream().map(Plot::number).collect(Collectors.joining(" · ")));
            })
            .toList();
    if (!rows.isEmpty()) {
      title(page, title, about);
      key(page, List.of("half", "95 %", "99 %"));
      plot(page, Plot.ranges(title, rows, scale));
    }
  }

  private void single(StringBuilder page, Figure figure, String title, String about) {
    List<Plot.Row> rows =
        having(figure)
            .map(r -> {
              double value = r.get(figure).orElse(0.0);
              return new Plot.Row(r.name(), List.of(value), Plot.number(value));
            })
            .toList();
    if (!rows.isEmpty()) {
      title(page, title, about);
      plot(page, Plot.bars(title, rows));
    }
  }

  private void delivery(StringBuilder page) {
    List<Plot.Row> rows =
        having(Figure.DELIVERED_PERCENT)
            .map(r ->
                new Plot.Row(
                    r.name(),
                    List.of(r.get(Figure.DELIVERED_PERCENT).orElse(0.0)),
                    Plot.number(r.get(Figure.DELIVERED_PERCENT).orElse(0.0))
                        + " % · "
                        + Plot.number(r.get(Figure.DUPLICATES).orElse(0.0))
                        + " twice"))
            .toList();
    if (!rows.isEmpty()) {
      title(
          page,
          "Delivered",
          "Per cent of the messages that came to the office's intake in the end, and how many came"
              + " more than once: intake keeps one.");
      plot(page, Plot.bars("delivered", rows));
    }
  }

  private void outage(StringBuilder page) {
    List<Plot.Row> rows =
        having(Figure.OUTAGE_DELIVERED_PERCENT)
            .map(r ->
                new Plot.Row(
                    r.name(),
                    List.of(r.get(Figure.OUTAGE_DELIVERED_PERCENT).orElse(0.0)),
                    Plot.number(r.get(Figure.OUTAGE_DELIVERED_PERCENT).orElse(0.0))
                        + " %, first after "
                        + r.get(Figure.OUTAGE_FIRST_SECONDS).map(Plot::number).orElse("–")
                        + " s"))
            .toList();
    if (!rows.isEmpty()) {
      title(
          page,
          "An outage of " + settings.outage().toSeconds() + " s",
          "Per cent of what was due while the link was down and came within as long again and a"
              + " minute; how long after the outage the first message came.");
      plot(page, Plot.bars("delivered after an outage", rows));
    }
  }

  private void energy(StringBuilder page) {
    List<Radio> radios = Radio.all();
    Radio radio = Radio.of(radios, settings.link().name());
    single(
        page,
        Figure.DAY_ENERGY,
        "The radio's energy a day, by a model",
        "Joules for 96 messages, each by itself, and for staying reachable in between. A model, not"
            + " a measurement: "
            + radio.name()
            + " with the powers of: "
            + radio.source()
            + ".");
  }

  private void prosAndCons(StringBuilder page) {
    title(page, "For and against", "Sentences about the figures above, each beside the others'.");
    ProsAndCons all = new ProsAndCons(results);
    page.append("<table class='words'><tr><th>channel</th><th>for</th><th>against</th></tr>");
    for (Result result : results) {
      Optional<Variant> variant = Variant.of(result.name());
      page.append("<tr><td>")
          .append(Plot.escape(result.name()))
          .append("</td><td>")
          .append(list(all.pros(result)))
          .append("</td><td>")
          .append(list(variant.map(v -> all.cons(result, v)).orElse(ProsAndCons.OF_A_MODEL)))
          .append("</td></tr>");
    }
    page.append("</table>");
  }

  private static String list(List<String> sentences) {
    return sentences.stream()
        .map(s -> "<li>" + Plot.escape(s) + "</li>")
        .collect(Collectors.joining("", "<ul>", "</ul>"));
  }

  private void claims(StringBuilder page) {
    title(page, "What was claimed, and what was measured here", "");
    page.append("<table class='words claims'><tr><th>claim</th><th></th><th>measured</th></tr>");
    for (Claims.Claim claim : Claims.of(results)) {
      String kind =
          switch (claim.verdict()) {
            case BORNE_OUT -> "borne";
            case PARTLY -> "partly";
            case NOT_BORNE_OUT -> "not";
            case NOT_MEASURED -> "none";
          };
      page.append("<tr><td>")
          .append(Plot.escape(claim.claim()))
          .append(" <span class='dim'>(")
          .append(Plot.escape(claim.who()))
          .append(")</span></td><td><span class='tag ")
          .append(kind)
          .append("'>")
          .append(claim.verdict().words())
          .append("</span></td><td>")
          .append(Plot.escape(claim.measured()))
          .append("</td></tr>");
    }
    page.append("</table>");
  }

  private void figures(StringBuilder page) {
    page.append(
        "<details><summary>All figures</summary><div class='wide'><table class='all'><tr><th></th>");
    results.forEach(
        r -> page.append("<th class='n'>").append(Plot.escape(r.name())).append("</th>"));
    page.append("</tr>");
    for (Figure figure : Figure.values()) {
      if (having(figure).findAny().isEmpty()) {
        continue;
      }
      page.append("<tr><td>")
          .append(figure.column())
          .append(" <span class='dim'>")
          .append(Plot.escape(figure.unit() + ", " + figure.about()))
          .append("</span></td>");
      results.forEach(r ->
          page.append("<td class='n'>")
              .append(r.get(figure).map(Plot::number).orElse("–"))
              .append("</td>"));
      page.append("</tr>");
    }
    page.append("</table></div></details>");
  }

  private static void plot(StringBuilder page, String svg) {
    page.append("<div class='wide'>").append(svg).append("</div>");
  }

  private Stream<Result> having(Figure figure) {
    return results.stream().filter(r -> r.get(figure).isPresent());
  }

  private static void title(StringBuilder page, String title, String about) {
    page.append("<h2>").append(Plot.escape(title)).append("</h2>");
    if (!about.isEmpty()) {
      page.append("<p class='dim'>").append(Plot.escape(about)).append("</p>");
    }
  }

  private static void key(StringBuilder page, List<String> words) {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      items.add(
          "<li><i style='background:"
              + Plot.COLOURS.get(i)
              + "'></i>"
              + Plot.escape(words.get(i))
              + "</li>");
    }
    page.append("<ul class='key'>").append(String.join("", items)).append("</ul>");
  }
}
