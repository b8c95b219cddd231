package org.gridwarden.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Secret;
import org.gridwarden.security.access.Totp;
import org.gridwarden.server.ConsoleBrowser.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** First steps of a new office in the console: people, roles, a second factor, a machine. */
class ConsoleAccessIT {
  private static final String PASSWORD = "kestrel orbit lantern 41";

  @TempDir static Path folder;
  private static ConsoleBrowser browser;
  private static RunningServer server;
  private static Api admin;

  @BeforeAll
  static void start() {
    browser = ConsoleBrowser.start();
    server =
        GridwardenServer.start(
            GridwardenConfig.parse(
                    """
                    console: {port: 0, secondFactor: operator}
                    channels: {dlms: {plaintext: allowed, tcp: {bind: 127.0.0.1, port: 0}, udp: {bind: 127.0.0.1, port: 0}}}
                    collection: {enabled: false}
                    logging: {level: warn}
                    """,
                    "test",
                    Map.of())
                .withData(folder.resolve("data")));
    admin = new Api(server);
    String first = server.adminPassword().orElseThrow();
    admin.logIn("admin", first);
    assertThat(admin.changePassword(first, PASSWORD).statusCode()).isEqualTo(200);
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

  private static void logIn(Page page, String user) {
    page.fill("input[name=user]", user);
    page.locator("input[type=password]").fill(PASSWORD);
    page.locator("button[type=submit]").click();
  }

  private static Page administrator(BrowserContext window, String path) {
    Page page = window.newPage();
    page.navigate(path);
    logIn(page, "admin");
    assertThat(page.locator("h1")).hasText("Settings");
    return page;
  }

  /** Looked at as it stands, and held against WCAG. */
  private static void look(Page page, String name) {
    assertThat(page.locator(".skeleton")).hasCount(0);
    assertThat(ConsoleBrowser.violations(page)).isEmpty();
    String into = System.getProperty("gridwarden.screenshots", "");
    if (!into.isEmpty()) {
      page.screenshot(
          new Page.ScreenshotOptions()
              .setPath(Path.of(into).toAbsolutePath().resolve("access-" + name + ".png")));
    }
  }

  @Test
  @DisplayName(
      "C28 an administrator makes a role in the console; what does not go together cannot be chosen")
  void rolesAndUsers() {
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = administrator(window, "/settings/roles");
      assertThat(page.locator(".matrix thead th")).hasCount(11);
      look(page, "roles");
      page.getByText("Make a role").click();
      Locator dialog = page.locator("dialog");
      dialog.locator("input[type=text]").first().fill("night shift");
      dialog
          .locator(".check", new Locator.LocatorOptions().setHasText("handles alarms"))
          .locator("input")
          .check();
      assertThat(dialog.locator(".check.is-apart").first()).containsText("not together");
      look(page, "role-new");
      dialog.getByText("Make it").click();
      assertThat(page.locator(".matrix thead th").last()).containsText("Night shift");

      page.navigate("/settings/users");
      page.getByText("Add a user").click();
      page.locator("dialog input[type=text]").fill("nora");
      page.locator("dialog .check", new Page.LocatorOptions().setHasText("Night shift"))
          .locator("input")
          .check();
      look(page, "user-new");
      page.locator("dialog button[type=submit]").click();
      assertThat(page.locator("dialog")).containsText("shown this once");
      page.getByText("I have passed it on").click();
      Locator row = page.locator("tbody tr", new Page.LocatorOptions().setHasText("nora"));
      assertThat(row).containsText("Night shift");
      assertThat(row).containsText("First password");
      look(page, "users");
      row.getByText("Change").click();
      look(page, "user-change");
      page.locator("dialog").getByText("Keep out").click();
      assertThat(row).containsText("Kept out");
    }
  }

  @Test
  @DisplayName("C29 who must have a second factor gets it in the console, and logs in with it")
  void secondFactor() {
    String first = "first " + PASSWORD;
    admin.post(
        "/api/v1/users",
        Api.JSON.writeValueAsString(
            Map.of("user", "olivia", "roles", List.of("operator"), "password", first)));
    Api person = new Api(server);
    person.logIn("olivia", first);
    assertThat(person.changePassword(first, PASSWORD).statusCode()).isEqualTo(200);
    Secret secret;
    String spare;
    try (BrowserContext window = browser.window(server.url(), Look.PHONE_LIGHT)) {
      Page page = window.newPage();
      page.navigate("/settings/account");
      logIn(page, "olivia");
      assertThat(page.locator("h1")).hasText("Get a second factor");
      assertThat(page.locator("img.qr")).isVisible();
      assertThat((Boolean) page.locator("img.qr").evaluate("i => i.complete && i.naturalWidth > 0"))
          .isTrue();
      look(page, "factor-new");
      page.getByText("It cannot scan?").click();
      secret = SecondFactorIT.secret(page.locator(".secret-text").textContent().replace(" ", ""));
      page.fill("input[name=code]", "000000");
      page.locator("button[type=submit]").click();
      assertThat(page.locator(".failure")).containsText("not the present code");
      page.fill("input[name=code]", Totp.code(secret, Totp.step(Instant.now())));
      page.locator("button[type=submit]").click();
      assertThat(page.locator(".recovery-codes li")).hasCount(10);
      spare = page.locator(".recovery-codes li").first().textContent();
      look(page, "recovery-codes");
      page.getByText("I have kept them").click();
      assertThat(page.locator("h1")).hasText("Settings");
      look(page, "account-phone");
    }
    try (BrowserContext window = browser.window(server.url(), Look.DESK_DARK)) {
      Page page = window.newPage();
      page.navigate("/settings/account");
      logIn(page, "olivia");
      assertThat(page.getByText("Code of olivia’s second factor")).isVisible();
      look(page, "log-in-code");
      page.fill("input[name=code]", "123 456");
      page.locator("button[type=submit]").click();
      assertThat(page.locator(".form-error")).containsText("does not open");
      page.fill("input[name=code]", spare);
      page.locator("button[type=submit]").click();
      assertThat(page.locator("h1")).hasText("Settings");
      assertThat(page.getByText("9 recovery codes are left")).isVisible();
      look(page, "account");
      Locator other =
          page.locator("tbody tr", new Page.LocatorOptions().setHasNotText("this one")).first();
      other.getByText("End", new Locator.GetByTextOptions().setExact(true)).click();
      assertThat(page.locator(".toasts")).containsText("has ended");
    }
  }

  @Test
  @DisplayName("C28 a machine's key is shown once, in the console")
  void machines() {
    try (BrowserContext window = browser.window(server.url(), Look.DESK_LIGHT)) {
      Page page = administrator(window, "/settings/machines");
      assertThat(page.locator(".empty")).containsText("No machine is let in");
      page.getByText("Let a machine in").click();
      page.locator("dialog input[type=text]").fill("scada");
      look(page, "machine-new");
      page.locator("dialog button[type=submit]").click();
      assertThat(page.locator("dialog .once")).containsText("gw_");
      look(page, "machine-key");
      String key = page.locator("dialog .once").textContent();
      page.getByText("I have put it away").click();
      Locator row = page.locator("tbody tr", new Page.LocatorOptions().setHasText("scada"));
      assertThat(row).containsText("In force");
      assertThat(page.content())
          .doesNotContain(key.substring(key.indexOf("gw_") + 20, key.indexOf("gw_") + 50));
      look(page, "machines");
      row.getByText("Revoke").click();
      page.locator("dialog").getByText("Revoke scada").last().click();
      assertThat(row).containsText("Revoked");
    }
  }
}
