package org.gridwarden.dlms.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.HexFormat;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.GeneralHeader;
import org.gridwarden.dlms.GeneralSigning;
import org.gridwarden.dlms.KeyInfo;
import org.gridwarden.dlms.SecurityControl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for symmetric protection in every suite. */
class SuitesTest {
  private static final byte[] TITLE = {'G', 'W', 'M', 0, 0, 0, 0, 1};
  private static final byte[] OTHER_TITLE = {'G', 'W', 'C', 0, 0, 0, 0, 1};
  private static final byte[] PLAIN = HexFormat.of().parseHex("C0010000080000010000FF0200");

  private static DlmsKeys keys(SecuritySuite suite) {
    byte[] key = new byte[suite.keyLength()];
    byte[] other = key.clone();
    Arrays.fill(key, (byte) 0x5A);
    Arrays.fill(other, (byte) 0xA5);
    return DlmsKeys.of(key, other).withBroadcast(other).withDedicated(other);
  }

  /** Every flipped bit of an APDU from a byte on, but for the lengths: refused, and all alike. */
  private static void refusedAlike(byte[] good, int from, int[] lengths, DlmsKeys keys)
      throws DlmsException {
    String refusal = "";
    for (int at = from; at < good.length; at++) {
      int here = at;
      if (Arrays.stream(lengths).anyMatch(l -> l == here)) {
        continue;
      }
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << at % 8);
      Apdu apdu = Apdus.decode(bad);
      DlmsException e =
          catchThrowableOfType(
              DlmsException.class,
              () -> {
                if (apdu instanceof Apdu.GeneralCiphering general) {
                  Ciphering.unprotect(general, keys);
                } else {
                  Ciphering.unprotect((Apdu.Ciphered) apdu, TITLE, keys);
                }
              });
      assertThat(e).as("byte " + at).isNotNull();
      assertThat(e.kind()).as("byte " + at).isEqualTo(DlmsException.Kind.UNAUTHENTICATED);
      refusal = refusal.isEmpty() ? e.describe() : refusal;
      assertThat(e.describe()).isEqualTo(refusal);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("C6: one flipped bit in counter, header, ciphertext or tag, in any suite and form")
  void flippedBits(SecuritySuite suite) throws DlmsException {
    try (DlmsKeys keys = keys(suite)) {
      for (boolean encrypted : new boolean[] {true, false}) {
        SecurityControl control = SecurityControl.of(suite.number(), true, encrypted, false);
        for (int tag : new int[] {0xC8, 0xD0, 0xDC}) {
          byte[] good =
              Apdus.encode(Ciphering.protect(tag, control, TITLE, 0x80000001L, PLAIN, keys));
          // tag, a general one's title, length and security control: read before any key
          refusedAlike(good, tag == 0xDC ? 12 : 3, new int[0], keys);
        }
        for (KeyInfo info :
            new KeyInfo[] {
              KeyInfo.NONE, new KeyInfo.Identified(false), new KeyInfo.Identified(true)
            }) {
          byte[] good =
              Apdus.encode(
                  Ciphering.protect(
                      GeneralHeader.of(new byte[] {1, 2}, TITLE, OTHER_TITLE),
                      info,
                      control,
                      7,
                      PLAIN,
                      keys));
          int keyInfo = 1 + 3 + 9 + 9 + 2;
          int content = keyInfo + (info instanceof KeyInfo.None ? 1 : 3);
          // lengths, key-info (whose change names another key), content's length and control
          refusedAlike(
              good,
              2,
              new int[] {4, 13, 22, 23, keyInfo, keyInfo + 1, keyInfo + 2, content, content + 1},
              keys);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("C6: the additional data are covered: another AK, suite or way of protection")
  void additionalData(SecuritySuite suite) throws DlmsException {
    try (DlmsKeys keys = keys(suite)) {
      SecurityControl control = SecurityControl.of(suite.number(), true, true, false);
      Apdu.Ciphered apdu = Ciphering.protect(0xDB, control, TITLE, 1, PLAIN, keys);
      byte[] ek = new byte[suite.keyLength()];
      byte[] ak = ek.clone();
      Arrays.fill(ek, (byte) 0x5A);
      Arrays.fill(ak, (byte) 0xA5);
      ak[3] ^= 8;
      assertThatThrownBy(() -> Ciphering.unprotect(apdu, TITLE, DlmsKeys.of(ek, ak)))
          .hasMessageContaining("not genuine");
      // the security control's own bits: without encryption, and in the other 128-bit suite
      byte[] bytes = Apdus.encode(apdu);
      bytes[11] ^= 0x20;
      assertThatThrownBy(
              () -> Ciphering.unprotect((Apdu.Ciphered) Apdus.decode(bytes), TITLE, keys))
          .hasMessageContaining("not genuine");
      if (suite != SecuritySuite.SUITE_2) {
        byte[] otherSuite = Apdus.encode(apdu);
        otherSuite[11] ^= 0x01;
        assertThatThrownBy(
                () -> Ciphering.unprotect((Apdu.Ciphered) Apdus.decode(otherSuite), TITLE, keys))
            .hasMessageContaining("not genuine");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("C4: counters above 2^31 and near 2^32 are unsigned in every form")
  void counters(SecuritySuite suite) throws DlmsException {
    SecurityControl control = SecurityControl.of(suite.number(), true, true, false);
    try (DlmsKeys keys = keys(suite)) {
      for (long counter : new long[] {0, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL}) {
        var general =
            (Apdu.GeneralCiphering)
                Apdus.decode(
                    Apdus.encode(
                        Ciphering.protect(
                            GeneralHeader.of(new byte[0], TITLE, OTHER_TITLE),
                            KeyInfo.NONE,
                            control,
                            counter,
                            PLAIN,
                            keys)));
        assertThat(general.counter()).isEqualTo(counter);
        assertThat(Ciphering.unprotect(general, keys)).isEqualTo(PLAIN);
      }
    }
  }

  @Test
  @DisplayName("general-signing is read and written; what is signed is all but the signature")
  void generalSigning() throws DlmsException {
    GeneralHeader header = GeneralHeader.of(new byte[] {9}, TITLE, OTHER_TITLE);
    // tag; transaction id, titles, date-time and other information; content; signature
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                "DF"
                    + "0109"
                    + "0847574D0000000001"
                    + "084757430000000001"
                    + "00"
                    + "00"
                    + "0DC0010000080000010000FF0200"
                    + "40"
                    + "AB".repeat(64));
    byte[] signature = new byte[64];
    Arrays.fill(signature, (byte) 0xAB);
    GeneralSigning signed =
        new GeneralSigning(
            header, DlmsData.OctetString.of(PLAIN), DlmsData.OctetString.of(signature));
    assertThat(Apdus.encode(signed)).isEqualTo(bytes);
    assertThat(Apdus.decode(bytes)).isEqualTo(signed);
    assertThat(GeneralSigning.toBeSigned(header, PLAIN))
        .isEqualTo(Arrays.copyOfRange(bytes, 1, bytes.length - 65));
  }

  @Test
  @DisplayName("key-info in its three forms is read and written; what else it says is refused")
  void keyInfo() throws DlmsException {
    String head = "DD" + "00" + "0847574D0000000001" + "00" + "00" + "00";
    String content = "05" + "31" + "00000000";
    for (String info :
        new String[] {
          "00", // none
          "01" + "00" + "00", // identified: unicast
          "01" + "00" + "01", // identified: broadcast
          "01" + "01" + "00" + "18" + "11".repeat(24), // wrapped by the master key
          "01" + "02" + "0101" + "8180" + "22".repeat(128), // one-pass
          "01" + "02" + "0102" + "00" // static unified model
        }) {
      byte[] bytes = HexFormat.of().parseHex(head + info + content);
      assertThat(Apdus.encode(Apdus.decode(bytes))).as(info).isEqualTo(bytes);
    }
    for (String info :
        new String[] {
          "02", // neither there nor not
          "01" + "00" + "02", // an unknown key
          "01" + "01" + "01" + "18" + "11".repeat(24), // an unknown master key
          "01" + "01" + "00" + "10" + "11".repeat(16), // too short for a wrapped key
          "01" + "02" + "0103" + "00", // an unknown scheme
          "01" + "02" + "00" + "00", // none
          "01" + "03" // an unknown choice
        }) {
      byte[] bytes = HexFormat.of().parseHex(head + info + content);
      assertThatThrownBy(() -> Apdus.decode(bytes))
          .as(info)
          .isInstanceOfSatisfying(
              DlmsException.class,
              e -> assertThat(e.kind()).isEqualTo(DlmsException.Kind.MALFORMED));
    }
  }
}
