package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The worked examples of the DLMS UA Green Book (suite 0), as {@code vectors/greenbook-gcm-hls.txt}
 * quotes them, and what must not be opened.
 */
class CipheringTest {
  private static final byte[] TITLE = hex("4D4D4D0000BC614E");
  private static final byte[] EK = hex("000102030405060708090A0B0C0D0E0F");
  private static final byte[] AK = hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF");
  private static final DlmsKeys KEYS = DlmsKeys.of(EK, AK);
  private static final long COUNTER = 0x01234567;

  @ParameterizedTest
  @CsvSource({
    // glo-get-request, length, security control, invocation counter, protected bytes
    "C0010000080000010000FF0200,"
        + " C81E3001234567411312FF935A47566827C467BC7D825C3BE4A77C3FCC056B6B",
    "C0010000080000010000FF0200, C8122001234567411312FF935A47566827C467BC",
    "C0010000080000010000FF0200,"
        + " C81E1001234567C0010000080000010000FF020006725D910F9221D263877516",
    // glo-initiate-request
    "01011000112233445566778899AABBCCDDEEFF0000065F1F0400007E1F04B0,"
        + " 21303001234567801302FF8A7874133D414CED25B42534D28DB0047720606B175BD52211BE6841DB204D39EE6FDB8E356855"
  })
  void theGreenBooksExamplesOpenAndSeal(String plain, String ciphered) throws DlmsException {
    Apdu.Ciphered apdu = (Apdu.Ciphered) Apdus.decode(hex(ciphered));
    assertThat(apdu.invocationCounter()).isEqualTo(COUNTER);
    assertThat(Ciphering.unprotect(apdu, TITLE, KEYS)).isEqualTo(hex(plain));
    Apdu.Ciphered sealed =
        Ciphering.protect(apdu.tag(), apdu.control(), TITLE, COUNTER, hex(plain), KEYS);
    assertThat(Apdus.encode(sealed)).isEqualTo(hex(ciphered));
  }

  @Test
  @DisplayName("C6 one flipped bit in title, counter, ciphertext or tag: always the same refusal")
  void everyFlippedBitIsRefusedAlike() throws DlmsException {
    byte[] good = Apdus.encode(push(0x30, COUNTER));
    String refusal = "";
    // behind tag and title's length: the title; behind length and security control: all the rest
    for (int at = 2; at < good.length; at++) {
      if (at == 10 || at == 11) {
        continue; // the length and the security control: what they break is read before any key
      }
      for (int bit = 0; bit < 8; bit++) {
        byte[] bad = good.clone();
        bad[at] ^= (byte) (1 << bit);
        Apdu.Ciphered apdu = (Apdu.Ciphered) Apdus.decode(bad);
        DlmsException e =
            catchThrowableOfType(
                DlmsException.class, () -> Ciphering.unprotect(apdu, new byte[0], KEYS));
        assertThat(e.kind()).isEqualTo(DlmsException.Kind.UNAUTHENTICATED);
        refusal = refusal.isEmpty() ? e.describe() : refusal;
        assertThat(e.describe()).isEqualTo(refusal);
      }
    }
    byte[] otherKey = AK.clone();
    otherKey[0] ^= 1;
    Apdu.Ciphered apdu = (Apdu.Ciphered) Apdus.decode(good);
    assertThatThrownBy(() -> Ciphering.unprotect(apdu, new byte[0], DlmsKeys.of(EK, otherKey)))
        .hasMessage(refusal.substring(refusal.indexOf(": ") + 2));
  }

  @Test
  @DisplayName("C4 counters above 2^31 and near 2^32 are unsigned")
  void countersAreUnsigned() throws DlmsException {
    for (long counter : new long[] {0, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL}) {
      Apdu.Ciphered back = (Apdu.Ciphered) Apdus.decode(Apdus.encode(push(0x30, counter)));
      assertThat(back.invocationCounter()).isEqualTo(counter);
      assertThat(Ciphering.unprotect(back, new byte[0], KEYS)).isEqualTo(hex("0F000000010000"));
    }
    assertThatThrownBy(() -> push(0x30, 0x1_0000_0000L))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void suiteTwoTakesLongKeysAndTheBroadcastBitItsOwnKey() throws DlmsException {
    byte[] longEk = Arrays.copyOf(EK, 32);
    byte[] longAk = Arrays.copyOf(AK, 32);
    byte[] plain = hex("0F000000010000");
    DlmsKeys keys = DlmsKeys.of(longEk, longAk);
    SecurityControl suite2 = SecurityControl.of(2, true, true, false);
    Apdu.Ciphered apdu = Ciphering.protect(0xDB, suite2, TITLE, 1, plain, keys);
    assertThat(Ciphering.unprotect(apdu, new byte[0], keys)).isEqualTo(plain);
    assertThatThrownBy(() -> Ciphering.unprotect(apdu, new byte[0], KEYS))
        .hasMessageContaining("32 bytes, not 16");

    SecurityControl broadcast = SecurityControl.of(0, true, true, true);
    DlmsKeys withBroadcast = KEYS.withBroadcast(AK);
    Apdu.Ciphered toAll = Ciphering.protect(0xDB, broadcast, TITLE, 1, plain, withBroadcast);
    assertThat(Ciphering.unprotect(toAll, new byte[0], withBroadcast)).isEqualTo(plain);
    assertThatThrownBy(() -> Ciphering.unprotect(toAll, new byte[0], KEYS))
        .hasMessageContaining("broadcast");
  }

  @Test
  void whatIsUnsupportedIsRefusedByItsName() throws DlmsException {
    assertThatThrownBy(() -> Ciphering.unprotect(push(0xB0), new byte[0], KEYS))
        .hasMessageContaining("compressed");
    assertThatThrownBy(() -> Ciphering.unprotect(push(0x3F), new byte[0], KEYS))
        .hasMessageContaining("suite 15");
  }

  @Test
  @DisplayName("C30 keys are not printed")
  void keysAreNotPrinted() {
    assertThat(KEYS.toString()).isEqualTo("DlmsKeys[redacted]");
    assertThatThrownBy(() -> DlmsKeys.of(new byte[5], AK)).hasMessageNotContaining("00");
  }

  private static Apdu.Ciphered push(int control, long counter) throws DlmsException {
    return Ciphering.protect(
        0xDB, new SecurityControl(control), TITLE, counter, hex("0F000000010000"), KEYS);
  }

  /** With a security control that protect would refuse: title, length, control, counter, bytes. */
  private static Apdu.Ciphered push(int control) throws DlmsException {
    byte[] bytes = Apdus.encode(push(0x30, 1));
    bytes[11] = (byte) control;
    return (Apdu.Ciphered) Apdus.decode(bytes);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
