package org.gridwarden.dlms.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.SecurityControl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The security examples of another stack's tests, {@code security-python-dlms-cosem.txt}. */
class PythonVectorsTest {
  private static final Vectors VECTORS = Vectors.of("security-python-dlms-cosem.txt");
  private static final String INITIATE = "TestGlobalCipherInitiateRequest.test_encrypt";

  private static DlmsKeys keys(String section) {
    return DlmsKeys.of(
        VECTORS.get(section, "encryption_key"), VECTORS.get(section, "authentication_key"));
  }

  @Test
  @DisplayName("a push under general-glo opens to the notification")
  void generalGlo() throws DlmsException {
    byte[] bytes = VECTORS.get("test_gen_glo_cipher_to_apdu", "dlms_data");
    var apdu = (Apdu.Ciphered) Apdus.decode(bytes);
    assertThat(Apdus.encode(apdu)).isEqualTo(bytes);
    byte[] title = VECTORS.get("test_gen_glo_cipher_to_apdu", "system_title");
    assertThat(apdu.systemTitle()).isEqualTo(title);
    // it is authenticated, but nobody says with what key: only what is encrypted is compared
    byte[] key = VECTORS.get("test_gen_glo_cipher_to_apdu", "bytes");
    byte[] plain = VECTORS.get("test_data_notification_apdu", "dlms_data");
    try (DlmsKeys keys = DlmsKeys.of(key, key)) {
      byte[] sealed =
          Ciphering.protect(
                  apdu.tag(), apdu.control(), title, apdu.invocationCounter(), plain, keys)
              .content();
      assertThat(Arrays.copyOf(sealed, plain.length))
          .isEqualTo(Arrays.copyOf(apdu.content(), plain.length));
    }
  }

  @Test
  @DisplayName("authenticated encryption, both ways")
  void authenticatedEncryption() throws DlmsException {
    String section = "test_encrypt_authenticated";
    try (DlmsKeys keys = keys(section)) {
      Apdu.Ciphered apdu =
          Ciphering.protect(
              0xC8,
              SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED,
              VECTORS.get(section, "system_title"),
              0x01234567,
              VECTORS.get(section, "plain_data"),
              keys);
      assertThat(apdu.content()).isEqualTo(VECTORS.get(section, "ciphered_text"));
      assertThat(Ciphering.unprotect(apdu, VECTORS.get(section, "system_title"), keys))
          .isEqualTo(VECTORS.get("test_decrypt_authenticated", "plain_data"));
    }
  }

  @Test
  @DisplayName("GMAC over a challenge")
  void gmac() throws DlmsException {
    try (DlmsKeys keys = keys("test_gmac2")) {
      byte[] challenge = VECTORS.get("test_gmac2", "server_to_client_challenge");
      byte[] content =
          Ciphering.protect(
                  0xDB,
                  SecurityControl.of(0, true, false, false),
                  VECTORS.get("test_gmac2", "client_system_title"),
                  1,
                  challenge,
                  keys)
              .content();
      assertThat(Arrays.copyOfRange(content, challenge.length, content.length))
          .isEqualTo(VECTORS.get("test_gmac", "bytes"));
    }
  }

  @Test
  @DisplayName("ciphered initiate in AARQ and release")
  void initiate() throws DlmsException {
    byte[] title = VECTORS.get(INITIATE, "system_title");
    byte[] wanted = VECTORS.get("TestGlobalCipherInitiateRequest.test_to_bytes", "data");
    var aarq =
        (Acse.Aarq)
            Apdus.decode(VECTORS.get("TestParseAARQ.test_parse_ciphered_low_security2", "data"));
    var rlrq =
        (Acse.Rlrq)
            Apdus.decode(VECTORS.get("TestDecodeRLRQ.test_with_ciphered_initiate_request", "data"));
    try (DlmsKeys keys = keys(INITIATE)) {
      for (Acse acse : new Acse[] {aarq, rlrq}) {
        assertThat(acse.userInformation().bytes()).isEqualTo(wanted);
        var ciphered = (Apdu.Ciphered) Apdus.decode(acse.userInformation().bytes());
        var request = (Initiate.Request) Apdus.decode(Ciphering.unprotect(ciphered, title, keys));
        assertThat(request.dedicatedKey().bytes())
            .isEqualTo(java.util.HexFormat.of().parseHex("00112233445566778899aabbccddeeff"));
      }
      var rlre =
          (Acse.Rlre)
              Apdus.decode(
                  VECTORS.get("TestDecodeRLRE.test_with_ciphered_initiate_response", "data"));
      var answer = (Apdu.Ciphered) Apdus.decode(rlre.userInformation().bytes());
      assertThat(answer.invocationCounter()).isEqualTo(0x01234567);
      assertThat(Apdus.decode(Ciphering.unprotect(answer, title, keys)))
          .isInstanceOf(Initiate.Response.class);
    }
  }
}
