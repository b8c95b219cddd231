package org.gridwarden.exchange.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.exchange.Measure;
import org.gridwarden.exchange.cim.CimExport;
import org.gridwarden.exchange.cim.Envelope;
import org.gridwarden.exchange.export.CsvExport;
import org.gridwarden.exchange.export.ExportChannel;
import org.gridwarden.exchange.export.ExportPart;
import org.gridwarden.exchange.export.ExportSlot;
import org.gridwarden.exchange.export.MemorySource;
import org.gridwarden.exchange.greenbutton.FeedCheck;
import org.gridwarden.exchange.greenbutton.FeedReport;
import org.gridwarden.exchange.greenbutton.GreenButtonExport;
import org.gridwarden.exchange.xml.XmlLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is valid, and reads back as it was. */
class RoundTripTest {
  private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "Europe/Zurich, 2026-03-22, the last Sunday in March at 02:00 to the last Sunday in October at 03:00",
    "America/New_York, 2026-10-25, the second Sunday in March at 02:00 to the first Sunday in November at 02:00",
    "Asia/Kolkata, 2026-01-01, ''",
  })
  @DisplayName(
      "S15 a feed is valid by the schemas given, its check finds nothing, it reads back equal")
  void greenButton(String zone, LocalDate from, String summer) throws Exception {
    MemorySource source = MemorySource.twoWeeks(from, ZoneId.of(zone));
    Meter meter = meter(zone);
    StringWriter text = new StringWriter();
    new GreenButtonExport(source)
        .write(
            GreenButtonExport.Subject.of("M1", meter.zone(), NOW), parts(meter, Layer.RAW), text);
    Path file = Files.writeString(folder.resolve("feed.xml"), text.toString());
    FeedReport report = FeedCheck.check(file, XmlLimits.of(16 << 20));
    assertThat(report.findings()).isEmpty();
    assertThat(report.series()).extracting(FeedReport.Series::missing).containsExactly(1L, 0L);
    assertThat(report.local()).contains(summer);
    assertThat(read(Files.readAllBytes(file), zone)).isEqualTo(expected(source));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("S15 MeterReadings in XML and JSON read back equal")
  void cim(boolean json) throws Exception {
    MemorySource source =
        MemorySource.twoWeeks(LocalDate.of(2026, 10, 20), ZoneId.of("Europe/Zurich"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CimExport(source)
        .write(
            Envelope.event("MeterReadings", new UUID(1, 2), NOW),
            parts(meter("Europe/Zurich"), Layer.FINAL),
            json,
            out);
    assertThat(read(out.toByteArray(), "Europe/Zurich")).isEqualTo(expected(source));
  }

  @Test
  @DisplayName("S15 a CSV reads back equal, but for what was estimated")
  void csv() throws Exception {
    MemorySource source =
        MemorySource.twoWeeks(LocalDate.of(2026, 10, 20), ZoneId.of("Europe/Zurich"));
    StringWriter text = new StringWriter();
    new CsvExport(source)
        .write(parts(meter("Europe/Zurich"), Layer.FINAL), ObisCode.parse("1.0.1.29.0.255"), text);
    assertThat(text.toString())
        .startsWith("meter,start,kwh,quality\r\nM1,2026-10-20T00:00:00+02:00,");
    Map<String, List<String>> expected = expected(source);
    expected.keySet().removeIf(k -> !k.startsWith(Measure.DELIVERED.channel().toString()));
    expected.values().forEach(list -> list.removeIf(v -> v.endsWith(" 16")));
    assertThat(read(text.toString().getBytes(StandardCharsets.UTF_8), "Europe/Zurich"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"test_usage_data_01.xml, 96", "test_usage_data_1.xml, 480"})
  @DisplayName("S15 both given feeds become readings, each with its quality")
  void givenFeeds(String name, int count) throws Exception {
    ImportSettings settings =
        new ImportSettings(
            name,
            Optional.of("M1"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Measure.DELIVERED);
    try (InputStream feed =
        Objects.requireNonNull(
            FeedCheck.class.getResourceAsStream("/org/gridwarden/exchange/greenbutton/" + name))) {
      FileLoad load =
          ReadingsFile.read(feed, settings, TestMeters.in("America/New_York", "M1"), NOW, 16 << 20);
      Points points = load.series().getFirst().points();
      assertThat(load.series()).hasSize(1);
      assertThat(load.series().getFirst().seconds()).isEqualTo(900);
      assertThat(load.series().getFirst().scaler()).isZero();
      assertThat(points.size()).isEqualTo(count);
      assertThat(points.value(0)).isEqualTo(282);
      // the first two say 8 (a like day) and 7 (edited), the others nothing
      assertThat(points.quality(0)).isEqualTo(Quality.ESTIMATED);
      assertThat(points.quality(1)).isEqualTo(Quality.ESTIMATED);
      assertThat(points.quality(2)).isEqualTo(Quality.GOOD);
    }
  }

  private static Meter meter(String zone) {
    return TestMeters.in(zone, "M1").find("M1").orElseThrow();
  }

  private static List<ExportPart> parts(Meter meter, Layer layer) {
    return List.of(new ExportPart(meter, Instant.EPOCH, NOW, layer));
  }

  /** Each channel's values with start, value in plain digits of its unit, and quality. */
  private static Map<String, List<String>> read(byte[] file, String zone) throws Exception {
    FileLoad load =
        ReadingsFile.read(
            new ByteArrayInputStream(file),
            ImportSettings.of("f"),
            TestMeters.in(zone, "M1"),
            NOW,
            16 << 20);
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (Series series : load.series()) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < series.points().size(); i++) {
        values.add(
            line(
                series.points().start(i),
                series.points().value(i),
                series.scaler(),
                series.points().quality(i)));
      }
      found.put(series.measure().channel() + " " + series.seconds(), values);
    }
    return found;
  }

  private static Map<String, List<String>> expected(MemorySource source) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    source
        .all()
        .forEach((ExportChannel channel, List<ExportSlot> slots) ->
            found.put(
                channel.measure().channel() + " " + channel.seconds(),
                new ArrayList<>(
                    slots.stream()
                        .map(s -> line(s.start(), s.value(), channel.scaler(), s.quality()))
                        .toList())));
    return found;
  }

  private static String line(long start, long value, int scaler, byte quality) {
    return start
        + " "
        + java.math.BigDecimal.valueOf(value)
            .scaleByPowerOfTen(scaler)
            .stripTrailingZeros()
            .toPlainString()
        + " "
        + quality;
  }
}
