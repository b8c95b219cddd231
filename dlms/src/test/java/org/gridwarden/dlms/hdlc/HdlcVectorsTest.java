package org.gridwarden.dlms.hdlc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HdlcFrame;
import org.gridwarden.dlms.LinkAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The frames of another stack's own tests (python-dlms-cosem, MIT; see
 * vectors/links-python-dlms-cosem.txt) opening an association, and what negotiation comes to.
 */
class HdlcVectorsTest {
  // flag, format and length, meter 1/17, client 16, SNRM with poll, check, flag
  private static final String SNRM = "7ea00802232193bd647e";
  // UA with final; 154 bytes both ways, window 1 both ways
  private static final String UA =
      "7ea01f21022373e6c781801205019a06019a070400000001080400000001cca27e";
  private static final String AARQ =
      "601da109060760857405080101be10040e01000000065f1f0400001e1dffff";
  // I, N(S) 0, N(R) 0, poll
  private static final String AARQ_FRAME = "7ea02c02232110af9fe6e600" + AARQ + "c5e47e";
  private static final String AARE =
      "6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f0400001e1d04c80007";
  // I, N(S) 0, N(R) 1, final
  private static final String AARE_FRAME = "7ea0382102233034e7e6e700" + AARE + "b86a7e";

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static HdlcFrame frame(String text) {
    FrameReader reader = new FrameReader();
    reader.feed(hex(text), 0, text.length() / 2);
    HdlcFrame frame = reader.next().orElseThrow();
    assertThat(reader.isPartial()).isFalse();
    return frame;
  }

  @Test
  @DisplayName("our client sends the very frames of another client, and takes its meter's")
  void client() {
    Primary client =
        new Primary(new Ends(LinkAddress.hdlc(1, 17), LinkAddress.hdlc(16)), HdlcSettings.SERIAL);
    assertThat(client.connect()).isEqualTo(hex(SNRM));
    client.hear(frame(UA));
    assertThat(client.state())
        .isInstanceOfSatisfying(
            Primary.State.Connected.class,
            // 154 were offered, but 128 are our own most
            c -> assertThat(c.agreed()).isEqualTo(HdlcParameters.DEFAULT));
    client.send(hex(AARQ));
    assertThat(client.awaiting()).isFalse();
    assertThat(client.turn()).isEqualTo(hex(AARQ_FRAME));
    assertThat(client.awaiting()).isTrue();
    client.hear(frame(AARE_FRAME));
    assertThat(client.awaiting()).isFalse();
    assertThat(client.delivered()).hasValueSatisfying(a -> assertThat(a).isEqualTo(hex(AARE)));
    client.hear(frame(AARE_FRAME));
    assertThat(client.delivered()).isEmpty();
  }

  @Test
  @DisplayName("our meter sends the very frames of another meter")
  void meter() {
    HdlcStation station =
        new HdlcStation(
            (device, client) -> {
              assertThat(device).isEqualTo(1);
              assertThat(client).isEqualTo(16);
              return Optional.of(apdu -> {
                assertThat(apdu).isEqualTo(hex(AARQ));
                return List.of(hex(AARE));
              });
            },
            java.util.OptionalInt.of(17),
            HdlcSettings.SERIAL.offering(HdlcParameters.of(154, 1)));
    // the client of these frames asks for nothing, so 128 both ways hold
    assertThat(station.hear(hex(SNRM), 0, SNRM.length() / 2, 0))
        .isEqualTo(
            new Ends(LinkAddress.hdlc(16), LinkAddress.hdlc(1, 17))
                .frame(Control.Type.UA.with(true), HdlcParameters.DEFAULT.encode()));
    assertThat(station.hear(hex(AARQ_FRAME), 0, AARQ_FRAME.length() / 2, 0))
        .isEqualTo(hex(AARE_FRAME));
  }

  @Test
  void negotiationIsWrittenAsOthersDo() throws Exception {
    HdlcParameters both = HdlcParameters.of(154, 1);
    assertThat(both.encode()).isEqualTo(frame(UA).information());
    assertThat(HdlcParameters.decode(frame(UA).information())).isEqualTo(both);
  }

  @ParameterizedTest
  @DisplayName("neither side sends more than the other takes")
  @CsvSource({
    // ours: transmit, receive, windows; theirs; what holds for us
    "128,128,1,1, 128,128,1,1, 128,128,1,1",
    "2030,2030,7,7, 128,128,1,1, 128,128,1,1",
    "128,128,1,1, 2030,2030,7,7, 128,128,1,1",
    "2030,512,7,3, 1024,256,5,2, 256,512,2,3",
    "64,2030,1,7, 64,2030,1,7, 64,64,1,1",
  })
  void negotiation(
      int tx,
      int rx,
      int wtx,
      int wrx,
      int ptx,
      int prx,
      int pwtx,
      int pwrx,
      int atx,
      int arx,
      int awtx,
      int awrx) {
    HdlcParameters ours = new HdlcParameters(tx, rx, wtx, wrx);
    HdlcParameters theirs = new HdlcParameters(ptx, prx, pwtx, pwrx);
    HdlcParameters agreed = new HdlcParameters(atx, arx, awtx, awrx);
    assertThat(ours.against(theirs)).isEqualTo(agreed);
    // and the other side comes to the same, seen from there
    assertThat(theirs.against(ours)).isEqualTo(new HdlcParameters(arx, atx, awrx, awtx));
  }

  @ParameterizedTest
  @CsvSource({
    // nothing said; only one length; windows of one byte
    "'', 128 128 1 1",
    "8180030501f0, 240 128 1 1",
    "818006070103080105, 128 128 3 5",
    // two bytes of length; more than HDLC allows; an unknown parameter; a group before it
    "818008050207ee060207ee, 2030 2030 1 1",
    "818008050207ff0602ffff, 2030 2030 1 1",
    "81800a0704000000090804ffffffff, MALFORMED",
    "81800c0704000000090804ffffffff, 128 128 7 7",
    "8180060901aa0501f0, 240 128 1 1",
    "81f002010280030501f0, 240 128 1 1",
    // less than the least, no format 81, cut short, a parameter that leaves its group
    "81800305011f, MALFORMED",
    "818003070100, MALFORMED",
    "8080030501f0, MALFORMED",
    "8180040501f0, MALFORMED",
    "81800305, MALFORMED",
    "81, 128 128 1 1",
    "8180, MALFORMED",
    "8180020502f0f0, MALFORMED",
  })
  void negotiationFields(String field, String expected) throws Exception {
    byte[] bytes = hex(field);
    if ("MALFORMED".equals(expected)) {
      assertThatThrownBy(() -> HdlcParameters.decode(bytes)).isInstanceOf(DlmsException.class);
      return;
    }
    HdlcParameters read = HdlcParameters.decode(bytes);
    assertThat(
            "%d %d %d %d"
                .formatted(
                    read.maxTransmit(),
                    read.maxReceive(),
                    read.windowTransmit(),
                    read.windowReceive()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"93,SNRM", "53,DISC", "73,UA", "1f,DM", "97,FRMR", "13,UI"})
  void unnumberedFields(String octet, Control.Type type) {
    int field = Integer.parseInt(octet, 16);
    assertThat(Control.of(field)).isEqualTo(type.with(true));
    assertThat(type.with(true).octet()).isEqualTo(field);
    assertThat(Control.of(field & ~0x10)).isEqualTo(type.with(false));
  }

  @Test
  void everyFieldReadsBack() {
    for (int field = 0; field < 256; field++) {
      assertThat(Control.of(field).octet()).isEqualTo(field);
    }
    // RR 5 with poll, RNR 5, I 3 acknowledging 6 with poll, REJ
    assertThat(Control.of(0xB1)).isEqualTo(new Control.Supervisory(true, 5, true));
    assertThat(Control.of(0xA5)).isEqualTo(new Control.Supervisory(false, 5, false));
    assertThat(Control.of(0xD6)).isEqualTo(new Control.Information(3, 6, true));
    assertThat(Control.of(0xA9)).isInstanceOf(Control.Unknown.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0,1,1, 03", // one byte keeps only the upper part
    "1,17,2, 0223",
    "1,17,4, 00020023",
    "16383,16383,4, fefefeff",
    "127,127,2, feff",
  })
  void addresses(int upper, int lower, int bytes, String wire) {
    LinkAddress meter = bytes == 1 ? LinkAddress.hdlc(1) : new LinkAddress(upper, lower, bytes);
    byte[] bytesOut = new HdlcFrame(meter, LinkAddress.hdlc(16), 0x93, false, new byte[0]).encode();
    assertThat(HexFormat.of().formatHex(bytesOut)).contains(wire + "2193");
    assertThat(frame(HexFormat.of().formatHex(bytesOut)).destination()).isEqualTo(meter);
  }
}
