package org.gridwarden.message.senml;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Capture;
import org.gridwarden.core.Day;
import org.gridwarden.core.EventId;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Request;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.message.MessageClass;

/**
 * Whatever a meter says, in CBOR or in JSON, the office reads the very same: unit, digits, scaler.
 */
class SenmlProperties {
  private static final MeterId METER = new MeterId("GW-0000001");

  @Property(tries = 400)
  void cborLosesNothing(@ForAll("messages") Message message) throws Exception {
    same(SenmlCodec.CBOR, message);
  }

  @Property(tries = 400)
  void jsonLosesNothing(@ForAll("messages") Message message) throws Exception {
    same(SenmlCodec.JSON, message);
  }

  private static void same(SenmlCodec codec, Message message) throws Exception {
    byte[] bytes = codec.encode(SenmlMessages.write(message));
    List<Message> read = SenmlMessages.read(MessageClass.of(message), METER, codec.decode(bytes));
    assertThat(read).containsExactly(message);
    assertThat(codec.encode(SenmlMessages.write(read.getFirst()))).isEqualTo(bytes);
  }

  @Provide
  Arbitrary<Message> messages() {
    Arbitrary<Message> usage =
        Combinators.combine(
                readings().list().ofMaxSize(5),
                slots().list().ofMaxSize(8),
                blocks().list().ofMaxSize(2),
                captures().list().ofMaxSize(4))
            .as((momentary, slots, blocks, captures) ->
                (Message) new Usage(METER, momentary, slots, blocks, captures))
            .filter(m ->
                m instanceof Usage u
                    && !(u.momentary().isEmpty()
                        && u.slots().isEmpty()
                        && u.blocks().isEmpty()
                        && u.captures().isEmpty()));
    Arbitrary<Message> billing =
        readings().list().ofMinSize(1).ofMaxSize(6).map(list -> new Billing(METER, list));
    Arbitrary<Message> request =
        Combinators.combine(channels().list().ofMinSize(1).ofMaxSize(5), instants(), instants())
            .as((channels, from, to) -> new Request(METER, new ReadPlan(channels, from, to)));
    Arbitrary<Message> warning =
        Combinators.combine(
                Arbitraries.longs(),
                instants(),
                Arbitraries.of("tamper.magnet", "clock.skew", "A_b-c:9"),
                Arbitraries.of(Severity.values()),
                Arbitraries.strings().withCharRange(' ', '\uD7FF').ofMaxLength(80),
                Arbitraries.of(
                    Warning.Source.PUSHED, Warning.Source.REGISTER, Warning.Source.LOGGED))
            .as((id, at, code, severity, text, source) ->
                new Warning(
                    METER, new EventId(new UUID(id, ~id)), at, code, severity, text, source));
    return Arbitraries.oneOf(usage, billing, request, warning);
  }

  private static Arbitrary<ObisCode> channels() {
    Arbitrary<ObisCode> any = Arbitraries.longs().between(0, (1L << 48) - 1).map(ObisCode::new);
    Arbitrary<ObisCode> usual =
        Arbitraries.of("1.8.0", "2.8.0", "1-0:1.29.0", "0-1:24.2.1", "1-0:1.8.0*7")
            .map(ObisCode::parse);
    return Arbitraries.oneOf(any, usual);
  }

  private static Arbitrary<ScaledValue> values() {
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.integers().between(-120, 120),
            Arbitraries.of(Unit.values()))
        .as(ScaledValue::new);
  }

  private static Arbitrary<Byte> qualities() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(4, Arbitraries.just(Quality.GOOD)),
        net.jqwik.api.Tuple.of(1, Arbitraries.bytes()));
  }

  /** From where times are absolute on, seconds, milliseconds and nanoseconds. */
  private static Arbitrary<Instant> instants() {
    Arbitrary<Long> seconds = Arbitraries.longs().between(1L << 28, 4_102_444_800L);
    return Combinators.combine(seconds, Arbitraries.of(0, 250_000_000, 1, 999_999_999))
        .as(Instant::ofEpochSecond);
  }

  private static Arbitrary<Duration> lengths() {
    return Arbitraries.of(1, 60, 900, 3_600, 86_400).map(Duration::ofSeconds);
  }

  private static Arbitrary<Reading> readings() {
    return Combinators.combine(channels(), instants(), values(), qualities()).as(Reading::new);
  }

  private static Arbitrary<Slot> slots() {
    // few channels and starts, so that runs come about
    return Combinators.combine(
            Arbitraries.of("1.29.0", "2.29.0").map(ObisCode::parse),
            Arbitraries.integers().between(0, 3).map(i -> Packs.AT.plusSeconds(900L * i)),
            lengths(),
            values(),
            qualities())
        .as(Slot::new);
  }

  private static Arbitrary<Capture> captures() {
    return Combinators.combine(
            channels(),
            channels(),
            instants(),
            lengths(),
            values(),
            Arbitraries.longs().between(0, Long.MAX_VALUE),
            qualities())
        .as(Capture::new);
  }

  private static Arbitrary<IntervalBlock> blocks() {
    return Combinators.combine(
            channels(),
            Arbitraries.of("2026-03-29", "2026-10-25", "2026-11-26").map(LocalDate::parse),
            Arbitraries.of("Europe/Berlin", "UTC", "Asia/Kolkata").map(ZoneId::of),
            Arbitraries.of(900, 3_600).map(Duration::ofSeconds),
            Arbitraries.integers().between(-120, 120),
            Arbitraries.of(Unit.values()),
            Arbitraries.longs(),
            qualities())
        .as((channel, date, zone, slot, scaler, unit, seed, odd) -> {
          Day day = Day.of(date, zone, slot);
          long[] values = new long[day.slots()];
          byte[] quality = new byte[odd == Quality.GOOD ? 0 : day.slots()];
          for (int i = 0; i < values.length; i++) {
            values[i] = seed + i;
            if (i % 7 == 3 && quality.length > 0) {
              quality[i] = odd;
              values[i] = odd == Quality.MISSING ? 0 : values[i];
            }
          }
          assertThat(quality.length == 0 || !Arrays.equals(quality, new byte[quality.length]))
              .isTrue();
          return new IntervalBlock(METER, channel, Layer.RAW, day, scaler, unit, values, quality);
        });
  }
}
