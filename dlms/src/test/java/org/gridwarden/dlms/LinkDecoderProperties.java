package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** S3: what is framed is found again, however it is cut and whatever noise stands between. */
class LinkDecoderProperties {
  /** One framed APDU. */
  record Framed(LinkInfo link, byte[] apdu, byte[] bytes) {
    @Override
    public String toString() {
      return link + " " + LinkVectors.hex(bytes);
    }
  }

  @Property(tries = 300)
  void anySplitGivesTheSame(
      @ForAll("frames") @Size(min = 1, max = 5) List<Framed> frames, @ForAll long seed) {
    byte[] stream = LinkVectors.concat(frames.stream().map(Framed::bytes).toArray(byte[][]::new));
    assertThat(cut(LinkDecoder.auto(), stream, new Random(seed))).isEqualTo(expected(frames));
  }

  @Property(tries = 300)
  void noiseBetweenFramesCostsNoFrame(
      @ForAll("checked") @Size(min = 1, max = 5) List<Framed> frames, @ForAll long seed) {
    Random random = new Random(seed);
    List<byte[]> parts = new ArrayList<>();
    for (Framed frame : frames) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      if (noise.length > 0) {
        noise[0] = 0x55; // no tag: at a stream's beginning a bare APDU is believed
      }
      parts.add(noise);
      parts.add(frame.bytes());
    }
    byte[] stream = LinkVectors.concat(parts.toArray(byte[][]::new));
    assertThat(cut(LinkDecoder.auto(), stream, random)).containsAll(expected(frames));
  }

  @Property(tries = 300)
  void aFlippedBitCostsItsOwnFrameOnly(
      @ForAll("hdlc") Framed before,
      @ForAll("hdlc") Framed hit,
      @ForAll("hdlc") Framed after,
      @ForAll @IntRange(min = 0, max = Integer.MAX_VALUE) int where) {
    byte[] damaged = hit.bytes().clone();
    damaged[where / 8 % damaged.length] ^= (byte) (1 << where % 8);
    byte[] stream = LinkVectors.concat(before.bytes(), damaged, after.bytes());
    List<LinkEvent> events = LinkVectors.all(LinkDecoder.hdlc(), stream);
    assertThat(texts(events)).contains(text(before.link(), before.apdu()));
    assertThat(texts(events)).contains(text(after.link(), after.apdu()));
    assertThat(events).anyMatch(LinkEvent.Bad.class::isInstance);
  }

  @Property(tries = 200)
  void blocksJoin(
      @ForAll("apdus") byte[] apdu,
      @ForAll @IntRange(min = 1, max = 300) int size,
      @ForAll boolean doubled) {
    var transfer = new GeneralBlockTransfer(LinkDecoder.DEFAULT_MAX_APDU);
    List<byte[]> joined = new ArrayList<>();
    for (byte[] block : GeneralBlockTransfer.split(apdu, size)) {
      for (int i = 0; i < (doubled ? 2 : 1); i++) {
        if (transfer.accept(block) instanceof GeneralBlockTransfer.Result.Complete(byte[] whole)) {
          joined.add(whole);
        }
      }
    }
    boolean single = apdu.length <= size;
    // one block alone cannot be told from the same message sent twice
    assertThat(joined).hasSize(single && doubled ? 2 : 1).allMatch(a -> hexEqual(a, apdu));
  }

  private static boolean hexEqual(byte[] a, byte[] b) {
    return java.util.Arrays.equals(a, b);
  }

  private static List<String> expected(List<Framed> frames) {
    return frames.stream().map(f -> text(f.link(), f.apdu())).toList();
  }

  private static List<String> cut(LinkDecoder decoder, byte[] stream, Random random) {
    List<LinkEvent> out = new ArrayList<>();
    for (int at = 0; at < stream.length; ) {
      int length = Math.min(stream.length - at, 1 + random.nextInt(60));
      decoder.feed(ByteBuffer.wrap(stream, at, length));
      LinkVectors.drain(decoder, out);
      at += length;
    }
    decoder.finish();
    LinkVectors.drain(decoder, out);
    return texts(out);
  }

  private static List<String> texts(List<LinkEvent> events) {
    List<String> out = new ArrayList<>();
    for (LinkEvent event : events) {
      if (event instanceof LinkEvent.Pdu pdu) {
        out.add(text(pdu.link(), pdu.apdu()));
      }
    }
    return out;
  }

  private static String text(LinkInfo link, byte[] apdu) {
    return link + " " + LinkVectors.hex(apdu);
  }

  @Provide
  Arbitrary<byte[]> apdus() {
    // general-glo-ciphering with a title of 8 bytes and random content
    return Arbitraries.bytes()
        .array(byte[].class)
        .ofMinSize(13)
        .ofMaxSize(600)
        .map(content -> {
          byte[] out = new byte[13 + content.length];
          out[0] = (byte) 0xDB;
          out[1] = 8;
          System.arraycopy(content, 0, out, 2, 8);
          out[10] = (byte) 0x82;
          out[11] = (byte) (content.length >> 8);
          out[12] = (byte) content.length;
          System.arraycopy(content, 0, out, 13, content.length);
          out[13] = 0x30; // encrypted and authenticated, suite 0
          return out;
        });
  }

  @Provide
  Arbitrary<Framed> hdlc() {
    Arbitrary<LinkAddress> addresses =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 127).map(LinkAddress::hdlc),
            Combinators.combine(
                    Arbitraries.integers().between(0, 0x3FFF),
                    Arbitraries.integers().between(0, 0x3FFF))
                .as(LinkAddress::hdlc));
    return Combinators.combine(
            addresses, addresses, apdus(), Arbitraries.integers().between(40, 200))
        .as((source, destination, apdu, size) -> {
          LinkInfo link = new LinkInfo(LinkInfo.Kind.HDLC, source, destination);
          return new Framed(link, apdu, HdlcFrames.encode(link, apdu, size));
        });
  }

  private Arbitrary<Framed> mbus() {
    Arbitrary<LinkAddress> points =
        Arbitraries.integers().between(0, 255).map(LinkAddress::accessPoint);
    return Combinators.combine(points, points, apdus())
        .as((source, destination, apdu) -> {
          LinkInfo link = new LinkInfo(LinkInfo.Kind.MBUS, source, destination);
          return new Framed(link, apdu, MBusFrames.encode(link, apdu));
        });
  }

  @Provide
  Arbitrary<List<Framed>> checked() {
    return Arbitraries.oneOf(hdlc(), mbus()).list();
  }

  @Provide
  Arbitrary<List<Framed>> frames() {
    Arbitrary<Framed> wrapped =
        apdus()
            .map(apdu -> {
              LinkInfo link =
                  new LinkInfo(LinkInfo.Kind.WRAPPER, LinkAddress.port(1), LinkAddress.port(103));
              return new Framed(link, apdu, Wrapper.encode(1, 103, apdu));
            });
    Arbitrary<Framed> raw = apdus().map(apdu -> new Framed(LinkInfo.RAW, apdu, apdu));
    return Arbitraries.oneOf(hdlc(), mbus(), wrapped, raw).list();
  }
}
