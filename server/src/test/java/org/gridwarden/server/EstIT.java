package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** S23: enrolment as a foreign client does it: {@code openssl} and {@code curl}. */
@ExtendWith(SharedServer.Lender.class)
class EstIT {
  private static SharedServer shared;
  private static RunningServer server;
  private static Api administrator;
  @TempDir private Path folder;

  @BeforeAll
  static void start(SharedServer lent) {
    shared = lent;
    server = lent.server();
    administrator = lent.as(SharedServer.Who.SECURITY_ADMINISTRATOR);
  }

  private String run(String... command) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
  }

  private String url(String path) {
    return "https://localhost:" + server.estPort() + path;
  }

  /** The status and, in {@code answer}, the body. */
  private int curl(String... options) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl",
                "--silent",
                "--cacert",
                "root.pem",
                "--output",
                "answer",
                "--write-out",
                "%{http_code}"));
    command.addAll(Arrays.asList(options));
    Files.deleteIfExists(folder.resolve("answer"));
    return Integer.parseInt(run(command.toArray(String[]::new)).strip());
  }

  private int enrol(String how, String key, String... options)
      throws IOException, InterruptedException {
    run("sh", "-c", "openssl base64 -in " + key + ".der -out " + key + ".b64");
    List<String> all =
        new ArrayList<>(
            List.of(
                "--data-binary",
                "@" + key + ".b64",
                "--header",
                "Content-Type: application/pkcs10"));
    all.addAll(Arrays.asList(options));
    all.add(url("/.well-known/est/" + how));
    return curl(all.toArray(String[]::new));
  }

  private void request(String key, String name) throws IOException, InterruptedException {
    run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key + ".key");
    run(
        "openssl",
        "req",
        "-new",
        "-key",
        key + ".key",
        "-subj",
        "/CN=" + name,
        "-outform",
        "DER",
        "-out",
        key + ".der");
  }

  private void root() throws IOException {
    Files.writeString(
        folder.resolve("root.pem"),
        Api.json(administrator.get("/api/v1/certificates/authority")).path("root").asString());
  }

  private void take(String key) throws IOException, InterruptedException {
    assertThat(
            run(
                "sh",
                "-c",
                "openssl base64 -d -in answer | openssl pkcs7 -inform DER -print_certs -out "
                    + key
                    + ".crt"))
        .isEmpty();
    assertThat(folder.resolve(key + ".crt")).content().contains("BEGIN CERTIFICATE");
  }

  private String meter(String serial) {
    new TestMeter(serial, serial.getBytes(StandardCharsets.US_ASCII), new byte[16], new byte[16])
        .importBy(shared.as(SharedServer.Who.OPERATOR));
    return serial;
  }

  private String invite(String meter) {
    var answer =
        administrator.post(
            "/api/v1/certificates/invitations",
            Api.JSON.writeValueAsString(Map.of("names", List.of(meter))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return Api.json(answer).path("items").get(0).path("secret").asString();
  }

  private JsonNode pending(String meter) {
    for (JsonNode request :
        Api.json(administrator.get("/api/v1/certificates/requests")).path("items")) {
      if (request.path("name").asString().equals(meter)
          && request.path("state").asString().equals("pending")) {
        return request;
      }
    }
    throw new AssertionError("no request of " + meter + " waits");
  }

  @Test
  @DisplayName(
      "S23 C24: a meter enrols by its one-time secret, renews, and another key waits for a person")
  void aLife() throws Exception {
    root();
    String meter = meter("ESTM0001");
    String secret = invite(meter);
    request("one", meter);
    assertThat(enrol("simpleenroll", "one")).as("nobody knows who asks").isEqualTo(401);
    assertThat(enrol("simpleenroll", "one", "--user", meter + ":00" + secret)).isEqualTo(401);
    assertThat(enrol("simpleenroll", "one", "--user", meter + ":" + secret)).isEqualTo(200);
    take("one");
    assertThat(
            run(
                "openssl",
                "x509",
                "-in",
                "one.crt",
                "-noout",
                "-subject",
                "-ext",
                "subjectAltName"))
        .contains("CN = " + meter)
        .contains("urn:gridwarden:meter:" + meter)
        .contains("urn:gridwarden:title:");

    // the authorities, and that they stand above it
    assertThat(curl(url("/.well-known/est/cacerts"))).isEqualTo(200);
    take("authorities");
    assertThat(
            run(
                "openssl",
                "verify",
                "-CAfile",
                "root.pem",
                "-untrusted",
                "authorities.crt",
                "one.crt"))
        .contains("one.crt: OK");

    assertThat(enrol("simpleenroll", "one", "--user", meter + ":" + secret))
        .as("the secret was for once")
        .isEqualTo(401);
    assertThat(enrol("simplereenroll", "one", "--cert", "one.crt", "--key", "one.key"))
        .isEqualTo(200);

    // a fresh secret and another key: a person has to say yes
    String second = invite(meter);
    request("two", meter);
    assertThat(enrol("simpleenroll", "two", "--user", meter + ":" + second)).isEqualTo(202);
    assertThat(enrol("simplereenroll", "two", "--cert", "one.crt", "--key", "one.key"))
        .as("the key that is bound may not bind another either")
        .isEqualTo(202);
    long id = pending(meter).path("id").asLong();
    assertThat(
            administrator.post("/api/v1/certificates/requests/" + id + "/approve", "").statusCode())
        .isEqualTo(200);
    assertThat(enrol("simpleenroll", "two", "--user", meter + ":" + second)).isEqualTo(200);
    take("two");
    assertThat(curlExit("--cert", "one.crt", "--key", "one.key"))
        .as("the old key's certificate was superseded")
        .isNotZero();
    assertThat(curlExit("--cert", "two.crt", "--key", "two.key")).isZero();
  }

  /** What curl says of a handshake. */
  private int curlExit(String... options) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("curl", "--silent", "--cacert", "root.pem", "--output", "nothing"));
    command.addAll(Arrays.asList(options));
    command.add(url("/.well-known/est/cacerts"));
    Process process = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  @DisplayName(
      "C24: a request for another name, an unknown meter, another key's signature: refused")
  void refused() throws Exception {
    root();
    String meter = meter("ESTM0002");
    meter("ESTM0003");
    String secret = invite(meter);
    request("other", "ESTM0003");
    assertThat(enrol("simpleenroll", "other", "--user", meter + ":" + secret)).isEqualTo(403);
    assertThat(enrol("simpleenroll", "other", "--user", "ESTM0003:" + secret)).isEqualTo(401);
    assertThat(
            administrator
                .post("/api/v1/certificates/invitations", "{\"names\":[\"NOBODY\"]}")
                .statusCode())
        .isEqualTo(400);
    Files.write(folder.resolve("junk.der"), new byte[200]);
    assertThat(enrol("simpleenroll", "junk", "--user", meter + ":" + secret)).isEqualTo(400);
    assertThat(enrol("serverkeygen", "other", "--user", meter + ":" + secret)).isEqualTo(501);
    assertThat(enrol("fullcmc", "other", "--user", meter + ":" + secret)).isEqualTo(501);
    Files.write(folder.resolve("large.der"), new byte[20_000]);
    assertThat(enrol("simpleenroll", "large", "--user", meter + ":" + secret)).isEqualTo(413);
    assertThat(curl(url("/.well-known/est/csrattrs"))).isEqualTo(200);
    assertThat(run("sh", "-c", "openssl base64 -d -in answer | openssl asn1parse -inform DER"))
        .contains("prime256v1");
    assertThat(curl(url("/nothing"))).isEqualTo(404);
  }

  @Test
  @DisplayName("C23: a revoked certificate opens nothing, and list and OCSP say so to openssl")
  void revoked() throws Exception {
    root();
    String meter = meter("ESTM0004");
    request("key", meter);
    assertThat(enrol("simpleenroll", "key", "--user", meter + ":" + invite(meter))).isEqualTo(200);
    take("key");
    assertThat(curlExit("--cert", "key.crt", "--key", "key.key")).isZero();
    Files.writeString(
        folder.resolve("issuing.crt"),
        Api.json(administrator.get("/api/v1/certificates/authority"))
            .path("issuing")
            .get(0)
            .asString());
    run(
        "openssl",
        "ocsp",
        "-issuer",
        "issuing.crt",
        "-cert",
        "key.crt",
        "-reqout",
        "asked",
        "-no_nonce");
    assertThat(status()).contains("key.crt: good");
    String serial =
        Api.json(administrator.get("/api/v1/certificates?q=" + meter))
            .path("items")
            .get(0)
            .path("serial")
            .asString();
    assertThat(
            administrator
                .post(
                    "/api/v1/certificates/" + serial + "/revoke",
                    "{\"reason\":\"keyCompromise\",\"note\":\"casing opened\"}")
                .statusCode())
        .isEqualTo(200);
    assertThat(curlExit("--cert", "key.crt", "--key", "key.key")).isNotZero();
    assertThat(status()).contains("key.crt: revoked").contains("keyCompromise");
    assertThat(curl(url("/crl"))).isEqualTo(200);
    assertThat(run("openssl", "crl", "-in", "answer", "-inform", "DER", "-noout", "-text"))
        .contains(serial.toUpperCase(java.util.Locale.ROOT))
        .contains("Key Compromise");
    assertThat(curl(url("/crl/1"))).as("by the number of its authority").isEqualTo(200);
    assertThat(run("openssl", "crl", "-in", "answer", "-inform", "DER", "-noout", "-text"))
        .contains(serial.toUpperCase(java.util.Locale.ROOT));
    assertThat(curl(url("/issuing/1"))).isEqualTo(200);
    assertThat(run("openssl", "x509", "-in", "answer", "-inform", "DER", "-noout", "-subject"))
        .contains("issuing 1");
    assertThat(curl(url("/crl/2"))).as("there is no second one").isEqualTo(404);
    assertThat(enrol("simpleenroll", "key", "--user", meter + ":" + invite(meter)))
        .as("its key is burnt")
        .isEqualTo(403);
  }

  private String status() throws IOException, InterruptedException {
    assertThat(
            curl(
                "--data-binary",
                "@asked",
                "--header",
                "Content-Type: application/ocsp-request",
                url("/ocsp")))
        .isEqualTo(200);
    return run(
        "sh",
        "-c",
        "cat root.pem issuing.crt > all.pem; openssl ocsp -respin answer -issuer issuing.crt"
            + " -cert key.crt -CAfile all.pem -no_nonce");
  }
}
