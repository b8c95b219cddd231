package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.security.GmacProver;
import org.gridwarden.dlms.security.Protection;
import org.gridwarden.dlms.security.SecurityContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Associations and services against published bytes: the tests of dlms-cosem 21 (pwitab/dlms-cosem,
 * commit dc41293, MIT), of EPRI's DLMS-COSEM (commit cfbb67f, BSD-3-Clause), and the worked
 * examples of the Green Book that they quote.
 */
class ServiceVectorsTest {
  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static Apdu read(String hex) throws DlmsException {
    return Apdus.decode(hex(hex));
  }

  @ParameterizedTest
  @DisplayName("each published APDU is read, and written as it was")
  @ValueSource(
      strings = {
        // AARQ: no security, LLS, HLS-GMAC, ciphered with LLS, HLS 2
        "601da109060760857405080101be10040e01000000065f1f0400007e1f04b0",
        "6036a1090607608574050801018a0207808b0760857405080201ac0a80083132333435363738be10040e01000000065f1f0400007e1f04b0",
        "6036a1090607608574050801018a0207808b0760857405080205ac0a80084b35366956616759be10040e01000000065f1f0400007e1f04b0",
        "6066a109060760857405080103a60a04084d4d4d0000bc614e8a0207808b0760857405080201ac0a80083132333435363738be34043221303001234567801302ff8a7874133d414ced25b42534d28db0047720606b175bd52211be6841db204d39ee6fdb8e356855",
        "6036a1090607608574050801018a0207808b0760857405080202ac0a80083132333435363738be10040e01000000065f1f0400007e1fffff",
        // AARE: accepted, refused, with an error, with a challenge
        "6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f040000501f01f40007",
        "6129a109060760857405080101a203020101a305a103020102be10040e0800065f1f040000501f01f40007",
        "611fa109060760857405080101a203020101a305a103020101be0604040e010601",
        "6142a109060760857405080101a203020100a305a10302010e88020780890760857405080205aa0a8008503677524a323146be10040e0800065f1f040000501f01f40007",
        // RLRQ and RLRE
        "6203800100",
        "6239800100be34043221303001234567801302ff8a7874133d414ced25b42534d28db0047720606b175bd52211be6841db204d39ee6fdb8e356855",
        "6303800100",
        "6316800100be11040f080100065f1f0400001e1d04c80007",
        // Initiate
        "01000000065f1f0400007e1f04b0",
        "01011000112233445566778899aabbccddeeff0000065f1f0400007e1f04b0",
        "0800065f1f040000501f01f40007",
        "080100065f1f0400001e1d04c80007",
        "0e010601",
        // GET
        "c001c1000100002b0100ff0200",
        "c002c100000003",
        "c0014500070000636201ff0400",
        "c001c100070100630100ff0201010204020412000809060000010000ff0f02120000090c07e20601ff000300ffff8880090c07e50106ff000300ffffc4000100",
        "c401c1000600001391",
        "c401c10101",
        "c402c101000000130101",
        "c402c10000000001000502020f0011",
        "c0034102000100002b0100ff0200000800000100" + "00ff0200",
        "c403410200060000139101" + "04",
        // SET
        "c101c100080000010000ff0200090c07e50118ff0e303950ffc400",
        "c501c100",
        "c502c100000001",
        "c503c10000000002",
        // ACTION
        "c301c0000f0000280000ff010109111000001a90e6d2221fa2fd85eed61acc22",
        "c301c0000f0000280000ff0100",
        "c30181000900000a0000ff0401120002",
        "c701c00000",
        "c701c000010009111000001afde8857b728a3499106aa665d1",
        "c701c0000101fa",
        // exceptions
        "d80203",
        "d8010600000123"
      })
  void readAndWritten(String hex) throws DlmsException {
    assertThat(HexFormat.of().formatHex(Apdus.encode(read(hex)))).isEqualTo(hex);
  }

  @Test
  void aRefusedActionMayEndWithItsResult() throws DlmsException {
    // action-response, normal, id 1 with high priority, read-write-denied; seen of Gurux 4.0.47
    assertThat(read("c701c103"))
        .isEqualTo(
            new Service.ActedNormal(
                0xC1, new Service.Invoked(AccessResult.READ_WRITE_DENIED, Optional.empty())));
    assertThatThrownBy(() -> read("c701c100")).isInstanceOf(DlmsException.class);
  }

  @Test
  void association() throws DlmsException {
    var aarq =
        (Acse.Aarq)
            read(
                "6066a109060760857405080103a60a04084d4d4d0000bc614e8a0207808b0760857405080201"
                    + "ac0a80083132333435363738be34043221303001234567801302ff8a7874133d414ced25b4"
                    + "2534d28db0047720606b175bd52211be6841db204d39ee6fdb8e356855");
    assertThat(aarq.context()).isEqualTo(Acse.Context.LOGICAL_NAME_CIPHERED);
    assertThat(aarq.mechanism()).isEqualTo(Acse.Mechanism.LLS);
    assertThat(aarq.callingTitle().hex()).isEqualTo("4D4D4D0000BC614E");
    assertThat(aarq.authentication().bytes())
        .isEqualTo("12345678".getBytes(StandardCharsets.US_ASCII));
    assertThat(aarq.toString()).as("C30 the password stays unsaid").doesNotContain("31323334");
    // the Green Book's InitiateRequest, ciphered with the global key
    try (DlmsKeys keys =
        DlmsKeys.of(
            hex("000102030405060708090A0B0C0D0E0F"), hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"))) {
      byte[] plain =
          Ciphering.unprotect(
              (Apdu.Ciphered) Apdus.decode(aarq.userInformation().bytes()),
              aarq.callingTitle().bytes(),
              keys);
      var initiate = (Initiate.Request) Apdus.decode(plain);
      assertThat(initiate.dedicatedKey().hex()).isEqualTo("00112233445566778899AABBCCDDEEFF");
      assertThat(initiate.maxPdu()).isEqualTo(0x04B0);
      assertThat(initiate.toString()).as("C30").doesNotContain("0011223344");
    }
  }

  @Test
  @DisplayName("the Green Book's example of HLS 5: each side's proof, and the other's check")
  void gmac() throws DlmsException {
    byte[] clientTitle = hex("4D4D4D0000000001");
    byte[] meterTitle = hex("4D4D4D0000BC614E");
    byte[] toMeter = hex("4B35366956616759");
    byte[] toClient = hex("503677524A323146");
    try (DlmsKeys keys =
        DlmsKeys.of(
            hex("000102030405060708090A0B0C0D0E0F"), hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"))) {
      Protection ofClientsSide =
          Protection.ofClient(SecurityContext.of(clientTitle, keys, () -> 1));
      Protection ofMetersSide =
          Protection.ofMeter(SecurityContext.of(meterTitle, keys, () -> 0x01234567));
      ofClientsSide.peerTitle(meterTitle);
      ofMetersSide.peerTitle(clientTitle);
      GmacProver client = new GmacProver(ofClientsSide);
      GmacProver meter = new GmacProver(ofMetersSide);
      HlsExchange ofClientSide = exchange(clientTitle, meterTitle, toMeter, toClient);
      HlsExchange ofMeterSide = exchange(meterTitle, clientTitle, toClient, toMeter);
      HlsExchange otherWay = exchange(meterTitle, clientTitle, toMeter, toClient);
      byte[] ofClient = client.prove(ofClientSide);
      byte[] ofMeter = meter.prove(ofMeterSide);
      assertThat(ofClient).isEqualTo(hex("10000000011A52FE7DD3E72748973C1E28"));
      assertThat(ofMeter).isEqualTo(hex("1001234567FE1466AFB3DBCD4F9389E2B7"));
      meter.check(ofClient, ofMeterSide);
      client.check(ofMeter, ofClientSide);
      ofMeter[16] ^= 1;
      assertThatThrownBy(() -> client.check(ofMeter, ofClientSide))
          .isInstanceOf(DlmsException.class);
      assertThatThrownBy(() -> meter.check(ofClient, otherWay)).isInstanceOf(DlmsException.class);
    }
  }

  private static HlsExchange exchange(
      byte[] ownTitle, byte[] peerTitle, byte[] ownChallenge, byte[] peerChallenge) {
    return new HlsExchange(
        DlmsData.OctetString.of(ownTitle),
        DlmsData.OctetString.of(peerTitle),
        DlmsData.OctetString.of(ownChallenge),
        DlmsData.OctetString.of(peerChallenge));
  }

  @Test
  @DisplayName("a protocol version, which some meters send, is read over")
  void protocolVersion() throws DlmsException {
    var aare =
        (Acse.Aare)
            read(
                "612d80020284a109060760857405080101a203020100a305a103020100be10040e0800065f1f040000501f01f40007");
    assertThat(aare.result()).isEqualTo(Acse.Aare.ACCEPTED);
    assertThat(aare.userInformation().length()).isEqualTo(14);
  }

  @Test
  void refusals() throws DlmsException {
    var refused =
        (Acse.Aare)
            read(
                "6129a109060760857405080101a203020101a305a103020102be10040e0800065f1f040000501f01f40007");
    assertThat(refused.result()).isEqualTo(Acse.Aare.REJECTED);
    assertThat(refused.reason()).isEqualTo("the application context is not supported");
    var low =
        (Acse.Aare) read("611fa109060760857405080101a203020101a305a103020101be0604040e010601");
    assertThat(Apdus.decode(low.userInformation().bytes()))
        .isEqualTo(new Initiate.ServiceError(1, 6, 1));
    var challenge =
        (Acse.Aare)
            read(
                "6142a109060760857405080101a203020100a305a10302010e88020780890760857405080205"
                    + "aa0a8008503677524a323146be10040e0800065f1f040000501f01f40007");
    assertThat(challenge.mechanism()).isEqualTo(Acse.Mechanism.HLS_GMAC);
    assertThat(challenge.authentication().bytes())
        .isEqualTo("P6wRJ21F".getBytes(StandardCharsets.US_ASCII));
    var initiate = (Initiate.Response) Apdus.decode(challenge.userInformation().bytes());
    assertThat(initiate.conformance())
        .isEqualTo(
            Conformance.of(
                Conformance.Service.PRIORITY_MANAGEMENT,
                Conformance.Service.BLOCK_TRANSFER_WITH_GET,
                Conformance.Service.GET,
                Conformance.Service.SET,
                Conformance.Service.SELECTIVE_ACCESS,
                Conformance.Service.EVENT_NOTIFICATION,
                Conformance.Service.ACTION));
    assertThat(initiate.maxPdu()).isEqualTo(500);
  }

  @Test
  void services() throws DlmsException {
    assertThat(read("c001c1000100002b0100ff0200"))
        .isEqualTo(
            new Service.GetNormal(
                0xC1,
                new Service.Selected(
                    new AttributeRef(1, ObisCode.parse("0.0.43.1.0.255"), 2), Optional.empty())));
    assertThat(read("c401c1000600001391"))
        .isEqualTo(
            new Service.GotNormal(
                0xC1, new Outcome.Value(new DlmsData.DoubleLongUnsigned(0x1391))));
    assertThat(read("c401c10101"))
        .isEqualTo(new Service.GotNormal(0xC1, new Outcome.Refused(AccessResult.HARDWARE_FAULT)));
    assertThat(read("c403410200060000139101" + "04"))
        .isEqualTo(
            new Service.GotList(
                0x41,
                List.of(
                    new Outcome.Value(new DlmsData.DoubleLongUnsigned(0x1391)),
                    new Outcome.Refused(AccessResult.OBJECT_UNDEFINED))));
    assertThat(((Service.ActedNormal) read("c701c0000101fa")).outcome().returned())
        .contains(new Outcome.Refused(AccessResult.OTHER_REASON));
    // a refusal without the byte that says that nothing is returned, as a stack in the field has it
    assertThat(read("c7014603"))
        .isEqualTo(
            new Service.ActedNormal(
                0x46, new Service.Invoked(AccessResult.READ_WRITE_DENIED, Optional.empty())));
    assertThat(((Service.ExceptionResponse) read("d8010600000123")).counter()).hasValue(0x123);
  }

  @ParameterizedTest
  @DisplayName("C39 what is cut short or of no known kind is refused with its place")
  @ValueSource(
      strings = {
        "c004c100000001",
        "c002c1",
        "c403c1ff",
        "c40341820fff00",
        "60",
        "601da1",
        "6029a109060760857405080101",
        "601da109060760857405080109be10040e01000000065f1f0400007e1f04b0",
        "601da109060760857405070101be10040e01000000065f1f0400007e1f04b0",
        "01000000065f1f0500007e1f04b0",
        "c401c10201"
      })
  void refused(String hex) {
    assertThatThrownBy(() -> read(hex)).isInstanceOf(DlmsException.class);
  }
}
