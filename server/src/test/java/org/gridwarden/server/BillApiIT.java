package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.proof.BillVerifier;
import org.gridwarden.mdm.proof.ProofFile;
import org.gridwarden.mdm.proof.TariffForms;
import org.gridwarden.mdm.proof.Verdict;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TariffManifest;
import org.gridwarden.server.SharedServer.Who;
import org.gridwarden.store.Account;
import org.gridwarden.store.Store;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** S15, S20: a month is billed over the API, from an agreement and a signed tariff to the proof. */
@ExtendWith(SharedServer.Lender.class)
class BillApiIT {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  private static final LocalDate FROM = LocalDate.of(2026, 10, 1);
  private static final LocalDate TO = LocalDate.of(2026, 11, 1);
  private static final KeyPair KEY = TownChannel.pair();
  private static final byte[] TARIFF =
      "{\"name\":\"Flat\",\"currency\":\"CHF\",\"energyratestructure\":[[{\"rate\":0.2}]]}"
          .getBytes(StandardCharsets.UTF_8);

  private static Api clerk;

  @BeforeAll
  static void aCustomerHasAMeterATariffAndAMonthOfReadings(SharedServer shared) throws Exception {
    clerk = shared.as(Who.BILLING_CLERK);
    String spki = Base64.getEncoder().encodeToString(KEY.getPublic().getEncoded());
    JsonNode asked =
        good(
            clerk.post(
                "/api/v1/operator-keys",
                Api.JSON.writeValueAsString(
                    Map.of("spki", spki, "name", "bills", "kind", "file"))));
    good(
        shared
            .as(Who.SECURITY_ADMINISTRATOR)
            .post("/api/v1/operator-keys/" + asked.get("keyId").asString() + "/approve", ""));
    byte[] signed =
        TariffManifest.of("bill-flat", 1, LocalDate.of(2026, 1, 1), "urdb", TARIFF)
            .sign(Signer.of(KEY));
    String signature =
        URLEncoder.encode(Base64.getUrlEncoder().encodeToString(signed), StandardCharsets.UTF_8);
    good(
        clerk.send(
            clerk
                .request("/api/v1/tariffs?signature=" + signature)
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(TARIFF))));
    Store store = shared.server().store();
    MeterId meter = new MeterId("BILL-1");
    store
        .meters()
        .put(
            new Meter(
                meter,
                "BILL-1",
                new byte[0],
                "generic",
                ZURICH,
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED),
            "BILL-SP");
    Instant january = LocalDate.of(2026, 1, 1).atStartOfDay(ZURICH).toInstant();
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement()) {
      s.execute(
          "UPDATE service_point_term SET since = '"
              + january
              + "' WHERE service_point = 'BILL-SP'");
    }
    Actor desk = Actor.system("test");
    store
        .accounts()
        .open(
            "BILL-A",
            new Account.Holder("Anna Muster", "Seestrasse 7", "8000 Zürich", "", "", "de"),
            desk);
    store.agreements().moveIn("BILL-A", "BILL-SP", "bill-flat", january, false, desk);
    for (LocalDate date = FROM; date.isBefore(TO); date = date.plusDays(1)) {
      Day day = Day.of(date, ZURICH, Duration.ofMinutes(15));
      long[] values = new long[day.slots()];
      Arrays.fill(values, 250);
      IntervalBlock block =
          new IntervalBlock(
              meter,
              ObisCode.parse("1.0.1.29.0.255"),
              Layer.RAW,
              day,
              0,
              Unit.WATT_HOUR,
              values,
              new byte[0]);
      store
          .unitOfWork()
          .call(tx -> {
            store.blocks().merge(tx, List.of(block));
            return 0;
          });
    }
  }

  private static JsonNode good(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return Api.json(answer);
  }

  /** Begins a run, and waits for its end. */
  private static JsonNode run(String point, boolean dry) {
    JsonNode begun =
        good(
            clerk.post(
                "/api/v1/bill-runs",
                Api.JSON.writeValueAsString(
                    Map.of("period", "2026-10", "servicePoints", List.of(point), "dryRun", dry))));
    String path = "/api/v1/bill-runs/" + begun.get("id").asString();
    return await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> good(clerk.get(path)), run -> !run.path("ended").asString("").isEmpty());
  }

  @Test
  void aMonthIsBilledShownInEachFormVerifiedAndCorrected() throws Exception {
    assertThat(run("BILL-SP", true).get("totals").asString()).isEqualTo("CHF 149.00");
    assertThat(good(clerk.get("/api/v1/bills?servicePoint=BILL-SP")).get("items")).isEmpty();

    JsonNode run = run("BILL-SP", false);

    assertThat(run.get("failure").asString()).isEmpty();
    assertThat(run.get("billed").asInt()).as(run.toString()).isEqualTo(1);
    JsonNode bill = good(clerk.get("/api/v1/bills?servicePoint=BILL-SP")).get("items").get(0);
    assertThat(bill.get("total").asString()).isEqualTo("149.00");
    String path = "/api/v1/bills/" + bill.get("number").asString();
    assertThat(clerk.get(path + "/page").body()).contains("Anna Muster", "149.00");
    assertThat(clerk.get(path + "/pdf").body()).startsWith("%PDF-");
    assertThat(clerk.get(path + "/xml").body())
        .contains("<cbc:ID>" + bill.get("number").asString());
    Verdict verdict =
        new BillVerifier(
                LogKey.publicKey(clerk.get("/api/v1/bills/key").body()),
                List.of(),
                new TariffForms())
            .verify(
                ProofFile.parse(
                    clerk.get(path + "/proof").body().getBytes(StandardCharsets.UTF_8)));
    assertThat(verdict.findings()).isEmpty();
    // it is owed
    assertThat(good(clerk.get("/api/v1/ledger/BILL-A")).get("balance").asString())
        .isEqualTo("-149.00");

    JsonNode done = good(clerk.post(path + "/correct", "{\"reason\":\"asked for\"}"));

    assertThat(good(clerk.get(path)).get("creditedBy").asString())
        .isEqualTo(done.get("credit").asString());
    assertThat(clerk.post(path + "/correct", "{\"reason\":\"again\"}").statusCode()).isEqualTo(409);
    assertThat(good(clerk.get("/api/v1/ledger/BILL-A")).get("balance").asString())
        .isEqualTo("-149.00");
  }

  @Test
  void whatIsBlockedIsListedWithItsReason() {
    JsonNode run = run("BILL-NOWHERE", false);

    assertThat(run.get("blocked").asInt()).isEqualTo(1);
    JsonNode blocked =
        good(clerk.get("/api/v1/bill-runs/" + run.get("id").asString() + "/blocked"))
            .get("items")
            .get(0);
    assertThat(blocked.get("reason").asString()).isEqualTo("agreement");
    assertThat(blocked.get("detail").asString()).contains("BILL-NOWHERE");
    assertThat(clerk.post("/api/v1/bill-runs", "{\"period\":\"October\"}").statusCode())
        .isEqualTo(400);
  }
}
