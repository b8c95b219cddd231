package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.proof.BillVerifier;
import org.gridwarden.mdm.proof.ProofFile;
import org.gridwarden.mdm.proof.TariffForms;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.server.SharedServer.Who;
import org.gridwarden.store.Store;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * S15: what consumers see of their own use, and of nobody else's. The figures that are expected are
 * laid out by hand; each step stands beside them.
 */
@ExtendWith(SharedServer.Lender.class)
class ConsumerApiIT {
  /** Somebody else lived there before. */
  private static final LocalDate MOVED_IN = LocalDate.of(2026, 9, 10);

  private static final String POINT = "Eigenheim 1";
  private static final String OTHER = "Eigenheim 2";
  private static final BigDecimal VAT = new BigDecimal("0.081");

  private static SharedServer shared;
  private static Api anna;
  private static Api bruno;
  private static LocalDate today;

  @BeforeAll
  static void twoHomes(SharedServer server) {
    shared = server;
    Store store = server.server().store();
    Api administrator = server.as(Who.SECURITY_ADMINISTRATOR);
    anna = OwnHomes.consumer(server.server(), administrator, "home-anna");
    bruno = OwnHomes.consumer(server.server(), administrator, "home-bruno");
    OwnHomes.tariff(store, "home-tou", OwnHomes.DAY_AND_NIGHT);
    OwnHomes.tariff(store, "home-flat", OwnHomes.FLAT);
    MeterId meter = OwnHomes.meter(store, "OWN-HOME-1", POINT);
    MeterId other = OwnHomes.meter(store, "OWN-HOME-2", OTHER);
    OwnHomes.supplied(store, "home-anna", "HOME-A", POINT, "home-tou", MOVED_IN);
    OwnHomes.supplied(store, "home-bruno", "HOME-B", OTHER, "home-flat", MOVED_IN);
    today = LocalDate.now(OwnHomes.ZONE);
    // 250 Wh a quarter of an hour, 1 kW: 24 kWh a day. On the 7th of October four slots of the
    // night are estimated, on the 9th four of the day are missing
    LocalDate seventh = LocalDate.of(2026, 10, 7);
    LocalDate ninth = LocalDate.of(2026, 10, 9);
    OwnHomes.measure(
        store,
        meter,
        LocalDate.of(2026, 9, 1),
        today,
        (date, slot) ->
            date.equals(seventh) && slot >= 8 && slot < 12
                    || date.equals(ninth) && slot >= 40 && slot < 44
                ? OwnHomes.GAP
                : 250L);
    OwnHomes.estimated(store, meter, seventh, 8, 12, 500);
    OwnHomes.measure(store, other, LocalDate.of(2026, 9, 1), today, (date, slot) -> 100L);
  }

  private static String path(String what, String point) {
    return "/api/v1/own/"
        + what
        + "?servicePoint="
        + URLEncoder.encode(point, StandardCharsets.UTF_8);
  }

  private static JsonNode good(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return Api.json(answer);
  }

  private static JsonNode of(JsonNode items, String field, String value) {
    return items
        .valueStream()
        .filter(one -> one.get(field).asString().equals(value))
        .findFirst()
        .orElseThrow(() -> new AssertionError(value + " is not in " + items));
  }

  @Test
  void useAndCostByDayAndMonth() {
    JsonNode usage =
        good(anna.get(path("usage", POINT) + "&firstDay=2026-10-01&lastDay=2026-10-31"));

    assertThat(usage.get("currency").asString()).isEqualTo("CHF");
    assertThat(usage.get("zone").asString()).isEqualTo("Europe/Zurich");
    assertThat(usage.get("days")).hasSize(31);
    // 16 h at 0.30 = 4.80, 8 h at 0.10 = 0.80, a 31st of 12.40 = 0.40; with 8.1 % of 6.00
    JsonNode plain = of(usage.get("days"), "date", "2026-10-05").get("used");
    assertThat(decimal(plain, "taken")).isEqualByComparingTo("24");
    assertThat(plain.get("cost").asString()).isEqualTo("6.49");
    // an hour of 2 kW in the place of 1 kW at night: 4.80 + 0.90 + 0.40 = 6.10, and 0.49
    JsonNode estimated = of(usage.get("days"), "date", "2026-10-07").get("used");
    assertThat(decimal(estimated, "taken")).isEqualByComparingTo("25");
    assertThat(estimated.get("cost").asString()).isEqualTo("6.59");
    assertThat(estimated.get("estimated").asInt()).isEqualTo(4);
    assertThat(estimated.get("missing").asInt()).isZero();
    // an hour less by day: 4.50 + 0.80 + 0.40 = 5.70, and 0.46; and it is said that it is missing
    JsonNode gap = of(usage.get("days"), "date", "2026-10-09").get("used");
    assertThat(decimal(gap, "taken")).isEqualByComparingTo("23");
    assertThat(gap.get("cost").asString()).isEqualTo("6.16");
    assertThat(gap.get("missing").asInt()).isEqualTo(4);
    // the clocks go back: 25 hours, nine of them at night: 4.80 + 0.90 + 0.40, and 0.49
    JsonNode autumn = of(usage.get("days"), "date", "2026-10-25").get("used");
    assertThat(decimal(autumn, "taken")).isEqualByComparingTo("25");
    assertThat(autumn.get("slots").asInt()).isEqualTo(100);
    assertThat(autumn.get("cost").asString()).isEqualTo("6.59");
    // day: 31 x 16 - 1 = 495 kWh, 148.50; night: 31 x 8 + 1 + 1 = 250 kWh, 25.00; 12.40
    // 185.90, and 8.1 % of it is 15.06
    JsonNode month = usage.get("months").get(0);
    assertThat(month.get("month").asString()).isEqualTo("2026-10");
    assertThat(decimal(month.get("used"), "taken")).isEqualByComparingTo("745");
    assertThat(month.at("/used/cost").asString()).isEqualTo("200.96");
    assertThat(month.at("/used/missing").asInt()).isEqualTo(4);
    assertThat(month.at("/used/estimated").asInt()).isEqualTo(4);
  }

  @Test
  @DisplayName("C28 a consumer sees nobody else's use, bills or budget, and nothing of before")
  void nobodyElses() {
    for (String what : List.of("usage", "comparison", "tips", "what-if", "budget")) {
      assertThat(anna.get(path(what, OTHER)).statusCode()).as(what).isEqualTo(404);
      assertThat(bruno.get(path(what, POINT)).statusCode()).as(what).isEqualTo(404);
      assertThat(anna.get(path(what, POINT)).statusCode()).as(what).isEqualTo(200);
      assertThat(shared.as(Who.BILLING_CLERK).get(path(what, POINT)).statusCode())
          .as(what)
          .isEqualTo(403);
    }
    assertThat(anna.call("PUT", path("budget", OTHER), "{\"amount\":\"10\"}").statusCode())
        .isEqualTo(404);
    assertThat(good(anna.get("/api/v1/own/points")).get("items"))
        .singleElement()
        .satisfies(point -> {
          assertThat(point.get("servicePoint").asString()).isEqualTo(POINT);
          assertThat(point.get("tariff").asString()).isEqualTo("home-tou");
          assertThat(point.get("since").asString()).isEqualTo(OwnHomes.start(MOVED_IN).toString());
        });
    // who lived there before them measured from the 1st on
    JsonNode september =
        good(anna.get(path("usage", POINT) + "&firstDay=2026-09-01&lastDay=2026-09-30"));
    assertThat(september.get("days")).hasSize(21);
    assertThat(september.get("days").get(0).get("date").asString()).isEqualTo("2026-09-10");
    assertThat(decimal(september.at("/months/0/used"), "taken")).isEqualByComparingTo("504");
    assertThat(
            good(anna.get(path("usage", POINT) + "&firstDay=2026-08-01&lastDay=2026-08-31"))
                .get("days"))
        .isEmpty();
    assertThat(
            anna.get(path("usage", POINT) + "&firstDay=2024-01-01&lastDay=2026-08-31").statusCode())
        .isEqualTo(400);
  }

  @Test
  void ownBillsInEachFormAndTheirProof() throws Exception {
    Api clerk = shared.as(Who.BILLING_CLERK);
    JsonNode begun =
        good(
            clerk.post(
                "/api/v1/bill-runs",
                Api.JSON.writeValueAsString(
                    Map.of("period", "2026-09", "servicePoints", List.of(POINT, OTHER)))));
    String run = "/api/v1/bill-runs/" + begun.get("id").asString();
    JsonNode ended =
        await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> good(clerk.get(run)), r -> !r.path("ended").asString("").isEmpty());
    assertThat(ended.get("billed").asInt()).as(ended.toString()).isEqualTo(2);

    JsonNode mine = good(anna.get("/api/v1/own/bills")).get("items");
    JsonNode yours = good(bruno.get("/api/v1/own/bills")).get("items");

    assertThat(mine).hasSize(1);
    assertThat(yours).hasSize(1);
    // 21 days: 336 kWh by day, 100.80; 168 by night, 16.80; 21 of 30 days of 12.40 is 8.68
    // 126.28, and 10.23
    assertThat(mine.get(0).get("total").asString()).isEqualTo("136.51");
    String bill = "/api/v1/own/bills/" + mine.get(0).get("number").asString();
    assertThat(good(anna.get(bill)).get("account").asString()).isEqualTo("HOME-A");
    assertThat(anna.get(bill + "/page").body()).contains("Holder of HOME-A", "136.51");
    assertThat(anna.get(bill + "/pdf").body()).startsWith("%PDF-");
    assertThat(anna.get(bill + "/xml").body()).contains("Invoice");
    byte[] proof = anna.get(bill + "/proof").body().getBytes(StandardCharsets.UTF_8);
    assertThat(
            new BillVerifier(
                    LogKey.publicKey(anna.get("/api/v1/bills/key").body()),
                    List.of(),
                    new TariffForms())
                .verify(ProofFile.parse(proof))
                .findings())
        .isEmpty();
    for (String form : List.of("", "/page", "/pdf", "/xml", "/proof")) {
      assertThat(bruno.get(bill + form).statusCode()).as(form).isEqualTo(404);
      assertThat(anna.get(bill.replace("/own", "") + form).statusCode()).as(form).isEqualTo(403);
    }
  }

  @Test
  void aBudgetIsSetChangedAndEnded() {
    JsonNode before = good(anna.get(path("budget", POINT)));
    assertThat(before.get("budget").isNull()).isTrue();
    YearMonth month = YearMonth.parse(before.get("month").asString());
    // each hour of the whole month is 1 kWh: 8 a night and what a change of clocks gives or takes
    long hours =
        Duration.between(
                OwnHomes.start(month.atDay(1)), OwnHomes.start(month.plusMonths(1).atDay(1)))
            .toHours();
    long day = 16L * month.lengthOfMonth();
    BigDecimal net =
        cents(new BigDecimal("0.30").multiply(BigDecimal.valueOf(day)))
            .add(cents(new BigDecimal("0.10").multiply(BigDecimal.valueOf(hours - day))))
            .add(new BigDecimal("12.40"));
    assertThat(decimal(before, "forecastTaken")).isEqualByComparingTo(BigDecimal.valueOf(hours));
    assertThat(decimal(before, "forecastCost"))
        .isEqualByComparingTo(net.add(cents(net.multiply(VAT))));

    for (String wrong : List.of("0", "-5", "1e3", "12.345", "ten", "1000000", "")) {
      assertThat(
              anna.call("PUT", path("budget", POINT), "{\"amount\":\"" + wrong + "\"}")
                  .statusCode())
          .as(wrong)
          .isEqualTo(400);
    }
    JsonNode low = good(anna.call("PUT", path("budget", POINT), "{\"amount\":\"60.5\"}"));
    assertThat(low.get("budget").asString()).isEqualTo("60.50");
    assertThat(low.get("passed").asString()).isIn("forecast", "sum");
    JsonNode high = good(anna.call("PUT", path("budget", POINT), "{\"amount\":\"5000\"}"));
    assertThat(high.get("passed").isNull()).isTrue();
    assertThat(good(bruno.get(path("budget", OTHER))).get("budget").isNull()).isTrue();
    assertThat(bruno.call("DELETE", path("budget", POINT), "").statusCode()).isEqualTo(404);
    assertThat(anna.call("DELETE", path("budget", POINT), "").statusCode()).isEqualTo(204);
    assertThat(good(anna.get(path("budget", POINT))).get("budget").isNull()).isTrue();
  }

  @Test
  void otherTariffsOverOnesOwnMonths() {
    JsonNode answer = good(anna.get(path("what-if", POINT)));

    LocalDate from = LocalDate.parse(answer.get("from").asString());
    LocalDate to = LocalDate.parse(answer.get("to").asString());
    assertThat(to).isEqualTo(today.withDayOfMonth(1).minusDays(1));
    JsonNode present = answer.get("options").get(0);
    assertThat(present.get("tariff").asString()).isEqualTo("home-tou");
    assertThat(present.get("present").asBoolean()).isTrue();
    JsonNode flat = of(answer.get("options"), "tariff", "home-flat");
    BigDecimal tou = BigDecimal.ZERO;
    BigDecimal one = BigDecimal.ZERO;
    for (YearMonth month = YearMonth.from(from);
        !month.isAfter(YearMonth.from(to));
        month = month.plusMonths(1)) {
      LocalDate begin = month.atDay(1).isBefore(from) ? from : month.atDay(1);
      LocalDate end = month.plusMonths(1).atDay(1);
      long days = ChronoUnit.DAYS.between(begin, end);
      long hours = Duration.between(OwnHomes.start(begin), OwnHomes.start(end)).toHours();
      long day = 16 * days;
      long night = hours - day;
      if (month.equals(YearMonth.of(2026, 10))) {
        day--; // what is missing costs nothing
        night++; // what was estimated is twice as much
      }
      BigDecimal net =
          cents(new BigDecimal("0.30").multiply(BigDecimal.valueOf(day)))
              .add(cents(new BigDecimal("0.10").multiply(BigDecimal.valueOf(night))))
              .add(
                  cents(
                      new BigDecimal("12.40")
                          .multiply(BigDecimal.valueOf(days))
                          .divide(
                              BigDecimal.valueOf(month.lengthOfMonth()),
                              10,
                              RoundingMode.HALF_UP)));
      BigDecimal cost = net.add(cents(net.multiply(VAT)));
      assertThat(decimal(of(present.get("months"), "month", month.toString()), "cost"))
          .as(month.toString())
          .isEqualByComparingTo(cost);
      tou = tou.add(cost);
      one = one.add(cents(new BigDecimal("0.20").multiply(BigDecimal.valueOf(day + night))));
    }
    assertThat(decimal(present, "total")).isEqualByComparingTo(tou);
    assertThat(decimal(flat, "total")).isEqualByComparingTo(one);
  }

  @Test
  void tipsHaveTheirFigureAndItsSaving() {
    JsonNode tips = good(anna.get(path("tips", POINT)));

    // 1 kW day and night: a base load of 1,000 W, all of the use
    JsonNode base = of(tips.get("items"), "kind", "base-load");
    assertThat(base.get("figure").asString()).isEqualTo("1000");
    assertThat(base.get("against").asString()).isEqualTo("100");
    assertThat(base.get("assumed").asString()).isEqualTo("250");
    assertThat(decimal(base, "saves")).isPositive();
    // a quarter of the evening's 4 kWh, for 28 days: 28 kWh at 0.30 less 0.10 with the tax: 6.05;
    // the lines of two months may be a cent off, and a night of 23 hours has no place for one kWh/4
    JsonNode evening = of(tips.get("items"), "kind", "evening");
    assertThat(decimal(evening, "saves")).isBetween(new BigDecimal("5.97"), new BigDecimal("6.08"));
    assertThat(good(bruno.get(path("tips", OTHER))).get("items"))
        .extracting(tip -> tip.get("kind").asString())
        .as("one price: nothing is gained by moving")
        .containsExactly("base-load");
  }

  @Test
  @DisplayName("C32: of two homes nothing is told")
  void smallGroupsAreSuppressed() {
    JsonNode answer = good(anna.get(path("comparison", POINT)));
    assertThat(answer.get("enough").asBoolean()).isFalse();
    assertThat(answer.get("least").asInt()).isEqualTo(10);
    assertThat(answer.get("median").isNull()).isTrue();
  }

  @Test
  @DisplayName("C33: a consumer asks to be forgotten, once, and of their own account alone")
  void erasureIsAskedFor() {
    String ask = "/api/v1/own/erasures";
    assertThat(bruno.post(ask, "{\"account\":\"HOME-A\",\"reason\":\"x\"}").statusCode())
        .isEqualTo(404);
    assertThat(bruno.post(ask, "{\"account\":\"HOME-B\",\"reason\":\" \"}").statusCode())
        .isEqualTo(400);
    assertThat(bruno.post(ask, "{\"account\":\"HOME-B\",\"reason\":\"I move away\"}").statusCode())
        .isEqualTo(201);
    assertThat(bruno.post(ask, "{\"account\":\"HOME-B\",\"reason\":\"again\"}").statusCode())
        .isEqualTo(409);
    JsonNode mine = good(bruno.get(ask));
    assertThat(mine.at("/asked/0/state").asString()).isEqualTo("open");
    assertThat(mine.at("/accounts/0/account").asString()).isEqualTo("HOME-B");
    assertThat(good(anna.get(ask)).get("asked")).isEmpty();
    JsonNode seen = good(shared.as(Who.AUDITOR).get("/api/v1/erasures")).get("items");
    JsonNode asked = of(seen, "whom", "HOME-B");
    assertThat(asked.get("askedBy").asString()).isEqualTo("home-bruno");
    // still supplied: the office cannot do it yet, and it waits
    String path = "/api/v1/erasures/" + asked.get("id").asString();
    assertThat(shared.as(Who.SECURITY_ADMINISTRATOR).post(path + "/approve", "").statusCode())
        .isEqualTo(409);
    assertThat(shared.as(Who.SECURITY_ADMINISTRATOR).post(path + "/refuse", "").statusCode())
        .isEqualTo(204);
    assertThat(good(bruno.get(ask)).at("/asked/0/state").asString()).isEqualTo("refused");
  }

  @Test
  @DisplayName("S15 who has a home by an account, and no link beside it, gives a consent")
  void aConsentByAnAccount() {
    assertThat(
            shared
                .as(Who.CUSTOMER_SERVICE)
                .post(
                    "/api/v1/third-parties",
                    "{\"name\":\"Home Advice\",\"contact\":\"it@advice.example\"}")
                .statusCode())
        .isEqualTo(201);
    String until = Instant.now().plus(30, ChronoUnit.DAYS).toString();
    String wanted =
        Api.JSON.writeValueAsString(
            Map.of("thirdParty", "Home Advice", "servicePoint", POINT, "until", until));
    JsonNode given = good(anna.post("/api/v1/consents", wanted));
    assertThat(given.at("/consent/state").asString()).isEqualTo("in force");
    assertThat(bruno.post("/api/v1/consents", wanted).statusCode()).isEqualTo(404);
    assertThat(
            anna.get(
                    "/api/v1/service-points/export?format=csv&servicePoint="
                        + URLEncoder.encode(POINT, StandardCharsets.UTF_8)
                        + "&from=2026-10-01T00:00:00Z&to=2026-10-02T00:00:00Z")
                .body())
        .contains("OWN-HOME-1");
  }

  private static BigDecimal decimal(JsonNode node, String field) {
    return new BigDecimal(node.get(field).asString());
  }

  private static BigDecimal cents(BigDecimal amount) {
    return amount.setScale(2, RoundingMode.HALF_UP);
  }
}
