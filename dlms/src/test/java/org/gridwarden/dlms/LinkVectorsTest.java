package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.LinkVectors.all;
import static org.gridwarden.dlms.LinkVectors.concat;
import static org.gridwarden.dlms.LinkVectors.field;
import static org.gridwarden.dlms.LinkVectors.hex;
import static org.gridwarden.dlms.LinkVectors.push;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** S3: frames captured from real meters and other stacks' own test frames. */
class LinkVectorsTest {
  private static final String PYTHON = "links-python-dlms-cosem.txt";

  @Test
  void iskraJoinsThreeSegmentedFramesOfTwoByteSource() {
    LinkEvent.Pdu pdu = only(all(LinkDecoder.hdlc(), push("push-hdlc_iskra550.txt")));
    assertThat(pdu.link().toString()).isEqualTo("hdlc 1/17 > 103");
    assertThat(hex(pdu.apdu())).startsWith("0f000026eb0c07e70401").endsWith("02020f00161e");
    // three frame lengths less header and checks, and the LLC of the first
    assertThat(pdu.apdu()).hasSize(164 - 10 - 3 + 164 - 10 + 45 - 10);
  }

  @Test
  void kaifaComesInAnInformationFrame() {
    LinkEvent.Pdu pdu = only(all(LinkDecoder.hdlc(), push("push-hdlc_kaifa_ma304h3e.txt")));
    assertThat(hex(pdu.apdu())).startsWith("0f40000000090c07e1090f").endsWith("0600000955");
  }

  @Test
  void landisGyrJoinsTransferBlocksThatRideInFramesWithoutLlc() {
    LinkEvent.Pdu pdu = only(all(LinkDecoder.hdlc(), push("push-hdlc_lgz_e450_2.txt")));
    assertThat(hex(pdu.apdu())).startsWith("db084c475a67735dd3a982010330000acc83");
    // tag, title, length in three bytes, 0x103 bytes of ciphered service
    assertThat(pdu.apdu()).hasSize(1 + 9 + 3 + 0x103);
  }

  @Test
  void norwayHasAFourBitUpperAddressInOneByte() {
    LinkEvent.Pdu pdu = only(all(LinkDecoder.hdlc(), push("push-hdlc_norway_han_1phase.txt")));
    assertThat(hex(pdu.apdu())).startsWith("0f4000000000010902020906");
    assertThat(pdu.link().kind()).isEqualTo(LinkInfo.Kind.HDLC);
  }

  @Test
  void netzNoeJoinsTwoTelegrams() {
    LinkEvent.Pdu pdu = only(all(LinkDecoder.mbus(), push("push-mbus_netz_noe_p1.txt")));
    assertThat(pdu.link().toString()).isEqualTo("mbus 1 > 103");
    assertThat(hex(pdu.apdu())).startsWith("db084b464d675000000981f820").endsWith("bf83d9");
    assertThat(pdu.apdu()).hasSize(1 + 9 + 2 + 0xF8);
  }

  @Test
  void autoReadsThemAllInOneStream() {
    byte[] raw = push("push-raw_energomera.txt");
    byte[] udp = field(PYTHON, "[module constants]", "bytes");
    byte[] stream =
        concat(
            raw,
            push("push-hdlc_iskra550.txt"),
            push("push-mbus_netz_noe_p1.txt"),
            udp,
            push("push-hdlc_lgz_e450_2.txt"),
            raw);
    List<LinkEvent> events = all(LinkDecoder.auto(), stream);
    assertThat(events).allMatch(LinkEvent.Pdu.class::isInstance);
    assertThat(events.stream().map(e -> ((LinkEvent.Pdu) e).link().kind().word()))
        .containsExactly("raw", "hdlc", "mbus", "wrapper", "hdlc", "raw");
    assertThat(((LinkEvent.Pdu) events.get(0)).apdu()).isEqualTo(raw);
    assertThat(((LinkEvent.Pdu) events.get(5)).apdu()).isEqualTo(raw);
  }

  @Test
  void everyUdpMessageOfTheOtherStackUnwraps() {
    Matcher m = Pattern.compile("bytes = (00010001[0-9a-f]+)").matcher(LinkVectors.text(PYTHON));
    List<byte[]> datagrams = new ArrayList<>();
    while (m.find()) {
      datagrams.add(hex(m.group(1)));
    }
    assertThat(datagrams).hasSize(13);
    for (byte[] datagram : datagrams) {
      LinkEvent.Pdu pdu = only(all(LinkDecoder.wrapper(), datagram));
      assertThat(pdu.link().toString()).isEqualTo("wrapper 1 > 1");
      assertThat(pdu.apdu()).hasSize(70);
      assertThat(Wrapper.encode(1, 1, pdu.apdu())).isEqualTo(datagram);
    }
  }

  @Test
  void aLengthOf7eIsNotAFlag() {
    // A8 7E: segmented, 126 bytes long; it is a middle segment, so no APDU begins in it
    byte[] frame = field(PYTHON, "[TestHdlcAddress.test_find_address]", "frame");
    LinkEvent.Bad bad = (LinkEvent.Bad) all(LinkDecoder.hdlc(), frame).get(0);
    assertThat(bad.what()).contains("before the last segment");
  }

  @Test
  void snrmAndUaCarryNoApdu() {
    byte[] snrm = field(PYTHON, "[TestSnrmFrame", "out_data");
    byte[] ua = field(PYTHON, "[TestUAFrame.test_from", "in_data");
    assertThat(all(LinkDecoder.auto(), concat(snrm, ua))).isEmpty();
  }

  @Test
  void informationFramesOfAnAssociation() {
    byte[] request = field(PYTHON, "[TestInformationFrame", "total");
    byte[] response = field(PYTHON, "[TestInformationResponseFrame.test_con", "total");
    List<LinkEvent> events = all(LinkDecoder.auto(), concat(request, response));
    assertThat(events).hasSize(2).allMatch(LinkEvent.Pdu.class::isInstance);
    assertThat(hex(((LinkEvent.Pdu) events.get(0)).apdu())).startsWith("601da109");
    assertThat(hex(((LinkEvent.Pdu) events.get(1)).apdu())).startsWith("6129a109");
  }

  @Test
  void unnumberedInformationOfSeveralHundredBytes() {
    byte[] frame = field(PYTHON, "[TestUnnumberedInformationFrame", "data");
    LinkEvent.Pdu pdu = only(all(LinkDecoder.auto(), frame));
    assertThat(hex(pdu.apdu())).startsWith("0f4000000000011b0202");
  }

  @Test
  void aFrameThatLeavesItsSourceOut() {
    byte[] frame = field("links-epri.txt", "[HDLCPacket Identify]", "bytes");
    LinkEvent.Pdu pdu = only(all(LinkDecoder.hdlc(), frame));
    assertThat(pdu.link().toString()).isEqualTo("hdlc - > 1");
    assertThat(hex(pdu.apdu())).startsWith("612da109");
  }

  private static LinkEvent.Pdu only(List<LinkEvent> events) {
    assertThat(events).hasSize(1).allMatch(LinkEvent.Pdu.class::isInstance, "an APDU: " + events);
    return (LinkEvent.Pdu) events.get(0);
  }
}
