package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.LinkVectors.all;
import static org.gridwarden.dlms.LinkVectors.concat;
import static org.gridwarden.dlms.LinkVectors.hex;
import static org.gridwarden.dlms.LinkVectors.push;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkDecoderTest {
  private static final byte[] KAIFA = push("push-hdlc_kaifa_ma304h3e.txt");
  private static final byte[] ISKRA = push("push-hdlc_iskra550.txt");
  private static final byte[] NOE = push("push-mbus_netz_noe_p1.txt");

  @Test
  void framesShareOneFlag() {
    byte[] shared = concat(KAIFA, Arrays.copyOfRange(KAIFA, 1, KAIFA.length));
    assertThat(all(LinkDecoder.hdlc(), shared))
        .hasSize(2)
        .allMatch(LinkEvent.Pdu.class::isInstance);
  }

  @Test
  void flagsFillTheTimeBetweenFrames() {
    byte[] idle = {0x7E, 0x7E, 0x7E};
    assertThat(all(LinkDecoder.auto(), concat(idle, KAIFA, idle, KAIFA, idle)))
        .hasSize(2)
        .allMatch(LinkEvent.Pdu.class::isInstance);
  }

  @Test
  void eachDamagedFrameIsReportedAtItsOffsetAndTheGoodOneStillComes() {
    byte[] damaged = KAIFA.clone();
    damaged[60] ^= 0x40;
    assertThat(all(LinkDecoder.auto(), concat(damaged, damaged, KAIFA)))
        .satisfiesExactly(
            bad -> {
              assertThat(bad.offset()).isZero();
              assertThat(((LinkEvent.Bad) bad).what()).contains("FCS");
            },
            bad -> assertThat(bad.offset()).isEqualTo(KAIFA.length),
            good -> {
              assertThat(good).isInstanceOf(LinkEvent.Pdu.class);
              assertThat(good.offset()).isEqualTo(2L * KAIFA.length);
            });
  }

  @Test
  void aDamagedHeaderIsReportedOnce() {
    byte[] damaged = KAIFA.clone();
    damaged[4] ^= 0x02; // the source address
    assertThat(all(LinkDecoder.hdlc(), concat(damaged, KAIFA)))
        .satisfiesExactly(
            bad -> assertThat(((LinkEvent.Bad) bad).what()).contains("HCS"),
            good -> assertThat(good).isInstanceOf(LinkEvent.Pdu.class));
  }

  @Test
  void aFrameThatLostAByteDoesNotTakeTheNextWithIt() {
    byte[] shorter = concat(Arrays.copyOf(KAIFA, 50), Arrays.copyOfRange(KAIFA, 51, KAIFA.length));
    List<LinkEvent> events = all(LinkDecoder.hdlc(), concat(shorter, KAIFA));
    assertThat(events.get(0)).isInstanceOf(LinkEvent.Bad.class);
    assertThat(events.getLast()).isInstanceOf(LinkEvent.Pdu.class);
  }

  @Test
  void aLostLastSegmentIsToldWhenTheLineFallsSilent() {
    byte[] two = Arrays.copyOf(ISKRA, 2 * 166);
    LinkDecoder decoder = LinkDecoder.hdlc();
    List<LinkEvent> events = all(decoder, two);
    assertThat(events).hasSize(1);
    assertThat(((LinkEvent.Bad) events.get(0)).what()).contains("last segment");
    // and the decoder is ready for the next
    assertThat(all(decoder, ISKRA)).hasSize(1).allMatch(LinkEvent.Pdu.class::isInstance);
  }

  @Test
  void mbusSegmentsOutOfOrderAreRefused() {
    int first = 0xFA + 6;
    byte[] second = Arrays.copyOfRange(NOE, first, NOE.length);
    List<LinkEvent> events = all(LinkDecoder.mbus(), concat(second, NOE));
    assertThat(events).hasSize(2);
    assertThat(events.get(0)).isInstanceOf(LinkEvent.Bad.class);
    assertThat(events.get(1)).isInstanceOf(LinkEvent.Pdu.class);
  }

  @Test
  void aDoubledMbusSegmentIsIgnored() {
    byte[] first = Arrays.copyOf(NOE, 0xFA + 6);
    assertThat(all(LinkDecoder.mbus(), concat(first, NOE)))
        .hasSize(1)
        .allMatch(LinkEvent.Pdu.class::isInstance);
  }

  @Test
  void anMbusFrameOfAnotherProtocolIsNamed() {
    // 68 03 03 68, SND_UD, address, CI 72 (an M-Bus application header), sum, 16
    byte[] frame = hex("680303685301 72 c6 16");
    List<LinkEvent> events = all(LinkDecoder.auto(), concat(frame, NOE));
    assertThat(((LinkEvent.Bad) events.get(0)).what()).contains("CI");
    assertThat(events.get(1)).isInstanceOf(LinkEvent.Pdu.class);
  }

  @Test
  void aBareBeginningThatWasNoiseDoesNotHoldUpFrames() {
    // a stray 0F 00.. that would be an array of 65,535 elements
    LinkDecoder decoder = LinkDecoder.auto();
    List<LinkEvent> out = new ArrayList<>();
    decoder.feed(ByteBuffer.wrap(hex("0f0000000000 0182ffff")));
    LinkVectors.drain(decoder, out);
    decoder.feed(ByteBuffer.wrap(KAIFA));
    LinkVectors.drain(decoder, out);
    assertThat(out.getLast()).isInstanceOf(LinkEvent.Pdu.class);
  }

  @Test
  void anAdapterThatLeavesTheLlc() {
    byte[] apdu = push("push-raw_energomera.txt");
    List<LinkEvent> events = all(LinkDecoder.auto(), concat(hex("e6e700"), apdu));
    assertThat(((LinkEvent.Pdu) events.get(0)).apdu()).isEqualTo(apdu);
  }

  @Test
  void anApduWithoutALengthOfItsOwnEndsWithTheInput() {
    byte[] get = hex("c401c1000600000001");
    List<LinkEvent> events = all(LinkDecoder.auto(), get);
    assertThat(((LinkEvent.Pdu) events.get(0)).apdu()).isEqualTo(get);
  }

  @Test
  void theGreatestApduBounds() {
    byte[] apdu = new byte[2_000];
    apdu[0] = 0x0F;
    LinkDecoder wrapper = LinkDecoder.of(LinkInfo.Kind.WRAPPER, 1_000);
    List<LinkEvent> events = all(wrapper, Wrapper.encode(1, 1, apdu));
    assertThat(((LinkEvent.Bad) events.get(0)).what()).contains("greatest APDU");
    LinkInfo link = new LinkInfo(LinkInfo.Kind.HDLC, LinkAddress.hdlc(1, 16), LinkAddress.hdlc(1));
    LinkDecoder hdlc = LinkDecoder.of(LinkInfo.Kind.HDLC, 1_000);
    events = all(hdlc, HdlcFrames.encode(link, apdu, 128));
    assertThat(((LinkEvent.Bad) events.get(0)).what()).contains("greatest APDU");
    assertThat(events).noneMatch(LinkEvent.Pdu.class::isInstance);
  }

  @Test
  void nothingIsKeptForABoastedLength() {
    LinkDecoder decoder = LinkDecoder.wrapper();
    LinkBounds.hold(() -> {
      decoder.feed(ByteBuffer.wrap(hex("000100010001ffff0f")));
      decoder.next();
      decoder.finish();
      decoder.next();
    });
    assertThat(decoder.isIdle()).isTrue();
  }

  @Test
  void aDateTimeWrittenAsATaggedValue() {
    // 0F, invoke id, 09 0C and 12 bytes, null-data; then 19 and 12 bytes
    byte[] octets = hex("0f00000001 090c 07e70401061520 2300ff8880 00");
    byte[] tagged = hex("0f00000001 19 07e70401061520 2300ff8880 00");
    List<LinkEvent> events = all(LinkDecoder.auto(), concat(octets, tagged));
    assertThat(events).hasSize(2).allMatch(LinkEvent.Pdu.class::isInstance);
  }

  @Test
  void commandsCarryTheOtherLlc() {
    LinkInfo link = new LinkInfo(LinkInfo.Kind.HDLC, LinkAddress.hdlc(1), LinkAddress.hdlc(1, 300));
    byte[] frame = HdlcFrames.encodeToMeter(link, hex("c001c10008000001"), 128);
    assertThat(hex(frame)).contains("e6e600c001c1");
    LinkEvent.Pdu pdu = (LinkEvent.Pdu) all(LinkDecoder.hdlc(), frame).get(0);
    assertThat(pdu.link()).isEqualTo(link);
  }
}
