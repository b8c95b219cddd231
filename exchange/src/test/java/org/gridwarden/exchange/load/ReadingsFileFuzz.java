package org.gridwarden.exchange.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.core.Usage;
import org.gridwarden.exchange.Measure;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: whatever comes as a file of readings, CSV, XML or JSON, it is refused in words, or becomes
 * messages that hold each of its values once.
 */
class ReadingsFileFuzz {
  private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");
  private static final TestMeters METERS = TestMeters.in("Europe/Zurich", "M1");

  private static final ImportSettings SETTINGS =
      new ImportSettings(
          "f",
          Optional.of("M1"),
          Optional.of(ZoneId.of("Europe/Zurich")),
          Optional.of(LocalDate.of(2026, 3, 28)),
          Optional.of(true),
          Optional.empty(),
          Measure.DELIVERED);

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) throws Exception {
    FileLoad load;
    try {
      load = ReadingsFile.read(new ByteArrayInputStream(input), SETTINGS, METERS, NOW, 1 << 16);
    } catch (LoadFileException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    long[] slots = new long[1];
    Messages.each(
        "00",
        load,
        NOW,
        message ->
            message
                .content()
                .forEach(content ->
                    ((Usage) content)
                        .blocks()
                        .forEach(block -> {
                          for (int i = 0; i < block.day().slots(); i++) {
                            slots[0] += block.qualityOf(i) == (byte) 0x80 ? 0 : 1;
                          }
                        })));
    long points = load.series().stream().mapToLong(s -> s.points().size()).sum();
    assertThat(slots[0]).isEqualTo(points).isPositive();
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "meter,start,kwh\nM1,2026-01-01T00:00:00+01:00,1\nM1,2026-01-01T00:15:00+01:00,\n"
                + "M1,2026-01-01T00:30:00+01:00,1.5\n",
            "customer_id,reading_datetime,general_supply_kwh\nM1,2026-10-25T02:00:00,0.1\n"
                + "M1,2026-10-25T02:30:00,0.1\nM1,2026-10-25T02:00:00,0.1\n",
            "meter;date" + ";h".repeat(24) + "\nM1;2026-03-29" + ";1,5".repeat(2) + ";".repeat(22),
            "VID" + ",v".repeat(168) + "\n1" + ",0.2".repeat(168),
            "{\"EventMessage\":{\"Header\":{\"Verb\":\"created\",\"Noun\":\"MeterReadings\"},"
                + "\"Payload\":{\"MeterReadings\":{\"MeterReading\":[{\"IntervalBlocks\":{"
                + "\"IntervalReadings\":[{\"timeStamp\":\"2026-01-01T00:15:00Z\",\"value\":\"1\"}],"
                + "\"ReadingType\":{\"@ref\":\"0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0\"}}}]}}}}",
            "{\"EventMessage\":{\"Header\":{\"Verb\":\"created\",\"Noun\":\"MeterReadings\"},"
                + "\"Payload\":{\"MeterReadings\":{\"MeterReading\":[{\"IntervalBlocks\":{"
                + "\"ReadingType\":{\"@ref\":\"0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0\"}}}]}}}}",
            "<EventMessage xmlns='http://iec.ch/TC57/2011/schema/message'><Header><Verb>created"
                + "</Verb><Noun>MeterReadings</Noun></Header><Payload><m:MeterReadings xmlns:m="
                + "'http://iec.ch/TC57/2011/MeterReadings#'><m:MeterReading><m:IntervalBlocks>"
                + "<m:IntervalReadings><m:timeStamp>2026-01-01T00:15:00Z</m:timeStamp><m:value>2"
                + "</m:value></m:IntervalReadings><m:ReadingType ref='0.0.2.4.1.1.12.0.0.0.0.0.0.0"
                + ".0.3.72.0'/></m:IntervalBlocks></m:MeterReading></m:MeterReadings></Payload>"
                + "</EventMessage>")
        .map(s -> Arguments.of((Object) s.getBytes(StandardCharsets.UTF_8)));
  }
}
