package org.gridwarden.channel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.channel.http.TestOffice.A;
import static org.gridwarden.channel.http.TestOffice.B;
import static org.gridwarden.channel.http.TestOffice.SOON;
import static org.gridwarden.channel.http.TestOffice.usage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.message.Form;
import org.gridwarden.security.AdmissionLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Debian's curl and h2load (curl, nghttp2-client) speak to the listener. */
class CurlIT {
  @TempDir Path folder;

  private static TestOffice secure() throws Exception {
    return new TestOffice(
        Map.of(), AdmissionLimits.defaults(), Optional.of(TestAuthority.shared()));
  }

  private String run(List<String> command) throws Exception {
    Path said = Files.createTempFile(folder, "said", "");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      assertThat(process.waitFor(SOON.toSeconds() * 6, TimeUnit.SECONDS)).isTrue();
      return Files.readString(said);
    } finally {
      process.destroyForcibly();
    }
  }

  /** The status and the version, as curl tells them. */
  private String curl(TestOffice office, String path, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{http_version}\\n"));
    if (office.authority.isPresent()) {
      command.addAll(
          List.of(
              "--cacert",
              folder.resolve("root.pem").toString(),
              "--cert",
              folder.resolve("meter.pem").toString(),
              "--key",
              folder.resolve("meter.key").toString()));
    } else {
      command.addAll(List.of("-u", A + ":" + TestOffice.password(A)));
    }
    command.addAll(List.of(more));
    command.add(office.uri(path).toString());
    return run(command).strip();
  }

  private String message(TestOffice office) throws Exception {
    Path file = folder.resolve("message");
    Files.write(file, office.end(A).seal(Form.SENML_CBOR, usage(A, 117)));
    return "@" + file;
  }

  @ParameterizedTest
  @CsvSource({"--http1.1,1.1", "--http2-prior-knowledge,2"})
  void curlPostsWithTheKeyInTheHeader(String option, String version) throws Exception {
    try (TestOffice office = new TestOffice()) {
      String[] post = {
        option, "-H", "Content-Type: application/cose", "--data-binary", message(office)
      };
      assertThat(curl(office, "/gw/" + A + "/usage", post)).isEqualTo("201 " + version);
      assertThat(curl(office, "/gw/" + A + "/usage", post)).isEqualTo("200 " + version);
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      assertThat(curl(office, "/gw/" + A, option)).isEqualTo("200 " + version);
      assertThat(curl(office, "/gw/" + A + "/orders", option)).isEqualTo("204 " + version);
      assertThat(curl(office, "/gw/" + B, option)).isEqualTo("403 " + version);
      assertThat(curl(office, "/gw/" + A, option, "-u", A + ":wrong")).isEqualTo("401 " + version);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2-prior-knowledge"})
  @DisplayName("S31: curl speaks XML to the office, and is answered in it")
  void curlSpeaksXml(String option) throws Exception {
    try (TestOffice office = new TestOffice()) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 117));
      String posted = xml(office, option, secured(Base64.getEncoder().encodeToString(message)));
      assertThat(posted).contains("<outcome").contains("xmlns=\"urn:gridwarden:http:1\"");
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE secured [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE secured SYSTEM \"http://127.0.0.1:9/x.dtd\">",
        "<!DOCTYPE secured [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY x \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
      })
  @DisplayName("C39: XML with a document type is refused, and nothing that it names is read")
  void curlsEntitiesAreRefused(String type) throws Exception {
    try (TestOffice office = new TestOffice()) {
      String said = xml(office, "--http1.1", type + secured("&x;"));
      assertThat(said)
          .contains("<problem xmlns=\"urn:ietf:rfc:7807\">", "<status>400</status>")
          .doesNotContain("root:");
      assertThat(office.submitted).isEmpty();
    }
  }

  private static String secured(String base64) {
    return "<secured xmlns=\"urn:gridwarden:http:1\"><message>" + base64 + "</message></secured>";
  }

  /** Posts a document in XML; gives the document that answers it. */
  private String xml(TestOffice office, String option, String document) throws Exception {
    Path file = Files.writeString(folder.resolve("document.xml"), document);
    return run(
        List.of(
            "curl",
            "-sS",
            option,
            "-u",
            A + ":" + TestOffice.password(A),
            "-H",
            "Content-Type: application/xml",
            "-H",
            "Accept: application/xml",
            "--data-binary",
            "@" + file,
            office.uri("/gw/" + A + "/usage").toString()));
  }

  @ParameterizedTest
  @CsvSource({"--http1.1,1.1", "--http2,2"})
  @DisplayName("C22, C25: curl posts under mutual TLS; without a certificate nothing is said to it")
  void curlPostsUnderMutualTls(String option, String version) throws Exception {
    try (TestOffice office = secure()) {
      TestAuthority authority = office.authority.orElseThrow();
      authority.write(folder, authority.meter(A));
      String[] post = {
        option, "-H", "Content-Type: application/cose", "--data-binary", message(office)
      };
      assertThat(curl(office, "/gw/" + A + "/usage", post)).isEqualTo("201 " + version);
      assertThat(curl(office, "/gw/" + B + "/usage", post)).isEqualTo("403 " + version);
      assertThat(curl(office, "/gw/" + A, option, "-u", B + ":" + TestOffice.password(B)))
          .as("another meter's key beside the certificate")
          .isEqualTo("401 " + version);
      assertThat(
              run(
                  List.of(
                      "curl",
                      "-sS",
                      option,
                      "--cacert",
                      folder.resolve("root.pem").toString(),
                      "-u",
                      A + ":" + TestOffice.password(A),
                      office.uri("/gw/" + A).toString())))
          .contains("curl: (");
      assertThat(office.submitted).hasSize(1);
    }
  }

  @Test
  @DisplayName("C23: a revoked certificate is not let in by curl either")
  void curlIsRefusedOnceRevoked() throws Exception {
    try (TestAuthority authority = new TestAuthority();
        TestOffice office =
            new TestOffice(Map.of(), AdmissionLimits.defaults(), Optional.of(authority))) {
      var credential = authority.meter(A);
      authority.write(folder, credential);
      assertThat(curl(office, "/gw/" + A, "--http2")).isEqualTo("200 2");
      authority.revoke(credential);
      assertThat(curl(office, "/gw/" + A, "--http2")).contains("curl: (");
    }
  }

  @Test
  void curlIsNotSentWhatItHas() throws Exception {
    try (TestOffice office = new TestOffice()) {
      Path tag = folder.resolve("etag");
      String[] save = {"--etag-save", tag.toString()};
      assertThat(curl(office, "/gw/" + A, save)).isEqualTo("200 1.1");
      assertThat(curl(office, "/gw/" + A, "--etag-compare", tag.toString())).isEqualTo("304 1.1");
    }
  }

  @ParameterizedTest
  @CsvSource({"--h1,false", "--npn-list=h2,false", "--h1,true", "--npn-list=h2,true"})
  void h2loadLosesNothing(String option, boolean tls) throws Exception {
    Map<String, Object> fast = Map.of("rate", 1_000_000, "burst", 1_000_000);
    try (TestOffice office =
        new TestOffice(
            fast,
            AdmissionLimits.defaults(),
            tls ? Optional.of(TestAuthority.shared()) : Optional.empty())) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  "h2load",
                  "-n",
                  "2000",
                  "-c",
                  "2",
                  "-m",
                  option.equals("--h1") ? "1" : "16",
                  option,
                  "-H",
                  "Content-Type: application/cose",
                  "-d",
                  message(office).substring(1)));
      if (tls) {
        // h2load has no client certificates: it is not let in
        command.add(office.uri("/gw/" + A + "/usage").toString());
        assertThat(run(command)).contains("0 succeeded");
        assertThat(office.submitted).isEmpty();
        return;
      }
      command.addAll(List.of("-H", "Authorization: " + TestOffice.authorization(A)));
      command.add(office.uri("/gw/" + A + "/usage").toString());
      String said = run(command);
      Matcher done =
          Pattern.compile("requests: 2000 total, .* 2000 succeeded, 0 failed, 0 errored")
              .matcher(said);
      assertThat(done.find()).as(said).isTrue();
      assertThat(said).contains("status codes: 2000 2xx, 0 3xx, 0 4xx, 0 5xx");
      assertThat(office.submitted).hasSize(2_000);
      System.out.println(
          said.lines().filter(l -> l.startsWith("finished")).findFirst().orElse(said));
    }
  }
}
