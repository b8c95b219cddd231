package org.gridwarden.security.cbke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Figures that others have published; their files say who. */
class PublishedExchangesTest {
  private static final HexFormat HEX = HexFormat.of();

  private static Map<String, byte[]> figures(String file, Suite suite) throws IOException {
    Map<String, byte[]> figures = new HashMap<>();
    try (InputStream in = PublishedExchangesTest.class.getResourceAsStream(file)) {
      assertThat(in).as(file).isNotNull();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("suite" + suite.number() + " "))
          .forEach(line -> {
            String[] words = line.split("\\|");
            figures.put(words[0].strip().substring(7), HEX.parseHex(words[1].strip()));
          });
    }
    return figures;
  }

  private static byte[] figure(Map<String, byte[]> figures, String name) {
    return Objects.requireNonNull(figures.get(name), name);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("S26: the exchange of annex C, step by step; interop with devices unverified")
  void anExchange(Suite suite) throws Exception {
    Map<String, byte[]> figures = figures("exchanges.txt", suite);
    byte[] authority = figure(figures, "authority");
    CbkeIdentity[] who = new CbkeIdentity[2];
    Ephemeral[] ephemeral = new Ephemeral[2];
    for (int i = 0; i < 2; i++) {
      String number = " " + (i + 1);
      ImplicitCertificate certificate =
          ImplicitCertificate.parse(suite, figure(figures, "certificate" + number));
      assertThat(certificate.publicKey(authority)).isEqualTo(figure(figures, "public" + number));
      who[i] = CbkeIdentity.of(certificate, figure(figures, "private" + number), authority);
      ephemeral[i] = ephemeral(suite, figure(figures, "ephemeral private" + number));
      assertThat(ephemeral[i].point()).isEqualTo(figure(figures, "ephemeral" + number));
    }
    assertThat(who[0].certificate().subject()).isNotEqualTo(who[1].certificate().subject());
    assertThat(who[0].certificate().issuer()).isEqualTo(who[1].certificate().issuer());
    byte[] secret = figure(figures, "secret");
    assertThat(Agreement.secret(who[0], ephemeral[0], who[1].certificate(), ephemeral[1].point()))
        .isEqualTo(secret);
    assertThat(Agreement.secret(who[1], ephemeral[1], who[0].certificate(), ephemeral[0].point()))
        .isEqualTo(secret);
    Agreement asked =
        Agreement.asResponder(who[0], ephemeral[0], who[1].certificate(), ephemeral[1].point());
    Agreement began =
        Agreement.asInitiator(who[1], ephemeral[1], who[0].certificate(), ephemeral[0].point());
    for (Agreement one : new Agreement[] {asked, began}) {
      assertThat(one.linkKey()).isEqualTo(figure(figures, "link key"));
      assertThat(one.initiatorProof()).isEqualTo(figure(figures, "proof 2"));
      assertThat(one.responderProof()).isEqualTo(figure(figures, "proof 1"));
    }
  }

  /** Those of suite 2 are written longer than its order is. */
  private static Ephemeral ephemeral(Suite suite, byte[] key) {
    BigInteger reduced = new BigInteger(1, key).mod(suite.domain().getN());
    return Ephemeral.of(suite, suite.bytes(reduced));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("S26: a certificate of a public test authority; interop with devices unverified")
  void certificatesGiveKeys(Suite suite) throws Exception {
    Map<String, byte[]> figures = figures("certificates.txt", suite);
    byte[] bytes = figure(figures, "implicit cert (" + suite.certificateLength() + " B)");
    ImplicitCertificate certificate = ImplicitCertificate.parse(suite, bytes);
    assertThat(certificate.publicKey(figure(figures, "CA pub")))
        .isEqualTo(figure(figures, "device pub"));
    assertThat(
            CbkeIdentity.of(
                    certificate,
                    figure(figures, "private key reconstruction data"),
                    figure(figures, "CA pub"))
                .certificate()
                .subject())
        .isEqualTo(0x0022_0800_0000_0001L);
  }
}
