package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Map;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TariffManifest;
import org.gridwarden.server.SharedServer.Who;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** S15, S20: tariffs are brought under a signature, and money is entered, over the API. */
@ExtendWith(SharedServer.Lender.class)
class TariffApiIT {
  private static final KeyPair KEY = TownChannel.pair();
  private static final byte[] DOCUMENT =
      "gridwarden-tariff: 1\nname: t\ncurrency: CHF\nrounding: {lines: half-up}\nfixed: {per-day: 1}\n"
          .getBytes(StandardCharsets.UTF_8);

  private static final LocalDate DAY = LocalDate.of(2027, 1, 1);

  private static SharedServer shared;
  private static Api clerk;

  @BeforeAll
  static void aClerkHasAKey(SharedServer server) {
    shared = server;
    clerk = server.as(Who.BILLING_CLERK);
    String spki = Base64.getEncoder().encodeToString(KEY.getPublic().getEncoded());
    JsonNode asked =
        good(
            clerk.post(
                "/api/v1/operator-keys",
                Api.JSON.writeValueAsString(Map.of("spki", spki, "name", "desk", "kind", "file"))));
    good(
        server
            .as(Who.SECURITY_ADMINISTRATOR)
            .post("/api/v1/operator-keys/" + asked.get("keyId").asString() + "/approve", ""));
  }

  @Test
  void whatAClerkSignedIsGivenBackToTheByteWithItsSignature() throws Exception {
    JsonNode added = good(add(clerk, "api-home", 1, LocalDate.of(2027, 1, 1), DOCUMENT));
    assertThat(added.get("version").asInt()).isEqualTo(1);
    JsonNode shown = good(shared.as(Who.VIEWER).get("/api/v1/tariffs/api-home?on=2027-03-01"));
    Base64.Decoder base64 = Base64.getDecoder();
    byte[] document = base64.decode(shown.get("document").asString());
    assertThat(document).isEqualTo(DOCUMENT);
    byte[] payload =
        Signed.parse(base64.decode(shown.get("signature").asString()))
            .open(Purpose.TARIFF, P256.publicKey(base64.decode(shown.get("signer").asString())));
    TariffManifest.parse(payload).check(document);
    assertThat(shared.as(Who.VIEWER).get("/api/v1/tariffs/api-home?on=2026-12-31").statusCode())
        .isEqualTo(404);
    assertThat(shared.as(Who.VIEWER).get("/api/v1/tariffs").body()).contains("api-home");
  }

  @Test
  void whatIsRefusedIsToldWithItsPlace() throws Exception {
    says(409, "the next version of api-next is 1", add(clerk, "api-next", 2, DAY, DOCUMENT));
    byte[] wrong = "gridwarden-tariff: 1\nname: t\ncurency: CHF\n".getBytes(StandardCharsets.UTF_8);
    says(400, "line 3: 'curency' is not known here", add(clerk, "api-next", 1, DAY, wrong));
    byte[] large = new byte[TariffManifest.LARGEST + 1];
    says(413, "at most 4194304 bytes", send(clerk, sign("api-next", 1, DAY, DOCUMENT), large));
    says(
        409, "the one that was signed has", send(clerk, sign("api-next", 1, DAY, DOCUMENT), wrong));
  }

  @Test
  void moneyIsEnteredOnceByItsReference() {
    String payment = entry("payment", "81.35", "bank 77", "");
    good(clerk.post("/api/v1/ledger/api-account", payment));
    good(clerk.post("/api/v1/ledger/api-account", payment));
    JsonNode shown = good(clerk.get("/api/v1/ledger/api-account"));
    assertThat(shown.get("balance").asString()).isEqualTo("81.35");
    assertThat(shown.get("entries")).hasSize(1);
    says(
        409,
        "entry 1 has it",
        clerk.post("/api/v1/ledger/api-account", entry("payment", "81.36", "bank 77", "")));
    says(
        400,
        "says why",
        clerk.post("/api/v1/ledger/api-account", entry("correction", "-1", "c 1", "")));
    says(
        400,
        "payment, credit or correction",
        clerk.post("/api/v1/ledger/api-account", entry("bill", "-1", "b 1", "")));
    says(
        400,
        "a decimal string",
        clerk.post("/api/v1/ledger/api-account", entry("payment", "1e9", "p 1", "")));
  }

  private static String entry(String kind, String amount, String reference, String note) {
    return Api.JSON.writeValueAsString(
        Map.of(
            "kind",
            kind,
            "amount",
            amount,
            "currency",
            "CHF",
            "day",
            "2027-01-15",
            "reference",
            reference,
            "note",
            note));
  }

  private static HttpResponse<String> add(
      Api who, String id, int version, LocalDate from, byte[] document) throws Exception {
    return send(who, sign(id, version, from, document), document);
  }

  private static byte[] sign(String id, int version, LocalDate from, byte[] document)
      throws Exception {
    return TariffManifest.of(id, version, from, "gridwarden", document).sign(Signer.of(KEY));
  }

  private static HttpResponse<String> send(Api who, byte[] signed, byte[] document) {
    String signature =
        URLEncoder.encode(Base64.getUrlEncoder().encodeToString(signed), StandardCharsets.UTF_8);
    return who.send(
        who.request("/api/v1/tariffs?signature=" + signature)
            .header("Content-Type", "application/octet-stream")
            .POST(BodyPublishers.ofByteArray(document)));
  }

  private static void says(int status, String words, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(words);
  }

  private static JsonNode good(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return Api.json(answer);
  }
}
