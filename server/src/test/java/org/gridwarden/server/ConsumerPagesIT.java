package org.gridwarden.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.server.ConsoleBrowser.Look;
import org.gridwarden.store.Account;
import org.gridwarden.store.Store;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * S15 in Chromium: the consumer's own pages. With {@code -Dgridwarden.own-shots=FOLDER} each page
 * is pictured.
 */
class ConsumerPagesIT {
  private static final String ADMIN = "walnut ferry over the meadow 63";
  private static final String POINT = "Lindenstrasse 77";
  private static final int MOST_SCRIPT = 204_800;

  @TempDir static Path folder;
  private static ConsoleBrowser browser;
  private static RunningServer server;
  private static Api admin;

  @BeforeAll
  static void aHomeAmongOthers() {
    browser = ConsoleBrowser.start();
    server = GridwardenServer.start(TestConfig.in(folder));
    admin = new Api(server);
    String first = server.adminPassword().orElseThrow();
    admin.logIn("admin", first);
    admin.changePassword(first, ADMIN);
    Store store = server.store();
    OwnHomes.tariff(store, "day-and-night", OwnHomes.DAY_AND_NIGHT);
    OwnHomes.tariff(store, "one-price", OwnHomes.FLAT);
    OwnHomes.tariff(
        store,
        "calm-evening",
        OwnHomes.DAY_AND_NIGHT
            .replace("Day and night", "Calm evening")
            .replace("0.30", "0.24")
            .replace("from: \"22:00\", to: \"06:00\"", "from: \"11:00\", to: \"15:00\""));
    LocalDate today = LocalDate.now(OwnHomes.ZONE);
    LocalDate movedIn = YearMonth.from(today).minusMonths(13).atDay(10);
    for (String user : List.of("anna", "nils", "paula")) {
      OwnHomes.consumer(server, admin, user);
    }
    MeterId meter = OwnHomes.meter(store, "GWD7700001", POINT);
    OwnHomes.supplied(store, "anna", "100077", POINT, "day-and-night", movedIn);
    int now =
        (int) ((Instant.now().getEpochSecond() - OwnHomes.start(today).getEpochSecond()) / 900);
    LocalDate odd = today.minusDays(6);
    LocalDate lost = today.minusDays(9);
    LocalDate wash = today.minusDays(4);
    OwnHomes.measure(
        store,
        meter,
        movedIn,
        today.plusDays(1),
        (date, slot) ->
            date.equals(today) && slot >= now
                    || date.equals(lost)
                    || date.equals(odd) && slot >= 30 && slot < 50
                ? OwnHomes.GAP
                : wh(date, slot) * (date.equals(wash) ? 3 : 1));
    OwnHomes.estimated(store, meter, odd, 30, 50, 140);
    LocalDate before = YearMonth.from(today).minusMonths(1).atDay(1);
    for (int i = 1; i <= 11; i++) {
      long part = 60 + 9L * i;
      MeterId one = OwnHomes.meter(store, "GWD770010" + i, "Lindenstrasse " + (100 + i));
      OwnHomes.measure(
          store,
          one,
          before,
          YearMonth.from(today).atDay(1),
          (date, slot) -> wh(date, slot) * part / 100);
      store
          .accounts()
          .open(
              "20" + i,
              new Account.Holder("N", "Weg 1", "8000 Zürich", "", "", "de"),
              Actor.system("test"));
      store
          .agreements()
          .moveIn(
              "20" + i,
              "Lindenstrasse " + (100 + i),
              "day-and-night",
              OwnHomes.start(movedIn),
              false,
              Actor.system("test"));
    }
    // no meter reading and no tariff that can be read
    OwnHomes.meter(store, "GWD7700002", "Bachweg 3");
    OwnHomes.supplied(store, "nils", "100078", "Bachweg 3", "none-such", movedIn);
    bills();
  }

  private static void bills() {
    Api berta = person("berta", "BILLING_CLERK");
    for (int back = 4; back >= 2; back--) {
      String month = YearMonth.now(OwnHomes.ZONE).minusMonths(back).toString();
      JsonNode begun =
          good(
              berta.post(
                  "/api/v1/bill-runs",
                  Api.JSON.writeValueAsString(
                      Map.of("period", month, "servicePoints", List.of(POINT)))));
      String run = "/api/v1/bill-runs/" + begun.get("id").asString();
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> Api.json(berta.get(run)).hasNonNull("ended"));
      assertThat(Api.json(berta.get(run)).get("billed").asInt()).isEqualTo(1);
    }
    good(
        person("carla", "CUSTOMER_SERVICE")
            .post(
                "/api/v1/third-parties",
                "{\"name\":\"Sparfuchs\",\"contact\":\"hallo@sparfuchs.example\"}"));
  }

  private static Api person(String name, String role) {
    good(
        admin.post(
            "/api/v1/users",
            Api.JSON.writeValueAsString(
                Map.of("user", name, "roles", List.of(role), "password", "first " + ADMIN))));
    Api api = new Api(server);
    api.logIn(name, "first " + ADMIN);
    api.changePassword("first " + ADMIN, ADMIN);
    return api;
  }

  private static JsonNode good(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return Api.json(answer);
  }

  /** A household: sleeps, cooks, is at home at weekends, heats some in winter. */
  private static long wh(LocalDate date, int slot) {
    int hour = slot / 4;
    long base = 38 + (date.getMonthValue() < 4 || date.getMonthValue() > 10 ? 22 : 0);
    long use = hour >= 6 && hour < 9 ? 70 : hour >= 17 && hour < 22 ? 150 : hour >= 9 ? 35 : 0;
    boolean free =
        date.getDayOfWeek() == DayOfWeek.SATURDAY || date.getDayOfWeek() == DayOfWeek.SUNDAY;
    return base
        + use
        + (free && hour >= 9 && hour < 20 ? 70 : 0)
        + (date.getDayOfYear() * 13L + slot * 7L) % 29;
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  private static Page open(BrowserContext window, String who, String path) {
    Page page = window.newPage();
    page.navigate(path);
    page.fill("input[name=user]", who);
    page.locator("input[type=password]").fill(OwnHomes.password(who));
    page.locator("button[type=submit]").click();
    assertThat(page.locator(".own-frame")).isVisible();
    return page;
  }

  @Test
  @DisplayName("a consumer lands at home: today, the month, its days, similar homes and tips")
  void home() {
    try (BrowserContext window = browser.window(server.url(), Look.PHONE_LIGHT)) {
      Page page = open(window, "anna", "/");
      assertThat(page).hasURL(Pattern.compile(".*/own$"));
      assertThat(page.locator(".own-figure").first()).containsText("kWh");
      assertThat(page.locator(".own-figure").nth(1)).containsText("On course for CHF");
      assertThat(page.locator(".own-bars svg rect.bar-one").first()).isVisible();
      assertThat(page.locator(".own-days")).containsText("In part estimated");
      assertThat(page.locator(".own-days")).containsText("Nothing has come");
      assertThat(page.locator(".own-two")).containsText("homes with your tariff");
      assertThat(page.locator(".own-tips li").first()).containsText("CHF");

      // the bars are read by keys
      page.locator(".own-bars").focus();
      page.keyboard().press("Home");
      String words = page.locator(".own-readout").innerText();
      assertThat(words).contains(" 1 ");
      page.keyboard().press("ArrowRight");
      assertThat(page.locator(".own-readout")).not().hasText(words);
      page.getByText("kWh", new Page.GetByTextOptions().setExact(true)).first().click();
      page.getByText("As a table").click();
      assertThat(page.locator(".own-table tbody tr").first()).isVisible();

      page.getByLabel("The month before").click();
      assertThat(page.locator(".own-step h2"))
          .hasText(
              YearMonth.now(OwnHomes.ZONE)
                  .minusMonths(1)
                  .format(DateTimeFormatter.ofPattern("MMMM uuuu", Locale.ENGLISH)));
      // what a consumer has no part in leads home
      page.navigate("/meters");
      assertThat(page).hasURL(Pattern.compile(".*/own$"));
    }
    assertThat(browser.complaints()).as("complaints of scripts and of the policy").isEmpty();
  }

  @Test
  @DisplayName("a budget is set, on course to be passed, and ended")
  void budget() {
    try (BrowserContext window = browser.window(server.url(), Look.PHONE_DARK)) {
      Page page = open(window, "anna", "/own");
      page.locator(".own-budget button").click();
      page.locator("dialog input").fill("ten");
      page.locator("dialog button[type=submit]").click();
      assertThat(page.locator("dialog .field-error")).containsText("above 0");
      page.locator("dialog input").fill("5,50");
      page.locator("dialog button[type=submit]").click();
      assertThat(page.locator(".own-budget-words"))
          .containsText(Pattern.compile("Passed by|On course to pass it by"));
      page.locator(".own-budget button").click();
      page.locator("dialog input").fill("5000");
      page.locator("dialog button[type=submit]").click();
      assertThat(page.locator(".own-budget-words")).containsText("On course to keep it");
      page.locator(".own-budget button").click();
      page.getByText("No budget", new Page.GetByTextOptions().setExact(true)).click();
      assertThat(page.locator(".own-budget")).containsText("Set one");
    }
    assertThat(browser.complaints()).as("complaints of scripts and of the policy").isEmpty();
  }

  @Test
  @DisplayName("bills are kept, other tariffs are tried, readings go along, somebody is let in")
  void billsTariffsAndData() {
    try (BrowserContext window = browser.window(server.url(), Look.PHONE_LIGHT)) {
      Page page = open(window, "anna", "/own/bills");
      assertThat(page.locator(".own-bill")).hasCount(3);
      Download pdf =
          page.waitForDownload(() -> page.locator(".own-bill").first().getByText("PDF").click());
      assertThat(head(pdf)).startsWith("%PDF-");
      Download proof =
          page.waitForDownload(() -> page.locator(".own-bill").first().getByText("Proof").click());
      assertThat(head(proof)).startsWith("{");

      page.locator(".own-bar a").nth(2).click();
      assertThat(page.locator(".own-option.is-present")).containsText("Day and night");
      assertThat(page.locator(".own-options li")).hasCount(3);
      page.locator("button.own-option").last().click();
      assertThat(page.locator("button.own-option").last()).hasAttribute("aria-pressed", "true");
      assertThat(page.locator(".own-bars")).hasAttribute("data-bars", "12");

      page.locator(".own-bar a").nth(3).click();
      Download readings = page.waitForDownload(() -> page.getByText("Green Button").click());
      assertThat(head(readings)).startsWith("<?xml");
      page.getByText("Let somebody").click();
      page.locator("dialog button[type=submit]").click();
      assertThat(page.locator("dialog")).containsText("gc_");
      page.getByText("Done", new Page.GetByTextOptions().setExact(true)).click();
      Locator consent =
          page.locator(".own-list li", new Page.LocatorOptions().setHasText("Sparfuchs"));
      assertThat(consent).containsText("Has not looked yet");
      consent.getByText("Withdraw").click();
      assertThat(consent).containsText("withdrawn");
      page.getByText("Ask for erasure").click();
      page.locator("dialog textarea").fill("I move to the sea.");
      page.locator("dialog button[type=submit]").click();
      assertThat(page.locator(".own-list").last()).containsText("the office looks at it");
    }
    assertThat(browser.complaints()).as("complaints of scripts and of the policy").isEmpty();
  }

  private static String head(Download download) {
    try (InputStream in = download.createReadStream()) {
      return new String(in.readNBytes(5), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("who has no home here yet, or a meter that is silent, is told what will stand here")
  void emptyStates() {
    try (BrowserContext window = browser.window(server.url(), Look.PHONE_LIGHT)) {
      Page page = open(window, "paula", "/");
      assertThat(page.locator(".own-page")).containsText("No home is linked to you yet");
      List<String> bad = new ArrayList<>();
      for (String path : List.of("/own/bills", "/own/what-if", "/own/data")) {
        page.navigate(path);
        assertThat(page.locator(".own-page .empty").first()).isVisible();
        bad.addAll(ConsoleBrowser.violations(page));
      }
      assertThat(bad).isEmpty();
    }
    try (BrowserContext window = browser.window(server.url(), Look.DESK_DARK)) {
      Page page = open(window, "nils", "/");
      assertThat(page.locator(".own-days")).containsText("Nothing has come from your meter");
      assertThat(page.locator(".own-two")).containsText("nothing to compare with yet");
      page.navigate("/own/what-if");
      assertThat(page.locator(".own-page")).containsText("There is nothing to reckon with yet");
      shoot(page, "empty", Look.DESK_DARK);
    }
    assertThat(browser.complaints()).as("complaints of scripts and of the policy").isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Look.class)
  @DisplayName("each page fits each look, is free of serious violations, and small")
  void looks(Look look) {
    Map<String, String> pages =
        Map.of(
            "/own", ".own-tips li",
            "/own/bills", ".own-bill",
            "/own/what-if", ".own-bars svg",
            "/own/data", ".own-list li",
            "/own/account", ".strength");
    try (BrowserContext window = browser.window(server.url(), look)) {
      Page page = open(window, "anna", "/own");
      good(budgeted());
      List<String> bad = new ArrayList<>();
      pages.forEach((path, shown) -> {
        page.navigate(path);
        assertThat(page.locator(shown).first()).isVisible();
        if (path.equals("/own")) {
          assertThat(page.locator(".own-strip")).isVisible();
          assertThat(page.locator(".own-budget-bar")).isVisible();
          assertThat(page.locator(".own-bars svg")).isVisible();
        }
        bad.addAll(ConsoleBrowser.violations(page));
        Object over =
            page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (((Number) over).intValue() > 0) {
          bad.add(path + " is " + over + " px too wide");
        }
        Object bytes =
            page.evaluate(
                "performance.getEntriesByType('resource').filter(e =>"
                    + " /\\.js$/.test(new URL(e.name).pathname)).reduce((s, e) => s +"
                    + " e.decodedBodySize, 0)");
        if (((Number) bytes).intValue() >= MOST_SCRIPT) {
          bad.add(path + " has " + bytes + " bytes of script");
        }
        shoot(page, path.equals("/own") ? "home" : path.substring(5), look);
      });
      assertThat(bad).isEmpty();
    }
    assertThat(browser.complaints()).as("complaints of scripts and of the policy").isEmpty();
  }

  /** A budget that the month is on course to pass. */
  private static HttpResponse<String> budgeted() {
    Api anna = new Api(server);
    anna.logIn("anna", OwnHomes.password("anna"));
    return anna.call(
        "PUT", "/api/v1/own/budget?servicePoint=Lindenstrasse%2077", "{\"amount\":\"125\"}");
  }

  private static void shoot(Page page, String name, Look look) {
    String to = System.getProperty("gridwarden.own-shots", "");
    if (!to.isEmpty()) {
      page.screenshot(
          new Page.ScreenshotOptions()
              .setFullPage(true)
              .setPath(Path.of(to, name + "-" + look.name().toLowerCase(Locale.ROOT) + ".png")));
    }
  }
}
