package org.gridwarden.channel.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.gridwarden.channel.sip.Fields.Field;
import org.gridwarden.core.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The digest against RFC 7616's own example (clause 3.9.1). */
class DigestTest {
  private static final String REALM = "http-auth@example.org";
  private static final Secret PASSWORD =
      new Secret("Circle of Life".getBytes(StandardCharsets.US_ASCII));

  private static Fields said(String algorithm, String response) {
    return new Fields(
        List.of(
            new Field(
                "authorization",
                "Digest username=\"Mufasa\", realm=\""
                    + REALM
                    + "\", uri=\"/dir/index.html\", algorithm="
                    + algorithm
                    + ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001,"
                    + " cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth,"
                    + " response=\""
                    + response
                    + "\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"")));
  }

  @ParameterizedTest
  @CsvSource({
    "SHA-256,753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    "MD5,8ca523f5e9506fed4657c9700eebdbec"
  })
  void isThatOfTheStandard(String algorithm, String response) throws Exception {
    Digest digest = Digest.of(said(algorithm, response), REALM, true).orElseThrow();
    assertThat(digest.count()).isEqualTo(1);
    assertThat(digest.isBy(PASSWORD, REALM, "GET")).isTrue();
    assertThat(digest.isBy(PASSWORD, REALM, "POST")).isFalse();
    assertThat(digest.isBy(PASSWORD, "gridwarden", "GET")).isFalse();
    assertThat(digest.isBy(new Secret(new byte[] {'x'}), REALM, "GET")).isFalse();
  }

  @Test
  @DisplayName("C25: a digest by MD5 is none where MD5 is not allowed, named or not")
  void md5IsNotTakenUnasked() throws Exception {
    String response = "8ca523f5e9506fed4657c9700eebdbec";
    assertThat(Digest.of(said("MD5", response), REALM, false)).isEmpty();
    assertThat(Digest.of(said("md5", response), REALM, false)).isEmpty();
    assertThat(Digest.of(said("SHA-512-256", response), REALM, true)).isEmpty();
    assertThat(Digest.of(said("SHA-256", response), "another", true)).isEmpty();
  }
}
