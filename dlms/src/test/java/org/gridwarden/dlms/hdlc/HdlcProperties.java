package org.gridwarden.dlms.hdlc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.gridwarden.dlms.HdlcFrame;
import org.gridwarden.dlms.LinkAddress;

/** Whatever is agreed upon, asked and lost: what arrives is what was sent, once and in order. */
class HdlcProperties {
  @Property(tries = 300)
  void exchangesArriveOnceAndInOrder(
      @ForAll("parameters") HdlcParameters client,
      @ForAll("parameters") HdlcParameters meter,
      @ForAll("meters") LinkAddress address,
      @ForAll @Size(min = 1, max = 6) List<@ByteRange(max = 9) Byte> answers,
      @ForAll @IntRange(max = 3_000) int length,
      @ForAll @DoubleRange(max = 0.2) double rate,
      @ForAll long seed)
      throws Exception {
    HdlcSettings settings = HdlcSettings.SERIAL.inactive(Duration.ofHours(1));
    Recorder recorder = new Recorder();
    HdlcStation station =
        new HdlcStation(
            (device, number) -> Optional.of(recorder),
            java.util.OptionalInt.empty(),
            settings.offering(meter));
    FaultyLine line = new FaultyLine(station, seed, rate);
    HdlcSettings patient = settings.offering(client).waiting(Duration.ofSeconds(1), 20);
    List<byte[]> asked = new ArrayList<>();
    try (HdlcLink link =
        HdlcLink.connect(line, LinkAddress.hdlc(16), address, patient, line::now)) {
      assertThat(link.agreed()).isEqualTo(client.against(meter));
      for (byte count : answers) {
        byte[] question = Recorder.question(count, length, length, seed + asked.size());
        asked.add(question);
        link.send(question);
        for (byte[] answer : Recorder.answers(question)) {
          assertThat(link.receive(Duration.ofMinutes(30))).isEqualTo(answer);
        }
      }
    } catch (IOException e) {
      // with a fifth of the frames faulty a retry may run out; then nothing more arrived
      assertThat(rate).isPositive();
    }
    assertThat(recorder.heard.size()).isLessThanOrEqualTo(asked.size());
    for (int i = 0; i < recorder.heard.size(); i++) {
      assertThat(recorder.heard.get(i)).isEqualTo(asked.get(i));
    }
  }

  @Property(tries = 500)
  void negotiationReadsBack(@ForAll("parameters") HdlcParameters parameters) throws Exception {
    assertThat(HdlcParameters.decode(parameters.encode())).isEqualTo(parameters);
  }

  @Property(tries = 300)
  void framesAreFoundInAnyPieces(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int count) {
    Random random = new Random(seed);
    FrameReader reader = new FrameReader();
    List<String> sent = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] information = new byte[random.nextInt(300)];
      random.nextBytes(information);
      HdlcFrame frame =
          new HdlcFrame(
              new LinkAddress(random.nextInt(0x4000), random.nextInt(0x4000), 4),
              LinkAddress.hdlc(random.nextInt(128)),
              random.nextInt(256),
              random.nextBoolean(),
              information);
      sent.add(text(frame));
      byte[] bytes = frame.encode();
      for (int at = 0; at < bytes.length; ) {
        int piece = Math.min(bytes.length - at, 1 + random.nextInt(40));
        reader.feed(bytes, at, piece);
        reader.next().ifPresent(f -> found.add(text(f)));
        at += piece;
      }
    }
    assertThat(found).isEqualTo(sent);
    assertThat(reader.isPartial()).isFalse();
  }

  private static String text(HdlcFrame frame) {
    return frame + java.util.HexFormat.of().formatHex(frame.information());
  }

  @Provide
  Arbitrary<HdlcParameters> parameters() {
    Arbitrary<Integer> lengths = Arbitraries.integers().between(32, 2030);
    Arbitrary<Integer> windows = Arbitraries.integers().between(1, 7);
    return Combinators.combine(lengths, lengths, windows, windows).as(HdlcParameters::new);
  }

  @Provide
  Arbitrary<LinkAddress> meters() {
    Arbitrary<Integer> any = Arbitraries.integers().between(0, 0x3FFD);
    Arbitrary<Integer> small = Arbitraries.integers().between(0, 0x7D);
    return Arbitraries.oneOf(
        small.map(LinkAddress::hdlc),
        Combinators.combine(small, small).as((u, l) -> new LinkAddress(u, l, 2)),
        Combinators.combine(any, any).as((u, l) -> new LinkAddress(u, l, 4)));
  }
}
