package org.gridwarden.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.gridwarden.server.ConsoleBrowser.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of analytics, as an analyst sees it who sees nothing else. */
class ConsoleAnalyticsIT {
  private static final String PASSWORD = "kestrel orbit lantern 43";
  private static final YearMonth MONTH =
      YearMonth.from(Instant.now().minusSeconds(43_200).atOffset(ZoneOffset.UTC)).minusMonths(1);

  @TempDir static Path folder;
  private static ConsoleBrowser browser;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    browser = ConsoleBrowser.start();
    server = GridwardenServer.start(TestConfig.in(folder));
    Api admin = new Api(server);
    String first = server.adminPassword().orElseThrow();
    admin.logIn("admin", first);
    assertThat(admin.changePassword(first, PASSWORD).statusCode()).isEqualTo(200);
    String body =
        Api.JSON.writeValueAsString(
            Map.of("user", "anouk", "roles", List.of("ANALYST"), "password", "first " + PASSWORD));
    assertThat(admin.post("/api/v1/users", body).statusCode()).isEqualTo(201);
    Api anouk = new Api(server);
    anouk.logIn("anouk", "first " + PASSWORD);
    assertThat(anouk.changePassword("first " + PASSWORD, PASSWORD).statusCode()).isEqualTo(200);
    for (int i = 0; i < 64; i++) {
      String tariff = i < 28 ? "flat" : i < 48 ? "time-of-use" : i < 57 ? "dynamic" : "heat-pump";
      HouseholdsData.household(
          server.store(), i, tariff, "feeder-" + i % 3, MONTH, 200 + 40 * (i % 13));
    }
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (browser != null) {
      assertThat(browser.complaints()).isEmpty();
      browser.close();
    }
  }

  private static Page page(BrowserContext window, String path) {
    Page page = window.newPage();
    page.navigate(path);
    page.fill("input[name=user]", "anouk");
    page.locator("input[type=password]").fill(PASSWORD);
    page.locator("button[type=submit]").click();
    assertThat(page.locator("h1")).hasText("Analytics");
    return page;
  }

  private static void look(Page page, String name) {
    assertThat(page.locator(".skeleton")).hasCount(0);
    assertThat(ConsoleBrowser.violations(page)).as(name).isEmpty();
    String into = System.getProperty("gridwarden.screenshots", "");
    if (!into.isEmpty()) {
      page.screenshot(
          new Page.ScreenshotOptions()
              .setFullPage(true)
              .setPath(Path.of(into).toAbsolutePath().resolve("analytics-" + name + ".png")));
    }
  }

  @Test
  @DisplayName(
      "C32: the console tells an analyst of groups, hides the small ones, and names nobody")
  void groups() {
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = page(window, "/");
      assertThat(page.locator("tbody").first().locator("tr")).hasCount(4);
      assertThat(page.locator(".groups-hidden")).hasCount(2);
      assertThat(page.locator(".group-plot path.workday")).hasCount(2);
      assertThat(page.locator(".group-plot rect.bin").first()).isVisible();
      // nothing of the rest of the office
      assertThat(page.locator("nav.rail a.place")).hasText(new String[] {"Analytics", "Settings"});
      assertThat(page.content()).doesNotContainIgnoringCase(HouseholdsData.CANARY);
      look(page, "desk");
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Feeder")).click();
      assertThat(page.locator(".group-plot path.workday")).hasCount(3);
      assertThat(page).hasURL(java.util.regex.Pattern.compile(".*by=feeder.*"));
    }
    try (BrowserContext window = browser.window(server.url(), Look.PHONE_DARK)) {
      Page page = page(window, "/analytics?by=area");
      assertThat(page.locator(".group-plot path.workday")).hasCount(2);
      look(page, "phone");
      page.navigate("/analytics?by=area&month=2020-01");
      assertThat(page.locator(".empty")).containsText("No household is known for that month");
    }
  }
}
