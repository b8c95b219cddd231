package org.gridwarden.server;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Uuid7;
import org.gridwarden.exchange.Measure;
import org.gridwarden.exchange.cim.CimExport;
import org.gridwarden.exchange.cim.Envelope;
import org.gridwarden.exchange.export.CsvExport;
import org.gridwarden.exchange.export.ExportPart;
import org.gridwarden.exchange.export.MeterSource;
import org.gridwarden.exchange.greenbutton.GreenButtonExport;
import org.gridwarden.store.MeterRow;
import org.gridwarden.store.MeterTerm;

/** Writes readings as files, as they are read. Thread-safe. */
final class ExportDesk {
  /** Of one export. */
  static final int MOST_DAYS = 3_660;

  private static final int BUFFER = 1 << 16;

  private final Office office;
  private final MeterSource source;

  ExportDesk(Office office) {
    this.office = office;
    this.source =
        new MeterSource(
            office.store().readings(), office.store().slotVersions(), office.store().holds());
  }

  /** What a file is. */
  enum Format {
    GREEN_BUTTON("application/atom+xml", "xml"),
    CIM("application/xml", "xml"),
    CIM_JSON("application/json", "json"),
    CSV("text/csv;charset=UTF-8", "csv");

    private final String type;
    private final String ending;

    Format(String type, String ending) {
      this.type = type;
      this.ending = ending;
    }

    static Format of(String word) {
      return switch (word) {
        case "green-button" -> GREEN_BUTTON;
        case "cim" -> CIM;
        case "cim-json" -> CIM_JSON;
        case "csv" -> CSV;
        default -> throw Requests.wrong("format", "is green-button, cim, cim-json or csv");
      };
    }
  }

  static Layer layer(String word) {
    return switch (word) {
      case "raw" -> Layer.RAW;
      case "final" -> Layer.FINAL;
      default -> throw Requests.wrong("layer", "is raw or final");
    };
  }

  MeterSource source() {
    return source;
  }

  /** Whether there is or was a meter at a service point. */
  boolean known(String servicePoint) {
    return !office.store().meters().history(servicePoint).isEmpty()
        || !office.store().meters().at(List.of(servicePoint)).isEmpty();
  }

  /** The meters of a service point in a time, each for its own part of it. */
  List<ExportPart> parts(String servicePoint, Instant from, Instant to, Layer layer) {
    List<ExportPart> parts = new ArrayList<>();
    List<MeterTerm> terms = office.store().meters().history(servicePoint);
    for (MeterTerm term : terms) {
      Instant begin = term.since().isBefore(from) ? from : term.since();
      Instant end = term.until().filter(u -> u.isBefore(to)).orElse(to);
      Optional<Meter> meter = office.store().meters().byId(term.meter());
      if (meter.isPresent() && begin.isBefore(end)) {
        parts.add(new ExportPart(meter.get(), begin, end, layer));
      }
    }
    if (terms.isEmpty()) {
      for (MeterRow row : office.store().meters().at(List.of(servicePoint))) {
        parts.add(new ExportPart(row.meter(), from, to, layer));
      }
    }
    return parts;
  }

  /**
   * Answers with a file.
   *
   * @param title what the file is of
   * @param parts at least one
   * @param channel the one channel of a CSV; energy delivered where it is empty
   */
  void write(
      Format format,
      String title,
      List<ExportPart> parts,
      Optional<String> channel,
      HttpServletResponse response)
      throws IOException {
    UUID id = Uuid7.nameOnly("gridwarden export " + title);
    Instant now = office.clock().instant();
    var obis = channel.map(Requests::obis).orElse(Measure.DELIVERED.channel());
    response.setContentType(format.type);
    response.setBufferSize(BUFFER);
    response.setHeader(
        "Content-Disposition",
        "attachment; filename=\""
            + title.replaceAll("[^A-Za-z0-9._-]+", "-")
            + "."
            + format.ending
            + "\"");
    OutputStream out = response.getOutputStream();
    switch (format) {
      case GREEN_BUTTON ->
          greenButton(
              GreenButtonExport.Subject.of(title, parts.getFirst().meter().zone(), now),
              parts,
              out);
      case CIM, CIM_JSON ->
          new CimExport(source)
              .write(
                  Envelope.event("MeterReadings", id, now), parts, format == Format.CIM_JSON, out);
      case CSV -> {
        Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        new CsvExport(source).write(parts, obis, text);
        text.flush();
      }
    }
  }

  void greenButton(GreenButtonExport.Subject subject, List<ExportPart> parts, OutputStream out)
      throws IOException {
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    new GreenButtonExport(source).write(subject, parts, text);
    text.flush();
  }
}
